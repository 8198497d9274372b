#include "tools/sandbox/dataverse/request.h"

#include <charconv>

#include "base/text.h"

namespace cosell::sandbox::dataverse {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Splits at `separator` outside quotes.
std::vector<std::string> SplitOutside(std::string_view text, char separator, char quote) {
  std::vector<std::string> parts(1);
  bool quoted = false;
  for (const char c : text) {
    if (c == quote) quoted = !quoted;
    if (c == separator && !quoted) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

std::string WithoutQuotes(std::string_view text) {
  text = Trim(text);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  return std::string(text);
}

bool ApplyPreference(Preferences& prefer, const std::string& item) {
  const auto equals = item.find('=');
  const std::string name = ToLower(Trim(std::string_view(item).substr(0, equals)));
  const std::string value =
      equals == std::string::npos ? "" : WithoutQuotes(std::string_view(item).substr(equals + 1));
  if (name == "return") {
    prefer.representation = value == "representation";
    return true;
  }
  if (name == "odata.track-changes") return prefer.track_changes = true;
  if (name == "odata.continue-on-error") return prefer.continue_on_error = true;
  if (name == "odata.include-annotations") {
    for (const auto& pattern : Split(value, ',')) {
      prefer.annotations.emplace_back(Trim(pattern));
    }
    return true;
  }
  std::size_t size = 0;
  const auto parsed = std::from_chars(value.data(), value.data() + value.size(), size);
  if (name != "odata.maxpagesize" || parsed.ec != std::errc{} || size == 0) return false;
  prefer.page_size = size;
  return true;
}

Segment ParseSegment(std::string_view raw) {
  const std::string text = PercentDecode(raw, false);
  const auto open = text.find('(');
  if (open == std::string::npos || text.back() != ')') return {text, std::nullopt};
  return {text.substr(0, open), text.substr(open + 1, text.size() - open - 2)};
}

}  // namespace

std::string PercentDecode(std::string_view text, bool plus_is_blank) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
    const int low = high >= 0 ? HexDigit(text[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i] == '+' && plus_is_blank ? ' ' : text[i];
    }
  }
  return out;
}

std::optional<std::string> Header(const net::Headers& headers, std::string_view name) {
  for (const auto& [header, value] : headers) {
    if (EqualsIgnoreCase(header, name)) return value;
  }
  return std::nullopt;
}

bool Preferences::Wants(std::string_view annotation) const {
  for (const auto& pattern : annotations) {
    const bool wildcard = !pattern.empty() && pattern.back() == '*';
    const std::string_view prefix = std::string_view(pattern).substr(0, pattern.size() - wildcard);
    if (wildcard ? annotation.starts_with(prefix) : annotation == pattern) return true;
  }
  return false;
}

Preferences ParsePrefer(const net::Headers& headers) {
  Preferences prefer;
  for (const auto& [name, value] : headers) {
    if (!EqualsIgnoreCase(name, "Prefer")) continue;
    for (const auto& item : SplitOutside(value, ',', '"')) {
      const std::string text(Trim(item));
      if (!ApplyPreference(prefer, text)) continue;
      prefer.applied += (prefer.applied.empty() ? "" : ",") + text;
    }
  }
  return prefer;
}

std::optional<std::string> Target::Option(std::string_view name) const {
  for (const auto& [option, value] : query) {
    if (option == name) return value;
  }
  return std::nullopt;
}

std::optional<Target> ParseTarget(std::string_view url, std::string_view origin) {
  if (StartsWithIgnoreCase(url, origin)) url.remove_prefix(origin.size());
  if (!url.starts_with(kApiRoot)) return std::nullopt;
  url.remove_prefix(kApiRoot.size());
  Target target;
  const auto question = url.find('?');
  target.raw_path = url.substr(0, question);
  if (question != std::string_view::npos) target.raw_query = url.substr(question + 1);
  for (const auto& segment : SplitOutside(target.raw_path, '/', '\'')) {
    target.path.push_back(ParseSegment(segment));
  }
  if (target.raw_query.empty()) return target;
  for (const auto& option : Split(target.raw_query, '&')) {
    const auto equals = option.find('=');
    const std::string_view text = option;
    target.query.emplace_back(
        PercentDecode(text.substr(0, equals), true),
        equals == std::string::npos ? "" : PercentDecode(text.substr(equals + 1), true));
  }
  return target;
}

std::optional<std::vector<std::pair<std::string, std::string>>> ParseKey(std::string_view key) {
  std::vector<std::pair<std::string, std::string>> parts;
  for (const auto& item : SplitOutside(key, ',', '\'')) {
    const auto quote = item.find('\'');
    const auto equals = item.find('=');
    const bool named = equals != std::string::npos && equals < quote;
    const std::string_view text = item;
    parts.emplace_back(named ? Trim(text.substr(0, equals)) : std::string_view{},
                       Trim(named ? text.substr(equals + 1) : text));
    if (parts.back().second.empty()) return std::nullopt;
  }
  return parts;
}

std::optional<std::string> Unquote(std::string_view literal) {
  if (literal.size() < 2 || literal.front() != '\'' || literal.back() != '\'') return std::nullopt;
  return ReplaceAll(std::string(literal.substr(1, literal.size() - 2)), "''", "'");
}

}  // namespace cosell::sandbox::dataverse
