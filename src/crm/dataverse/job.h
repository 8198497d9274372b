#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crm/dataverse/batch.h"
#include "crm/dataverse/bodies.h"
#include "crm/dataverse/errors.h"
#include "crm/dataverse/records.h"
#include "ports/crm.h"

namespace cosell::dataverse {

// One CrmWrite on its way through the Writer's stages.
struct Job {
  const CrmWrite* write = nullptr;
  // What `row` is read with: records of the write's kind; of the opportunity once a lead is
  // qualified.
  Records* records = nullptr;
  std::string id;                             // of the record that is written, lower case
  std::string account_id;                     // create, qualify: found or made
  std::string contact_id;                     // create, qualify: found or made
  std::optional<std::int64_t> wanted_status;  // create, close: statuscode
  Body body;
  std::optional<std::vector<std::string>> solutions;  // those it is to have, where they are rows
  std::vector<PerformedWrite> performed;

  bool written = false;              // the record itself was written
  std::optional<Error> close_error;  // what Win, Lose or QualifyLead answered; decided by reading
  std::optional<FlatRow> lead;       // qualify: what stands there
  std::optional<FlatRow> row;        // as it is now
  std::optional<std::chrono::milliseconds> clock_offset;
  std::optional<Error> error;  // how the write ended; nothing while it goes well

  bool open() const { return !error.has_value(); }
  bool needs_reading() const { return open() && !row.has_value(); }
  bool Is(CrmWrite::Kind kind) const { return open() && write->kind == kind; }
  // Still to be performed, as far as is known.
  bool NeedsCustomers() const {
    return Is(CrmWrite::Kind::qualify)
               ? !row.has_value()
               : Is(CrmWrite::Kind::create) && write->record_kind == RecordKind::opportunity;
  }
  const Table& table() const { return records->table(); }
  Purpose purpose() const {
    switch (write->kind) {
      case CrmWrite::Kind::create:
        return Purpose::create;
      case CrmWrite::Kind::update:
        return Purpose::update;
      case CrmWrite::Kind::close:
      case CrmWrite::Kind::qualify:
        return Purpose::action;
    }
    return Purpose::update;
  }
  std::string operation() const {
    switch (write->kind) {
      case CrmWrite::Kind::create:
        return "create";
      case CrmWrite::Kind::update:
        return "update";
      case CrmWrite::Kind::close:
        return "close";
      case CrmWrite::Kind::qualify:
        return "qualify";
    }
    return "update";
  }
  std::string kind_name() const { return std::string(ToString(write->record_kind)); }
  std::string what() const { return operation() + " of " + kind_name() + " " + id; }
};

// The operations of those jobs that `pick` names, in their order; `picked` tells whose each is.
template <typename Jobs, typename Pick, typename Make>
std::vector<Operation> Collect(Jobs& jobs, Pick pick, Make make, std::vector<Job*>& picked) {
  std::vector<Operation> operations;
  for (Job& job : jobs) {
    if (!pick(job)) continue;
    Operation operation = make(job);
    operation.correlation = job.write->correlation.text;
    operations.push_back(std::move(operation));
    picked.push_back(&job);
  }
  return operations;
}

// A read that fails after a write leaves the write's outcome open for the engine: it must look
// again, whatever the reason was.
Error ReadBackFailed(const Error& error, const Job& job);

// The row that a read of record `id` brought, or why not.
void TakeRead(Job& job, const std::string& id, const Sent& sent);

// A 4xx to an action may only mean that it is done already (contract section 6.3).
bool IsDecided(const Error& error);

}  // namespace cosell::dataverse
