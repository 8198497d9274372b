#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// As much XML as SOAP messages need. Pure functions.
namespace cosell::sandbox {

// An element with its namespace resolved. Attributes are read, for their namespaces, but not kept.
struct XmlElement {
  std::string name_space;  // the URI; empty for none
  std::string name;        // without prefix
  std::string text;        // its own character data, references resolved
  std::vector<XmlElement> children;

  // The first child of that name, or nullptr. `space` is the URI.
  const XmlElement* Child(std::string_view space, std::string_view child_name) const;
};

// The root element. Nothing for a text that is not well formed, has a document type (so no entity
// of its own), or nests deeper than 64 levels.
std::optional<XmlElement> ParseXml(std::string_view text);

// Character data for an element or attribute. Characters XML 1.0 cannot carry are left out.
std::string XmlEscape(std::string_view text);

}  // namespace cosell::sandbox
