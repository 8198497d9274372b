#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a Dataverse table looks like, as far as reading and writing flat attributes needs it.
// Values.
namespace cosell::dataverse {

enum class ColumnType {
  text,
  memo,
  money,
  number,
  date,      // a calendar date, whatever form it travels in
  datetime,  // an instant
  boolean,
  choice,
  multi_choice,
  lookup,
  status,  // statecode and statuscode: integers on both sides, never labelled
  guid,
  unknown,  // the metadata could not be read: plain values pass as they are
};

struct Column {
  std::string name;         // logical name, lower case
  std::string schema_name;  // navigation property of a custom lookup; may be empty
  std::string label;        // English display label, may be empty
  ColumnType type = ColumnType::unknown;
  bool creatable = true;
  bool updatable = true;
  bool required = false;
  bool timestamp_on_write = false;              // a date kept as UserLocal: written with a time
  std::optional<std::size_t> length_max;        // UTF-16 code units
  std::map<std::int64_t, std::string> labels;   // option value -> English label
  std::map<std::int64_t, std::int64_t> states;  // statuscode -> its statecode
};

struct Table {
  std::string logical_name;  // "opportunity"
  std::string entity_set;    // "opportunities"
  std::string id_column;     // "opportunityid"
  std::map<std::string, Column> columns;
  bool from_metadata = true;  // false: the documented columns, because metadata was not readable
  // Nothing when the environment did not say.
  std::optional<bool> change_tracking;
  std::optional<bool> optimistic_concurrency;

  const Column* Find(std::string_view name) const;
};

// The tables this adapter touches. A name and its fixed parts (contract sections 2 and 13).
Table EmptyTable(std::string_view logical_name);
// The columns contract section 13 documents, for an environment that hides its metadata.
Table DocumentedTable(std::string_view logical_name);

// Where a lookup column points and how it is written: contract section 3.3.
struct LookupTarget {
  std::string_view column;
  std::string_view navigation;
  std::string_view entity_set;
};
// Nothing for a lookup whose target is not known.
std::optional<LookupTarget> FindLookupTarget(std::string_view table, std::string_view column);

// The organisation's currencies, both ways.
class Currencies {
 public:
  void Add(const std::string& id, const std::string& code);
  // ISO code of a currency row; nothing when the id has not been seen, empty when it is known not
  // to exist.
  std::optional<std::string> CodeOf(const std::string& id) const;
  std::optional<std::string> IdOf(std::string_view code) const;
  std::vector<std::string> Codes() const;
  bool empty() const { return ids_.empty(); }

 private:
  std::map<std::string, std::string> codes_;  // id -> ISO code
  std::map<std::string, std::string> ids_;    // upper-case ISO code -> id
};

}  // namespace cosell::dataverse
