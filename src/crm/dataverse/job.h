#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crm/dataverse/batch.h"
#include "crm/dataverse/bodies.h"
#include "crm/dataverse/errors.h"
#include "crm/dataverse/rows.h"
#include "ports/crm.h"

namespace cosell::dataverse {

// One CrmWrite on its way through the Writer's stages.
struct Job {
  const CrmWrite* write = nullptr;
  std::string id;                             // of the opportunity, lower case
  std::string account_id;                     // create: found or made
  std::string contact_id;                     // create: found or made
  std::optional<std::int64_t> wanted_status;  // create, close: statuscode
  Body body;
  std::vector<PerformedWrite> performed;

  bool written = false;              // the opportunity itself was written
  std::optional<Error> close_error;  // what Win or Lose answered; decided by reading the record
  std::optional<FlatRow> row;        // as it is now
  std::optional<std::chrono::milliseconds> clock_offset;
  std::optional<Error> error;  // how the write ended; nothing while it goes well

  bool open() const { return !error.has_value(); }
  bool needs_reading() const { return open() && !row.has_value(); }
  bool Is(CrmWrite::Kind kind) const { return open() && write->kind == kind; }
  Purpose purpose() const {
    switch (write->kind) {
      case CrmWrite::Kind::create:
        return Purpose::create;
      case CrmWrite::Kind::update:
        return Purpose::update;
      case CrmWrite::Kind::close:
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
    }
    return "update";
  }
  std::string what() const { return operation() + " of opportunity " + id; }
};

}  // namespace cosell::dataverse
