#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "mapping/mapping.h"
#include "model/record.h"

namespace cosell {

// What each side's record was when the two were last known to agree, per side and per field. A
// field without a known base has never been agreed on (a first meeting, or a field new in the
// mapping). A value.
struct Base {
  std::vector<std::optional<Value>> partner_center;  // outer: known or not
  std::vector<std::optional<Value>> crm;
  // The two were left different on purpose: not a disagreement. Shorter than the others means no.
  std::vector<bool> apart;
  // The CRM record was a flagged lead when the two were last in step, and the opportunity it became
  // has not been flagged yet.
  bool from_lead = false;
  // Owner and contact whose data was last compared (CrmFacts::people).
  std::string people{};
  // News that stands in the CRM's Audit already, by key (LinkView::news).
  std::set<std::string> told{};

  bool Apart(FieldIndex field) const { return field < apart.size() && apart[field]; }
  void SetApart(FieldIndex field, bool value);
  bool Knows(FieldIndex field) const {
    return partner_center[field].has_value() && crm[field].has_value();
  }
  bool empty() const;
};

// Between a base and its stored form: one JSON object per side, field name -> canonical value, null
// for a known "nothing". The CRM's object also lists the fields that stand apart, as the member
// kApartMember, tells of a former lead as kFromLeadMember, of news as kToldMember and of owner and
// contact as kPeopleMember. Fields the
// mapping no longer has are dropped; an empty text gives an empty base.
inline constexpr const char* kApartMember = "~apart";  // no field can be called so
inline constexpr const char* kFromLeadMember = "~from_lead";
inline constexpr const char* kToldMember = "~told";
inline constexpr const char* kPeopleMember = "~people";
Base DecodeBase(const Mapping& mapping, const std::string& partner_center, const std::string& crm);
std::string EncodePartnerCenterBase(const Mapping& mapping, const Base& base);
std::string EncodeCrmBase(const Mapping& mapping, const Base& base);

}  // namespace cosell
