#include "crm/salesforce/soql.h"

#include "base/text.h"

namespace cosell::salesforce {
namespace {

void AppendEscaped(std::string& out, char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  if (c == '\\' || c == '\'') {
    out += '\\';
    out += c;
  } else if (c == '\n') {
    out += "\\n";
  } else if (c == '\r') {
    out += "\\r";
  } else if (c == '\t') {
    out += "\\t";
  } else if (byte < 0x20 || byte == 0x7f) {
    out += "\\u00";
    out += kHex[byte >> 4];
    out += kHex[byte & 0xf];
  } else {
    out += c;
  }
}

}  // namespace

std::string QuoteText(std::string_view text) {
  std::string out = "'";
  for (const char c : text) AppendEscaped(out, c);
  return out + "'";
}

std::string Equals(std::string_view field, std::string_view text) {
  return std::string(field) + " = " + QuoteText(text);
}

std::string EqualsLiteral(std::string_view field, std::string_view json) {
  return std::string(field) + " = " + std::string(json);
}

std::string In(std::string_view field, std::span<const std::string> texts) {
  std::vector<std::string> quoted;
  quoted.reserve(texts.size());
  for (const std::string& each : texts) quoted.push_back(QuoteText(each));
  return std::string(field) + " IN (" + Join(quoted, ",") + ")";
}

std::string AtLeast(std::string_view field, Instant at) {
  return std::string(field) + " >= " + FormatInstant(at);
}

std::string Behind(Instant at, std::string_view id) {
  const std::string stamp = FormatInstant(at);
  return "(SystemModstamp > " + stamp + " OR (SystemModstamp = " + stamp + " AND Id > " +
         QuoteText(id) + "))";
}

std::string All(const std::vector<std::string>& conditions) {
  std::vector<std::string> parts;
  for (const std::string& each : conditions) {
    if (!each.empty()) parts.push_back(each);
  }
  return Join(parts, " AND ");
}

std::string Print(const SelectStatement& statement) {
  std::string out = "SELECT " + Join(statement.fields, ", ") + " FROM " + statement.from;
  if (!statement.where.empty()) out += " WHERE " + statement.where;
  if (!statement.order_by.empty()) out += " ORDER BY " + statement.order_by;
  if (statement.limit > 0) out += " LIMIT " + std::to_string(statement.limit);
  return out;
}

}  // namespace cosell::salesforce
