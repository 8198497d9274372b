#include "crm/rest/description_reader.h"

namespace cosell::rest {
namespace {

const Json kNothing = Json::object();

}  // namespace

const Json* DescriptionReader::Member(const std::string& key) const {
  if (!value_->is_object()) return nullptr;
  const auto found = value_->find(key);
  return found == value_->end() || found->is_null() ? nullptr : &*found;
}

DescriptionReader DescriptionReader::At(const std::string& key) const {
  const Json* member = Member(key);
  const std::string path = path_.empty() ? key : path_ + "." + key;
  return DescriptionReader(member != nullptr ? *member : kNothing, path, *problems_);
}

std::vector<std::string> DescriptionReader::Keys() const {
  std::vector<std::string> keys;
  if (!value_->is_object()) return keys;
  for (const auto& item : value_->items()) keys.push_back(item.key());
  return keys;
}

std::string DescriptionReader::Text(const std::string& key, const std::string& otherwise) const {
  const Json* member = Member(key);
  return member != nullptr && member->is_string() ? member->get<std::string>() : otherwise;
}

std::vector<std::string> DescriptionReader::Texts(const std::string& key) const {
  std::vector<std::string> texts;
  const Json* member = Member(key);
  if (member == nullptr || !member->is_array()) return texts;
  for (const Json& each : *member) {
    if (each.is_string()) texts.push_back(each.get<std::string>());
  }
  return texts;
}

bool DescriptionReader::Flag(const std::string& key, bool otherwise) const {
  const Json* member = Member(key);
  return member != nullptr && member->is_boolean() ? member->get<bool>() : otherwise;
}

int DescriptionReader::Number(const std::string& key, int otherwise) const {
  const Json* member = Member(key);
  return member != nullptr && member->is_number_integer() ? member->get<int>() : otherwise;
}

double DescriptionReader::Decimal(const std::string& key, double otherwise) const {
  const Json* member = Member(key);
  if (member == nullptr || !IsNumber(*member)) return otherwise;
  return Json::parse(PrintExact(*member)).get<double>();
}

std::string DescriptionReader::Pointer(const std::string& key, const std::string& otherwise) const {
  const std::string text = Text(key, otherwise);
  if (IsPointer(text)) return text;
  Wrong(key, "\"" + text + "\" is no JSON pointer; it begins with a slash, as in \"/data/id\"");
  return otherwise;
}

std::string DescriptionReader::JsonText(const std::string& key) const {
  const Json* member = Member(key);
  return member != nullptr ? PrintExact(*member) : std::string();
}

std::string DescriptionReader::Path(const std::string& key) const {
  const std::string path = Text(key);
  if (path.empty() || path.starts_with('/')) return path;
  Wrong(key, "\"" + path + "\" must begin with a slash; the address stands in crm.url");
  return "/" + path;
}

void DescriptionReader::Wrong(const std::string& key, const std::string& message) const {
  std::string path = path_;
  if (!key.empty()) path += (path.empty() ? "" : ".") + key;
  problems_->push_back({path, message});
}

}  // namespace cosell::rest
