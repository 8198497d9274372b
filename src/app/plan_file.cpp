#include "app/plan_file.h"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>

#include "model/digest.h"

namespace cosell::app {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kProblemsShown = 20;

std::string At(const std::string& list, std::size_t index) {
  return list + "[" + std::to_string(index) + "]";
}

// Reads the document and notes every problem with its place.
class PlanReader {
 public:
  std::vector<ReviewedConnection> Read(const Json& document) {
    std::vector<ReviewedConnection> parts;
    const Json* connections = Array(document, "", "connections");
    for (std::size_t i = 0; connections != nullptr && i < connections->size(); ++i) {
      parts.push_back(ReadConnection((*connections)[i], At("connections", i)));
    }
    return parts;
  }
  const std::vector<std::string>& problems() const { return problems_; }

 private:
  ReviewedConnection ReadConnection(const Json& json, const std::string& place) {
    ReviewedConnection part;
    part.connection.text = Text(json, place, "connection");
    part.reviewed.fingerprint = Text(json, place, "fingerprint");
    if (!part.connection.empty() && !connections_.insert(part.connection.text).second) {
      Wrong(place + ".connection", "'" + part.connection.text + "' stands in the file twice");
    }
    const Json* links = Array(json, place, "links");
    for (std::size_t i = 0; links != nullptr && i < links->size(); ++i) {
      ReadLink((*links)[i], At(place + ".links", i), &part.reviewed);
    }
    return part;
  }

  void ReadLink(const Json& json, const std::string& place, ReviewedPlan* reviewed) {
    const std::string digest = Text(json, place, "digest");
    const std::string checksum = Text(json, place, "checksum");
    const auto number = json.is_object() ? json.find("link") : json.end();
    if (!json.is_object()) return;
    if (number == json.end() || !number->is_number_integer() || number->get<std::int64_t>() <= 0) {
      return Wrong(place + ".link", "the number of the link is missing");
    }
    if (!checksum.empty() && checksum != LinkChecksum(json.dump())) {
      return Wrong(place,
                   "this link was changed after it was planned; links may be taken out of "
                   "the file, not rewritten");
    }
    if (!reviewed->digests.emplace(number->get<std::int64_t>(), digest).second) {
      Wrong(place + ".link", "this link stands in the file twice");
    }
  }

  std::string Text(const Json& json, const std::string& place, const char* key) {
    const auto it = json.is_object() ? json.find(key) : json.end();
    if (!json.is_object()) {
      if (place != last_no_object_) Wrong(place, "must be a JSON object");
      last_no_object_ = place;
    } else if (it == json.end() || !it->is_string() || it->get<std::string>().empty()) {
      Wrong(place + "." + key, "is missing or no text");
    } else {
      return it->get<std::string>();
    }
    return "";
  }

  const Json* Array(const Json& json, const std::string& place, const std::string& key) {
    const auto it = json.is_object() ? json.find(key) : json.end();
    if (json.is_object() && it != json.end() && it->is_array()) return &*it;
    if (json.is_object() || place.empty()) {
      Wrong(place.empty() ? key : place + "." + key, "is missing or no list");
    }
    return nullptr;
  }

  void Wrong(const std::string& place, const std::string& what) {
    problems_.push_back(place + ": " + what);
  }

  std::vector<std::string> problems_;
  std::set<std::string> connections_;
  std::string last_no_object_;
};

Error Unusable(const std::string& file, const std::vector<std::string>& problems) {
  Error error{ErrorKind::invalid_input, file + " cannot be applied:"};
  for (std::size_t i = 0; i < std::min(problems.size(), kProblemsShown); ++i) {
    error.message += "\n  " + problems[i];
  }
  if (problems.size() > kProblemsShown) {
    error.message += "\n  and " + std::to_string(problems.size() - kProblemsShown) + " more";
  }
  error.message += "\nMake it anew with `cosell-sync plan --out FILE` and review that.";
  return error;
}

}  // namespace

std::string LinkChecksum(std::string_view link) {
  Json json = Json::parse(link);
  json.erase("checksum");
  return ContentHash(json.dump());
}

Result<std::vector<ReviewedConnection>> ParsePlanFile(std::string_view text,
                                                      const std::string& file) {
  Json document;
  try {
    document = Json::parse(text);
  } catch (const Json::parse_error& error) {
    const auto upto = text.substr(0, std::min(error.byte, text.size()));
    const auto line = 1 + std::count(upto.begin(), upto.end(), '\n');
    return Unusable(file, {"line " + std::to_string(line) + ": this is not JSON"});
  }
  PlanReader reader;
  auto parts = reader.Read(document);
  if (!reader.problems().empty()) return Unusable(file, reader.problems());
  return parts;
}

}  // namespace cosell::app
