#pragma once

#include <string>

#include "crm/salesforce/organization.h"
#include "crm/salesforce/records.h"
#include "net/http.h"

namespace cosell::salesforce {

// Where the writes of one call go: one kind of record of one organisation. Made for one call.
struct Target {
  Rest& rest;
  Records& records;
  const Organization& organization;
  const SyncedObject& synced;
  Log& log;

  const std::string& object() const { return synced.object.name; }
  // The field creates carry the referral's id in; empty where there is none.
  std::string identifier() const { return synced.FieldOf("referral_id"); }
  // Whether it is an External ID.
  bool upserts() const {
    const Field* field = synced.object.Find(identifier());
    return field != nullptr && field->external_id;
  }
  // An assignment rule would hand a lead to somebody else whenever it is written (contract
  // salesforce.md section 3.2). Each referral is a lead of its own, so that a duplicate rule that
  // only alerts people does not hold it up (section 14.3).
  net::Headers headers() const {
    if (synced.kind != RecordKind::lead) return {};
    return {{"Sforce-Auto-Assign", "FALSE"}, {"Sforce-Duplicate-Rule-Header", "allowSave=true"}};
  }
};

}  // namespace cosell::salesforce
