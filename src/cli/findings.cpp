#include "cli/findings.h"

#include <algorithm>

#include "cli/session.h"

namespace cosell::cli {

using enum Finding::Kind;

std::string_view ToString(Finding::Kind kind) {
  switch (kind) {
    case ok:
      return "ok";
    case note:
      return "note";
    case hint:
      return "hint";
    case problem:
      return "problem";
    case unreachable:
      return "unreachable";
    case failed:
      return "failed";
  }
  return "problem";
}

void Findings::Put(Finding::Kind kind, std::string subject, std::string text) {
  all_.push_back({kind, std::move(subject), std::move(text)});
}

void Findings::Ok(std::string subject, std::string text) {
  Put(ok, std::move(subject), std::move(text));
}
void Findings::Note(std::string subject, std::string text) {
  Put(note, std::move(subject), std::move(text));
}
void Findings::Hint(std::string subject, std::string text) {
  Put(hint, std::move(subject), std::move(text));
}
void Findings::Problem(std::string subject, std::string text) {
  Put(problem, std::move(subject), std::move(text));
}
void Findings::Failed(std::string subject, std::string text) {
  Put(failed, std::move(subject), std::move(text));
}

void Findings::Add(std::string subject, const Error& error) {
  const bool no_answer =
      error.kind == ErrorKind::unreachable || error.kind == ErrorKind::unavailable ||
      error.kind == ErrorKind::throttled || error.kind == ErrorKind::unknown_outcome;
  Put(no_answer ? unreachable : problem, std::move(subject), Describe(error));
}

void Findings::Add(const SetupFinding& finding) {
  switch (finding.kind) {
    case SetupFinding::Kind::ok:
      return Ok(finding.subject, finding.text);
    case SetupFinding::Kind::hint:
      return Hint(finding.subject, finding.text);
    case SetupFinding::Kind::problem:
      return Problem(finding.subject, finding.text);
  }
}

int Findings::code() const {
  int code = kDone;
  for (const Finding& each : all_) {
    if (each.kind == problem) code = std::max<int>(code, kNeedsPerson);
    if (each.kind == unreachable) code = std::max<int>(code, kUnreachable);
    if (each.kind == failed) code = std::max<int>(code, kDatabase);
  }
  return code;
}

}  // namespace cosell::cli
