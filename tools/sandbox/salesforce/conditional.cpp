#include "tools/sandbox/salesforce/conditional.h"

#include <cstdio>

#include "base/text.h"
#include "tools/sandbox/salesforce/value.h"

namespace cosell::sandbox::salesforce {
namespace {

// FNV-1a over everything the record says.
std::string EtagOf(const Database& database, const Table& table, const Row& row) {
  const ReadContext context{database, {true, ""}, 0};
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : RenderRecord(context, table, row, AllFields(context, table)).dump()) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  }
  char text[24];
  std::snprintf(text, sizeof text, "\"%016llx\"", static_cast<unsigned long long>(hash));
  return text;
}

bool HasTags(const Table& table) { return table.type().name == "Account"; }

bool Lists(const std::string& header, const std::string& etag) {
  for (const auto& item : Split(header, ',')) {
    if (Trim(item) == "*" || Trim(item) == etag) return true;
  }
  return false;
}

std::optional<Instant> DateHeader(const Call& call, const char* name) {
  const std::string text = call.Header(name);
  if (text.empty()) return std::nullopt;
  const auto at = ParseHttpDate(text);
  if (!at && call.method != "GET" && call.method != "HEAD") {
    throw ServiceError(400, "INVALID_HEADER", std::string("The header ") + name + " is no date");
  }
  return at;
}

Outcome Failed(const Database& database) {
  Outcome outcome{412, std::nullopt, {}};
  if (!database.switches().empty_412_body) {
    outcome.body = ErrorArray(ServiceError(412, "ENTITY_FAILED_IFLASTMODIFIED_ON_UPDATE",
                                           "The record was modified after the given date."));
  }
  return outcome;
}

bool TagsFail(const Database& database, const Call& call, const Table& table, const Row& row,
              bool reading) {
  if (!HasTags(table)) return false;
  const std::string etag = EtagOf(database, table, row);
  const std::string wanted = call.Header("If-Match");
  if (!wanted.empty() && !Lists(wanted, etag)) return true;
  const std::string unwanted = call.Header("If-None-Match");
  return !reading && !unwanted.empty() && Lists(unwanted, etag);
}

}  // namespace

std::optional<Outcome> CheckConditions(const Database& database, const Call& call,
                                       const Table& table, const Row& row) {
  const bool reading = call.method == "GET" || call.method == "HEAD";
  const bool modstamp = database.switches().unmodified_since_uses_modstamp;
  const Instant stamp =
      ParseStamp(table.Text(row, modstamp ? "SystemModstamp" : "LastModifiedDate"));
  const auto unmodified_since = DateHeader(call, "If-Unmodified-Since");
  if (unmodified_since && stamp > *unmodified_since) return Failed(database);
  if (TagsFail(database, call, table, row, reading)) return Failed(database);
  if (!reading) return std::nullopt;
  const std::string known = call.Header("If-None-Match");
  if (HasTags(table) && !known.empty()) {
    if (!Lists(known, EtagOf(database, table, row))) return std::nullopt;
    return Outcome{304, std::nullopt, {}};
  }
  if (NotModifiedSince(call, stamp)) return Outcome{304, std::nullopt, {}};
  return std::nullopt;
}

bool NotModifiedSince(const Call& call, Instant changed_at) {
  const auto since = DateHeader(call, "If-Modified-Since");
  return since && std::chrono::floor<std::chrono::seconds>(changed_at) <= *since;
}

void AddValidators(const Database& database, const Table& table, const Row& row, Outcome& outcome) {
  outcome.headers.emplace_back("Last-Modified",
                               FormatHttpDate(ParseStamp(table.Text(row, "LastModifiedDate"))));
  if (HasTags(table)) outcome.headers.emplace_back("ETag", EtagOf(database, table, row));
}

}  // namespace cosell::sandbox::salesforce
