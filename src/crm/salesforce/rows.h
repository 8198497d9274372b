#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "crm/salesforce/object.h"

// Salesforce records -> flat values: the reading half of the port's central idea (contract
// salesforce.md sections 3.4 and 6.1). simdjson underneath: this is the path of every page.
namespace cosell::salesforce {

// The dotted columns of a read: lookup field -> fields of the record it leads to.
using RelatedColumns = std::map<std::string, std::vector<std::string>>;

// One record, translated.
struct Row {
  std::string id;                   // 18 characters
  std::string stamp;                // SystemModstamp as the server prints it
  std::vector<std::string> values;  // one JSON text per own column of the reader, in its order
  std::vector<std::pair<std::string, std::string>> related;  // "AccountId.Name" -> JSON text
  bool deleted = false;
  std::optional<Instant> stamped_at() const { return ParseInstant(stamp); }
};

struct Page {
  std::vector<Row> rows;
  std::string next;                 // nextRecordsUrl, empty after the last page
  std::size_t unreadable_rows = 0;  // without an id; left out
};

// Which fields of an object are read, and how each is translated. A value; share it between
// threads.
class RowReader {
 public:
  // The parts of a read. A path beside the own fields costs a parent path or, for ContactId, a
  // sub-select of the primary contact role.
  struct Columns {
    std::vector<std::string> own;  // those the object lacks are left out
    RelatedColumns related;
    std::string contact_roles;       // relationship name of OpportunityContactRole; empty: not read
    std::set<std::string> computed;  // own columns that are no fields: their reader sets them
  };
  RowReader(const Object& object, const Columns& columns);

  // What a query selects, and what a retrieve asks for (own fields alone).
  const std::vector<std::string>& select() const { return select_; }
  const std::vector<std::string>& fields() const { return fields_; }
  // The own columns of a row: the fields, and the computed ones.
  const std::vector<std::string>& columns() const { return names_; }
  bool Reads(std::string_view field) const { return IndexOf(field).has_value(); }
  bool ReadsRelated(std::string_view lookup, std::string_view field) const;

  // A page of a query, or the answer of a retrieve (an array with null for what is not there).
  // invalid_response when the text is not the JSON expected.
  Result<Page> ReadPage(const std::string& body) const;
  Result<Page> ReadRetrieved(const std::string& body) const;

  void SetComputed(Row& row, std::string_view column, std::string json) const;
  // JSON text of an own column; empty when it is not read.
  std::string ValueOf(const Row& row, std::string_view field) const;
  // {"Name":"...","Amount":84500}: the flat attributes of a row.
  std::string PrintFlat(const Row& row) const;
  // "<stamp>#<digest>": tells two states of a record apart, even within one second. Stamps are left
  // out of the digest: a background bump is no edit.
  std::string EtagOf(const Row& row) const;

 private:
  friend class RowParser;
  struct Slot {
    std::size_t index = 0;
    FieldType type = FieldType::text;
  };
  struct RelatedSlot {
    std::string lookup;
    std::vector<std::string> fields;
  };

  std::optional<std::size_t> IndexOf(std::string_view field) const;
  void SelectRelated(const Object& object, const Columns& columns);

  std::vector<std::string> names_;  // alphabetical, so that equal records have equal text
  std::vector<std::string> fields_;
  std::vector<std::string> select_;
  std::unordered_map<std::string, Slot> slots_;           // by member of a record
  std::unordered_map<std::string, RelatedSlot> parents_;  // by relationship: "Account"
  std::string contact_roles_;
  RelatedSlot contact_;
};

// Splits an etag into the stamp's instant; nothing when it has none.
std::optional<Instant> StampOf(std::string_view etag);

}  // namespace cosell::salesforce
