#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "ports/crm_setup.h"

// What `check` has found. Internal to this room.
namespace cosell::cli {

struct Finding {
  enum class Kind {
    ok,
    note,         // as it is configured; nothing to mend
    hint,         // cannot be checked from here: a person has to look
    problem,      // needs a person
    unreachable,  // a remote side did not answer
    failed,       // the local database
  };
  Kind kind = Kind::ok;
  std::string subject;
  std::string text;  // what is wrong and how to mend it; what was found when it is well
};

std::string_view ToString(Finding::Kind kind);

// The lines of one connection, or of the machine where `connection` is empty.
class Findings {
 public:
  explicit Findings(std::string connection) : connection_(std::move(connection)) {}

  void Ok(std::string subject, std::string text);
  void Note(std::string subject, std::string text);
  void Hint(std::string subject, std::string text);
  void Problem(std::string subject, std::string text);
  void Failed(std::string subject, std::string text);
  // Unreachable or a problem, by its kind.
  void Add(std::string subject, const Error& error);
  void Add(const SetupFinding& finding);

  const std::string& connection() const { return connection_; }
  const std::vector<Finding>& all() const { return all_; }
  // Exit code by the worst.
  int code() const;

 private:
  void Put(Finding::Kind kind, std::string subject, std::string text);

  std::string connection_;
  std::vector<Finding> all_;
};

}  // namespace cosell::cli
