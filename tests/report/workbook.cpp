#include "workbook.h"

#include <Poco/AutoPtr.h>
#include <Poco/DOM/DOMParser.h>
#include <Poco/DOM/Document.h>
#include <Poco/DOM/Element.h>
#include <Poco/DOM/NodeList.h>
#include <zlib.h>

#include <cstdint>
#include <functional>
#include <stdexcept>

namespace cosell::report {
namespace {

std::uint32_t Number(const std::string& bytes, std::size_t at, std::size_t size) {
  std::uint32_t number = 0;
  for (std::size_t i = size; i-- > 0;)
    number = number << 8 | static_cast<unsigned char>(bytes.at(at + i));
  return number;
}

std::string Inflate(const std::string& packed, std::size_t size) {
  std::string plain(size, '\0');
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) throw std::runtime_error("zlib");
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(plain.data());
  stream.avail_out = static_cast<uInt>(plain.size());
  const int ended = inflate(&stream, Z_FINISH);
  inflateEnd(&stream);
  if (ended != Z_STREAM_END) throw std::runtime_error("a packed file is damaged");
  return plain;
}

void EachElement(const std::string& xml, const std::string& name,
                 const std::function<void(Poco::XML::Element&)>& visit) {
  Poco::XML::DOMParser parser;
  parser.setFeature(Poco::XML::XMLReader::FEATURE_NAMESPACES, false);
  const Poco::AutoPtr<Poco::XML::Document> document = parser.parseString(xml);
  const Poco::AutoPtr<Poco::XML::NodeList> nodes = document->getElementsByTagName(name);
  for (unsigned long i = 0; i < nodes->length(); ++i)
    visit(static_cast<Poco::XML::Element&>(*nodes->item(i)));
}

}  // namespace

std::map<std::string, std::string> Unzip(const std::string& bytes) {
  std::map<std::string, std::string> files;
  const std::size_t end = bytes.rfind("PK\x05\x06");
  if (end == std::string::npos) throw std::runtime_error("this is no ZIP archive");
  std::size_t at = Number(bytes, end + 16, 4);
  for (std::uint32_t left = Number(bytes, end + 10, 2); left > 0; --left) {
    const std::uint32_t method = Number(bytes, at + 10, 2);
    const std::size_t packed = Number(bytes, at + 20, 4);
    const std::size_t size = Number(bytes, at + 24, 4);
    const std::size_t name = Number(bytes, at + 28, 2);
    const std::size_t local = Number(bytes, at + 42, 4);
    const std::size_t data =
        local + 30 + Number(bytes, local + 26, 2) + Number(bytes, local + 28, 2);
    const std::string content = bytes.substr(data, packed);
    files[bytes.substr(at + 46, name)] = method == 0 ? content : Inflate(content, size);
    at += 46 + name + Number(bytes, at + 30, 2) + Number(bytes, at + 32, 2);
  }
  return files;
}

Workbook::Workbook(const std::string& bytes) : files_(Unzip(bytes)) {
  std::vector<std::string> texts;
  EachElement(files_.at("xl/sharedStrings.xml"), "si",
              [&](auto& item) { texts.push_back(item.innerText()); });
  EachElement(files_.at("xl/workbook.xml"), "sheet",
              [&](auto& sheet) { names_.push_back(sheet.getAttribute("name")); });
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const std::string file = "xl/worksheets/sheet" + std::to_string(i + 1) + ".xml";
    EachElement(files_.at(file), "c", [&](Poco::XML::Element& element) {
      SheetCell cell;
      cell.type = element.getAttribute("t") == "s" ? "s" : "n";
      cell.value = element.innerText();
      if (cell.type == "s") cell.value = texts.at(std::stoul(cell.value));
      cell.formula = element.getChildElement("f") != nullptr;
      cells_[names_[i]][element.getAttribute("r")] = cell;
    });
  }
}

SheetCell Workbook::Cell(const std::string& sheet, const std::string& reference) const {
  const auto& cells = cells_.at(sheet);
  const auto found = cells.find(reference);
  return found == cells.end() ? SheetCell{} : found->second;
}

std::size_t Workbook::cells() const {
  std::size_t count = 0;
  for (const auto& [name, cells] : cells_) count += cells.size();
  return count;
}

bool Workbook::HasFormulaOrLink() const {
  for (const auto& [name, content] : files_) {
    const bool sheet = name.starts_with("xl/worksheets/sheet");
    if (sheet && (content.find("<f>") != std::string::npos ||
                  content.find("<hyperlink") != std::string::npos))
      return true;
  }
  return false;
}

std::size_t Workbook::charts() const {
  std::size_t count = 0;
  for (const auto& [name, content] : files_) count += name.starts_with("xl/charts/chart") ? 1 : 0;
  return count;
}

}  // namespace cosell::report
