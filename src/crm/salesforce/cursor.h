#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace cosell::salesforce {

// How far the changes have been read. What the engine keeps is its printed form, opaque to it. A
// value. All instants are the server's, never ours.
struct Cursor {
  // The last row taken in the order of SystemModstamp, Id.
  struct Position {
    Instant stamp;
    std::string id;
    bool operator==(const Position&) const = default;
  };

  bool full = false;                 // within a full read
  bool paging = false;               // the present scan goes on
  std::string link;                  // nextRecordsUrl; empty: the scan goes on behind `position`
  std::size_t limit = 0;             // rows per query, after a larger one ran too long
  std::optional<Position> position;  // within the present scan
  std::optional<Instant> started;    // when the present scan began
  std::optional<Instant> newest;     // the newest stamp met
  std::optional<Instant> since;      // the watermark: a scan begins the overlap before it
  std::optional<Instant> covered;    // up to where the cross-check has looked
  std::optional<Instant> checked;    // when it looked
  std::optional<Instant> taken;      // when this cursor was handed out
  // Which columns the records had. A column that comes back later was never read of the others.
  std::vector<std::string> columns;
  std::string organization;  // a restored or refreshed sandbox is another organisation
  std::string nonce;         // names what has been delivered up to here
  bool operator==(const Cursor&) const = default;
};

std::string Print(const Cursor& cursor);
// Nothing for a text this version did not print.
std::optional<Cursor> ParseCursor(const std::string& text);

}  // namespace cosell::salesforce
