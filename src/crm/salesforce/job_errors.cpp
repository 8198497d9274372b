#include "crm/salesforce/job_errors.h"

namespace cosell::salesforce {

Error NotThere(const Target& target, const Job& job) {
  Error error;
  error.kind = ErrorKind::not_found;
  error.message =
      target.object() + " " + job.id + " does not exist, or the integration user cannot see it";
  return error;
}

Error Changed(const Target& target, const Job& job) {
  Error error;
  error.kind = ErrorKind::stale_version;
  error.message = target.object() + " " + job.id + " has changed since it was read";
  return error;
}

Error ExistsAlready(const Target& target, const Job& job, const std::string& id) {
  Error error;
  error.kind = ErrorKind::already_exists;
  error.message =
      target.object() + " " + id + " already carries referral " + job.write->marker.text;
  return error;
}

Error SeveralCarry(const Target& target, const Job& job, std::size_t count) {
  return Refusal(std::to_string(count) + " " + target.synced.nouns() + " carry referral " +
                 job.write->marker.text +
                 " in their Referral Identifier: clear the field in all but one of them");
}

Error ReadBackFailed(const Error& error, const Job& job) {
  Error unknown = error;
  unknown.kind = ErrorKind::unknown_outcome;
  unknown.message =
      "The " + job.what() + " was sent, but the record could not be read back: " + error.message;
  return unknown;
}

}  // namespace cosell::salesforce
