#include "crm/salesforce/collections.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <numeric>

#include "base/text.h"
#include "crm/salesforce/bodies.h"

namespace cosell::salesforce {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kRecordsPerCall = 200;
constexpr std::array kLockDelays = {milliseconds{500}, milliseconds{1000}, milliseconds{2000},
                                    milliseconds{4000}, milliseconds{8000}};

bool StopsEverything(const Error& error) {
  return error.kind == ErrorKind::unauthorized || error.kind == ErrorKind::throttled ||
         error.kind == ErrorKind::unreachable;
}

// A refusal of the call as such says nothing about any one record.
Error WholeCallRefused(const net::ApiAnswer& answer, const CollectionCall& call) {
  Error error = ErrorFromAnswer(answer, call.purpose, call.what);
  if (error.kind == ErrorKind::not_found || error.kind == ErrorKind::stale_version ||
      error.kind == ErrorKind::already_exists) {
    error.kind = ErrorKind::refused;
  }
  return error;
}

Error AnswerCut(const net::ApiAnswer& answer, const CollectionCall& call) {
  Error error = UnreadableAnswer(answer, call.what);
  error.kind = ErrorKind::unknown_outcome;
  return error;
}

RowOutcome FromResult(SaveResult result, int status, Purpose purpose, const std::string& what) {
  RowOutcome outcome;
  outcome.id = std::move(result.id);
  outcome.created = result.created;
  if (result.success) return outcome;
  outcome.fault = result.faults.empty() ? Fault{"UNKNOWN_EXCEPTION", "", {}, {}}
                                        : std::move(result.faults.front());
  outcome.error = ErrorFromFault(*outcome.fault, status, purpose, what);
  return outcome;
}

std::vector<RowOutcome> AllFailed(std::size_t count, const Error& error) {
  RowOutcome outcome;
  outcome.error = error;
  return std::vector<RowOutcome>(count, outcome);
}

// Sends a call about `count` records and takes its answer apart.
std::vector<RowOutcome> SendAbout(Rest& rest, const CollectionCall& call, const Request& request,
                                  std::size_t count) {
  const std::int64_t start = rest.NowMs();
  const auto answer = rest.Send(request);
  const std::int64_t duration_ms = rest.NowMs() - start;
  std::vector<RowOutcome> outcomes;
  if (!answer) {
    outcomes = AllFailed(count, ErrorFromClient(answer.error(), call.purpose, call.what));
  } else if (answer->response.status >= 300) {
    outcomes = AllFailed(count, WholeCallRefused(*answer, call));
  } else if (auto results = ParseSaveResults(answer->response.body);
             results && results->size() == count) {
    for (SaveResult& each : *results) {
      outcomes.push_back(
          FromResult(std::move(each), answer->response.status, call.purpose, call.what));
    }
  } else {
    outcomes = AllFailed(count, AnswerCut(*answer, call));
  }
  for (RowOutcome& each : outcomes) each.duration_ms = duration_ms;
  return outcomes;
}

std::vector<RowOutcome> SendChunk(Rest& rest, const CollectionCall& call,
                                  const std::vector<std::string>& records) {
  Request request;
  request.method = call.method;
  request.path = call.path;
  request.headers = call.headers;
  request.body = PrintCollection(records);
  request.correlation = call.correlation;
  request.write = true;
  return SendAbout(rest, call, request, records.size());
}

// Sends the picked records, 200 to a call, and puts their outcomes in place.
void SendPicked(Rest& rest, const CollectionCall& call, const std::vector<std::string>& records,
                const std::vector<std::size_t>& picked, std::vector<RowOutcome>& outcomes) {
  std::optional<Error> stopped;
  for (std::size_t at = 0; at < picked.size(); at += kRecordsPerCall) {
    const std::size_t end = std::min(at + kRecordsPerCall, picked.size());
    std::vector<std::string> chunk;
    for (std::size_t i = at; i < end; ++i) chunk.push_back(records[picked[i]]);
    auto sent = stopped ? AllFailed(chunk.size(), *stopped) : SendChunk(rest, call, chunk);
    if (sent.front().error && StopsEverything(*sent.front().error)) stopped = sent.front().error;
    for (std::size_t i = at; i < end; ++i) outcomes[picked[i]] = std::move(sent[i - at]);
  }
}

bool IsLocked(const RowOutcome& outcome) {
  return outcome.fault.has_value() && salesforce::IsLocked(*outcome.fault);
}

bool IsLockedAnswer(const Result<net::ApiAnswer>& answer) {
  if (!answer || answer->response.status < 400) return false;
  const auto faults = ParseFaults(answer->response.body);
  return !faults.empty() && salesforce::IsLocked(faults.front());
}

}  // namespace

