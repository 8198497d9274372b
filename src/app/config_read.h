#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/config.h"

namespace cosell::app {

// What reading collects. Internal to the configuration.
struct ReadContext {
  std::string folder;  // names of files are relative to it
  std::vector<ConfigProblem> problems;
  std::vector<ConfigProblem> warnings;
};

// One object of the document, read member by member. Tolerant: where the schema's check has found a
// member absent or of a wrong type, the default is answered, so that all other problems are still
// found. Borrows the document and the context.
class Reader {
 public:
  Reader(const nlohmann::json& value, std::string path, ReadContext& context);

  bool Has(const std::string& key) const;  // present and not null
  // The member object; reads as empty when it is none.
  Reader Member(const std::string& key) const;
  std::vector<Reader> Elements(const std::string& key) const;
  std::vector<std::string> Keys() const;

  std::string Text(const std::string& key, const std::string& otherwise = "") const;
  std::vector<std::string> Texts(const std::string& key) const;
  std::int64_t Integer(const std::string& key, std::int64_t otherwise) const;
  double Number(const std::string& key, double otherwise) const;
  // Made absolute.
  std::string File(const std::string& key) const;
  std::vector<std::string> Files(const std::string& key) const;
  // A literal earns a warning.
  SecretSource Secret(const std::string& key) const;
  // An https address without a slash at its end; anything else is a problem.
  std::string Url(const std::string& key, const std::string& otherwise = "") const;

  // Notes a problem with a member.
  void Wrong(const std::string& key, const std::string& message) const;
  void Warn(const std::string& key, const std::string& message) const;
  const std::string& path() const { return path_; }

 private:
  const nlohmann::json* Find(const std::string& key) const;

  const nlohmann::json* value_;
  std::string path_;
  ReadContext* context_;
};

}  // namespace cosell::app
