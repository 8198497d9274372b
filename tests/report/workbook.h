#pragma once

#include <map>
#include <string>
#include <vector>

namespace cosell::report {

// The files inside a ZIP archive, by name. Throws std::runtime_error for what is no such archive.
std::map<std::string, std::string> Unzip(const std::string& bytes);

struct SheetCell {
  std::string type;   // "s": text; "n": a number
  std::string value;  // the text itself, or the number as it stands in the file
  bool formula = false;
};

// A workbook as it stands in its XML.
class Workbook {
 public:
  explicit Workbook(const std::string& bytes);
  std::vector<std::string> sheets() const { return names_; }
  // "B4"; an empty cell is one without type.
  SheetCell Cell(const std::string& sheet, const std::string& reference) const;
  std::size_t cells() const;
  // Whether anything in the workbook is a formula or a link.
  bool HasFormulaOrLink() const;
  std::size_t charts() const;
  const std::map<std::string, std::string>& files() const { return files_; }

 private:
  std::map<std::string, std::string> files_;
  std::vector<std::string> names_;
  std::map<std::string, std::map<std::string, SheetCell>> cells_;
};

}  // namespace cosell::report
