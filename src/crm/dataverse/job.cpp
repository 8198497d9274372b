#include "crm/dataverse/job.h"

#include "crm/dataverse/performed.h"

namespace cosell::dataverse {

Error ReadBackFailed(const Error& error, const Job& job) {
  Error unknown = error;
  unknown.kind = ErrorKind::unknown_outcome;
  unknown.message =
      "The " + job.what() + " was sent, but the record could not be read back: " + error.message;
  return unknown;
}

void TakeRead(Job& job, const std::string& id, const Sent& sent) {
  const std::string what = "read of " + job.records->kind_name() + " " + id;
  const auto& answer = sent.answer;
  if (!answer) {
    job.error = ErrorFromClient(answer.error(), Purpose::read, what);
  } else if (answer->response.status >= 300) {
    job.error = ErrorFromAnswer(*answer, Purpose::read, what);
  } else if (auto row = job.records->ReadRow(*answer); !row) {
    job.error = row.error();
  } else {
    job.clock_offset = answer->clock_offset;
    job.row = *std::move(row);
  }
}

bool IsDecided(const Error& error) {
  return error.http_status >= 400 && error.http_status < 500 && WasAttempted(error);
}

}  // namespace cosell::dataverse
