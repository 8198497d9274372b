#include "tools/sandbox/salesforce/access/xml.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <map>

#include "base/text.h"

namespace cosell::sandbox {
namespace {

constexpr int kDepthMax = 64;
constexpr std::string_view kBlanks = " \t\r\n";

using Scope = std::map<std::string, std::string>;  // prefix -> URI; "" is the default

void AppendUtf8(std::string& out, std::uint32_t code) {
  const auto add = [&out](std::uint32_t byte) { out += static_cast<char>(byte & 0xff); };
  if (code < 0x80) return add(code);
  if (code < 0x800) return add(0xc0 | code >> 6), add(0x80 | (code & 0x3f));
  if (code < 0x10000) {
    return add(0xe0 | code >> 12), add(0x80 | (code >> 6 & 0x3f)), add(0x80 | (code & 0x3f));
  }
  add(0xf0 | code >> 18);
  add(0x80 | (code >> 12 & 0x3f));
  add(0x80 | (code >> 6 & 0x3f));
  add(0x80 | (code & 0x3f));
}

// Appends what the reference between "&" and ";" stands for; false for one XML does not define.
bool AppendReference(std::string& out, std::string_view name) {
  static const std::map<std::string_view, char> named = {
      {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
  if (const auto found = named.find(name); found != named.end()) {
    out += found->second;
    return true;
  }
  if (!name.starts_with('#')) return false;
  const bool hex = name.starts_with("#x");
  const std::string_view digits = name.substr(hex ? 2 : 1);
  std::uint32_t code = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
  if (error != std::errc() || end != digits.data() + digits.size()) return false;
  if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return false;
  AppendUtf8(out, code);
  return true;
}

bool AppendDecoded(std::string& out, std::string_view raw) {
  while (true) {
    const std::size_t ampersand = std::min(raw.find('&'), raw.size());
    out += raw.substr(0, ampersand);
    if (ampersand == raw.size()) return true;
    const std::size_t semicolon = raw.find(';', ampersand);
    if (semicolon == std::string_view::npos) return false;
    if (!AppendReference(out, raw.substr(ampersand + 1, semicolon - ampersand - 1))) return false;
    raw.remove_prefix(semicolon + 1);
  }
}

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) { Take("\xef\xbb\xbf"); }

  std::optional<XmlElement> Document() {
    XmlElement root;
    if (!SkipMisc() || !Element(root, {}, 0) || !SkipMisc() || !rest_.empty()) return std::nullopt;
    return root;
  }

 private:
  bool Take(std::string_view token) {
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }
  bool SkipBlanks() {
    const std::size_t end = std::min(rest_.find_first_not_of(kBlanks), rest_.size());
    rest_.remove_prefix(end);
    return end > 0;
  }
  std::optional<std::string_view> Until(std::string_view token) {
    const std::size_t at = rest_.find(token);
    if (at == std::string_view::npos) return std::nullopt;
    const std::string_view found = rest_.substr(0, at);
    rest_.remove_prefix(at + token.size());
    return found;
  }
  std::string Name() {
    const std::size_t end = std::min(rest_.find_first_of(" \t\r\n/>=<\"'&"), rest_.size());
    const std::string name(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return name;
  }
  // Blanks, comments and processing instructions around the root.
  bool SkipMisc() {
    while (true) {
      SkipBlanks();
      if (Take("<?")) {
        if (!Until("?>")) return false;
      } else if (Take("<!--")) {
        if (!Until("-->")) return false;
      } else {
        return true;
      }
    }
  }

  bool Attributes(Scope& scope) {
    while (SkipBlanks() && !rest_.starts_with('/') && !rest_.starts_with('>')) {
      const std::string name = Name();
      SkipBlanks();
      if (name.empty() || !Take("=")) return false;
      SkipBlanks();
      const std::string quote(rest_.substr(0, 1));
      if (quote != "\"" && quote != "'") return false;
      Take(quote);
      const auto raw = Until(quote);
      std::string value;
      if (!raw || raw->find('<') != std::string_view::npos || !AppendDecoded(value, *raw)) {
        return false;
      }
      if (name == "xmlns") scope[""] = value;
      if (name.starts_with("xmlns:")) scope[name.substr(6)] = value;
    }
    return true;
  }

  bool Resolve(XmlElement& element, const std::string& tag, const Scope& scope) {
    const std::size_t colon = tag.find(':');
    const std::string prefix = colon == std::string::npos ? "" : tag.substr(0, colon);
    element.name = colon == std::string::npos ? tag : tag.substr(colon + 1);
    const auto uri = scope.find(prefix);
    if (uri != scope.end()) element.name_space = uri->second;
    return !element.name.empty() && (prefix.empty() || uri != scope.end());
  }

  bool Element(XmlElement& element, Scope scope, int depth) {
    if (depth > kDepthMax || !Take("<")) return false;
    const std::string tag = Name();
    if (!Attributes(scope) || !Resolve(element, tag, scope)) return false;
    if (Take("/>")) return true;
    return Take(">") && Content(element, tag, scope, depth);
  }

  bool Content(XmlElement& element, const std::string& tag, const Scope& scope, int depth) {
    while (!Take("</")) {
      if (!Piece(element, scope, depth)) return false;
    }
    if (Name() != tag) return false;
    SkipBlanks();
    return Take(">");
  }

  // One child, comment, instruction, CDATA section or run of text.
  bool Piece(XmlElement& element, const Scope& scope, int depth) {
    if (Take("<!--")) return Until("-->").has_value();
    if (Take("<?")) return Until("?>").has_value();
    if (Take("<![CDATA[")) {
      const auto raw = Until("]]>");
      element.text += raw.value_or("");
      return raw.has_value();
    }
    if (rest_.starts_with('<')) return Element(element.children.emplace_back(), scope, depth + 1);
    const std::size_t end = rest_.find('<');
    if (end == std::string_view::npos) return false;
    const std::string_view raw = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return AppendDecoded(element.text, raw);
  }

  std::string_view rest_;
};

}  // namespace

const XmlElement* XmlElement::Child(std::string_view space, std::string_view child_name) const {
  const auto found = std::find_if(children.begin(), children.end(), [&](const XmlElement& child) {
    return child.name == child_name && child.name_space == space;
  });
  return found == children.end() ? nullptr : &*found;
}

std::optional<XmlElement> ParseXml(std::string_view text) {
  if (!IsUtf8(text)) return std::nullopt;
  return Reader(text).Document();
}

std::string XmlEscape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\'')
      out += "&apos;";
    else if (c == '\r')
      out += "&#xD;";  // else a reader would turn it into a line feed
    else if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t')
      out += c;
  }
  return out;
}

}  // namespace cosell::sandbox