std::vector<RowOutcome> RunCollection(Rest& rest, const CollectionCall& call,
                                      const std::vector<std::string>& records) {
  std::vector<RowOutcome> outcomes(records.size());
  std::vector<std::size_t> picked(records.size());
  std::iota(picked.begin(), picked.end(), std::size_t{0});
  if (picked.empty()) return outcomes;
  SendPicked(rest, call, records, picked, outcomes);
  for (const milliseconds delay : kLockDelays) {
    std::erase_if(picked, [&](std::size_t i) { return !IsLocked(outcomes[i]); });
    if (picked.empty()) break;
    rest.SleepFor(delay);
    SendPicked(rest, call, records, picked, outcomes);
  }
  return outcomes;
}

std::vector<RowOutcome> RunDeletes(Rest& rest, const std::vector<std::string>& ids,
                                   const std::string& what) {
  CollectionCall call;
  call.what = what;
  std::vector<RowOutcome> outcomes;
  for (std::size_t at = 0; at < ids.size(); at += kRecordsPerCall) {
    const std::size_t end = std::min(at + kRecordsPerCall, ids.size());
    const std::vector<std::string> chunk(ids.begin() + static_cast<std::ptrdiff_t>(at),
                                         ids.begin() + static_cast<std::ptrdiff_t>(end));
    Request request;
    request.method = "DELETE";
    request.path = "/composite/sobjects?ids=" + Join(chunk, ",") + "&allOrNone=false";
    request.write = true;
    auto sent = SendAbout(rest, call, request, chunk.size());
    std::move(sent.begin(), sent.end(), std::back_inserter(outcomes));
  }
  return outcomes;
}

Single RunSingle(Rest& rest, const Request& request) {
  const std::int64_t start = rest.NowMs();
  auto answer = rest.Send(request);
  for (const milliseconds delay : kLockDelays) {
    if (!IsLockedAnswer(answer)) break;
    rest.SleepFor(delay);
    answer = rest.Send(request);
  }
  return {std::move(answer), rest.NowMs() - start};
}

RowOutcome ToOutcome(const Single& single, Purpose purpose, const std::string& what) {
  RowOutcome outcome;
  if (!single.answer) {
    outcome.error = ErrorFromClient(single.answer.error(), purpose, what);
  } else if (single.answer->response.status >= 300) {
    const auto faults = ParseFaults(single.answer->response.body);
    if (!faults.empty()) outcome.fault = faults.front();
    outcome.error = ErrorFromAnswer(*single.answer, purpose, what);
  } else if (auto result = ParseSaveResult(single.answer->response.body)) {
    outcome = FromResult(*std::move(result), single.answer->response.status, purpose, what);
  } else if (!Trim(single.answer->response.body).empty()) {
    outcome.error = UnreadableAnswer(*single.answer, what);
    outcome.error->kind = ErrorKind::unknown_outcome;
  }
  outcome.duration_ms = single.duration_ms;
  return outcome;
}

PerformedWrite Performed(const std::string& record_kind, const std::string& record_id,
                         const std::string& operation, const RowOutcome& outcome) {
  PerformedWrite write;
  write.record_kind = record_kind;
  write.record_id = record_id;
  write.operation = operation;
  write.done = !outcome.error.has_value();
  if (outcome.error) {
    write.outcome_code = outcome.error->code.empty() ? std::string(ToString(outcome.error->kind))
                                                     : outcome.error->code;
  }
  write.duration_ms = outcome.duration_ms;
  return write;
}

}  // namespace cosell::salesforce
