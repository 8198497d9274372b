#pragma once

#include <string>
#include <vector>

namespace cosell::system_test {

// The service's database as an operator reads it: read-only, beside the running daemon. Only the
// documented views are asked.
class DatabaseView {
 public:
  explicit DatabaseView(std::string file) : file_(std::move(file)) {}

  // All rows; NULL is an empty text. No rows while the file is not there yet.
  std::vector<std::vector<std::string>> Rows(const std::string& query) const;
  // The first column of the first row, or an empty text.
  std::string Value(const std::string& query) const;
  int Count(const std::string& query) const;  // the same as a number

  std::string LinkState(const std::string& id) const;  // of a referral or CRM record
  const std::string& file() const { return file_; }

 private:
  std::string file_;
};

}  // namespace cosell::system_test
