#include "crm/dataverse/odata.h"

#include <charconv>

#include "base/text.h"

namespace cosell::dataverse {
namespace {

void AppendOption(std::string& out, std::string_view name, const std::string& value) {
  if (value.empty()) return;
  out += out.find('?') == std::string::npos ? '?' : '&';
  out.append(name).append("=").append(value);
}

// Exponents never come from Dataverse itself, but a JSON number may have one.
std::string WithoutExponent(const std::string& token) {
  double value = 0;
  std::from_chars(token.data(), token.data() + token.size(), value);
  char buffer[400];
  const auto [end, problem] =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed, 10);
  return problem == std::errc{} ? std::string(buffer, end) : token;
}

}  // namespace

std::string QuoteLiteral(std::string_view text) {
  return "'" + ReplaceAll(std::string(text), "'", "''") + "'";
}

std::string AnyOf(std::string_view column, std::span<const std::string> guids) {
  std::string filter;
  for (const std::string& guid : guids) {
    if (!filter.empty()) filter += " or ";
    filter.append(column).append(" eq ").append(guid);
  }
  return filter;
}

std::string Print(const Query& query) {
  std::string out = query.entity_set;
  AppendOption(out, "$select", query.select);
  AppendOption(out, "$filter", UrlEncode(query.filter));
  AppendOption(out, "$orderby", UrlEncode(query.orderby));
  AppendOption(out, "$top", query.top);
  return out;
}

std::string RowPath(std::string_view entity_set, std::string_view guid, std::string_view select) {
  std::string out(entity_set);
  out.append("(").append(guid).append(")");
  AppendOption(out, "$select", std::string(select));
  return out;
}

void AppendQuoted(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 0xf];
    } else {
      out += c;
    }
  }
  out += '"';
}

std::string Quoted(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  AppendQuoted(out, text);
  return out;
}

std::string NormalizeNumber(std::string_view token) {
  std::string text(Trim(token));
  if (text.find_first_of("eE") != std::string::npos) text = WithoutExponent(text);
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return text == "-0" ? "0" : text;
}

}  // namespace cosell::dataverse
