#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crm/rest/description.h"
#include "crm/rest/exact_json.h"

namespace cosell::rest {

// One object of a description file, read member by member. Tolerant: what the schema's check has
// found absent or of a wrong type reads as the default. Borrows the document and the problems.
class DescriptionReader {
 public:
  DescriptionReader(const Json& value, std::string path, std::vector<DescriptionProblem>& problems)
      : value_(&value), path_(std::move(path)), problems_(&problems) {}

  bool Has(const std::string& key) const { return Member(key) != nullptr; }
  // The member object; reads as empty when it is none.
  DescriptionReader At(const std::string& key) const;
  std::vector<std::string> Keys() const;

  std::string Text(const std::string& key, const std::string& otherwise = "") const;
  std::vector<std::string> Texts(const std::string& key) const;
  bool Flag(const std::string& key, bool otherwise = false) const;
  int Number(const std::string& key, int otherwise) const;
  double Decimal(const std::string& key, double otherwise) const;
  // A JSON pointer; one that is not well formed is a problem.
  std::string Pointer(const std::string& key, const std::string& otherwise = "") const;
  // The member as JSON text; empty where there is none.
  std::string JsonText(const std::string& key) const;
  // A path that begins with a slash.
  std::string Path(const std::string& key) const;

  template <typename T>
  T OneOf(const std::string& key, std::initializer_list<std::pair<std::string_view, T>> names,
          T otherwise) const {
    const std::string text = Text(key);
    for (const auto& [name, value] : names) {
      if (name == text) return value;
    }
    return otherwise;
  }

  void Wrong(const std::string& key, const std::string& message) const;

 private:
  const Json* Member(const std::string& key) const;

  const Json* value_;
  std::string path_;
  std::vector<DescriptionProblem>* problems_;
};

}  // namespace cosell::rest
