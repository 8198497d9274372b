#include "tools/simulation/people.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace cosell::simulation {
namespace {

using Json = nlohmann::json;
using sandbox::SeedCrmState;

struct Opened {
  std::string name;
  std::string customer;
  std::string email;
};

// Every deal has a customer and a contact of its own, so that a doubled one shows.
Opened NamesOf(int deal) {
  const std::string number = std::to_string(deal + 1);
  return {"Deal " + number, "Northwind Works " + number,
          "buyer" + number + "@northwind" + number + ".example"};
}

Json NewReferral(const Opened& names, int opening) {
  const bool help = (opening & kAsksHelp) != 0;
  const bool consent = (opening & kNoConsent) == 0;
  return {{"name", names.name},
          {"type", "Shared"},
          {"qualification", "SalesQualified"},
          {"target", Json::array({{{"type", "SolutionProfile"}, {"id", "SOL-90210-QWK"}}})},
          {"customerProfile",
           {{"name", names.customer},
            {"address",
             {{"addressLine1", "Harbour Road 7"},
              {"city", "Bremen"},
              {"postalCode", "28195"},
              {"country", "DE"}}},
            {"team", Json::array({{{"firstName", "Buyer"},
                                   {"lastName", "Example"},
                                   {"email", names.email},
                                   {"phoneNumber", "+490000001"}}})}}},
          {"consent",
           {{"consentToToShareInfoWithOthers", consent},
            {"consentToContact", consent},
            {"consentToShareReferralWithMicrosoftSellers", true}}},
          {"details",
           {{"notes", "Opening note of " + names.name},
            {"dealValue", 84500},
            {"currency", "EUR"},
            {"closingDateTime", "2026-09-30T00:00:00Z"},
            {"requirements",
             {{"solutions", Json::array({{{"id", "SOL-90210-QWK"}, {"type", "Name"}}})}}}}},
          {"inviteContext",
           {{"notes", "Please support."},
            {"assistanceRequestCode", help ? Json("ProofOfConceptOrDemo") : Json()},
            {"invitedBy", {{"organizationId", "msft"}, {"organizationName", "Microsoft"}}}}}};
}

sandbox::SeedDeal NewDeal(const Opened& names, int opening, Instant now) {
  sandbox::SeedDeal deal;
  deal.name = names.name;
  deal.account_name = names.customer;
  deal.address = {"Harbour Road 7", "", "Bremen", "", "28195", "DE"};
  deal.contact = sandbox::SeedPerson{"Buyer", "Example", names.email, "+490000001", ""};
  deal.owner = {"Oda", "Brandt", "oda.brandt@contoso.example", "+490000002", ""};
  deal.value = "12000";
  deal.currency = "EUR";
  deal.closing_date = "2026-12-15";
  deal.notes = "Opening note of " + names.name;
  deal.products = (opening & kLacksSolution) != 0 ? "" : "SOL-90210-QWK";
  deal.help_label = (opening & kAsksHelp) != 0 ? "Quotes or Licensing" : "";
  deal.visible = false;
  deal.sync = (opening & kFlagged) != 0;
  deal.crm_state = (opening & kOnHold) != 0 ? SeedCrmState::on_hold : SeedCrmState::in_progress;
  deal.created_at = deal.updated_at = now;
  return deal;
}

// A canonical value as the CRM's form takes it.
Json ForCrm(Field field, const std::string& value) {
  if (value.empty()) return nullptr;
  if (field == Field::deal_value) return Json::parse(value);
  if (field == Field::visibility) return value == "true";
  if (field == Field::solutions) return ReplaceAll(value, ",", "; ");
  return value;
}

Json ForReferral(Field field, const std::string& value) {
  if (field == Field::deal_value) return value.empty() ? Json(0) : Json::parse(value);
  if (field == Field::closing_date) return value + "T00:00:00Z";
  if (field == Field::visibility) return value == "true";
  if (field != Field::solutions) return value;
  Json items = Json::array();
  for (const std::string& id : Split(value, ',')) items.push_back({{"id", id}, {"type", "Name"}});
  return items;
}

const char* PatchPath(Field field) {
  switch (field) {
    case Field::name:
      return "/name";
    case Field::deal_value:
      return "/details/dealValue";
    case Field::currency:
      return "/details/currency";
    case Field::closing_date:
      return "/details/closingDateTime";
    case Field::solutions:
      return "/details/requirements/solutions";
    case Field::visibility:
      return "/consent/consentToShareReferralWithMicrosoftSellers";
    default:
      return "/details/notes";
  }
}

}  // namespace

void People::Do(const Step& step) {
  if (step.act == Act::seller_opens) return Open(step);
  if (step.act == Act::microsoft_sends) return Send(step);
  if (!ledger_.deals().contains(step.deal)) return;
  ledger_.Observe();
  if (step.act > Act::rival_rewrites)
    ledger_.deals().at(step.deal).touched_in_partner_center = true;
  switch (step.act) {
    case Act::seller_flags:
    case Act::seller_unflags:
      return SetSync(step.deal, step.act == Act::seller_flags);
    case Act::seller_edits:
      return EditInCrm(step, Actor::seller);
    case Act::rival_rewrites:
      rivals_[{step.deal, step.field}] = {step, step.amount};
      return;
    case Act::seller_holds:
      return MoveInCrm(step.deal, SeedCrmState::on_hold);
    case Act::seller_takes_up:
      return MoveInCrm(step.deal, SeedCrmState::in_progress);
    case Act::seller_wins:
      return MoveInCrm(step.deal, SeedCrmState::won);
    case Act::seller_loses:
      return MoveInCrm(step.deal, SeedCrmState::lost);
    case Act::seller_deletes:
      return Deleting([&](const std::string& id) { return desk_.Delete(id); }, step.deal);
    case Act::seller_deletes_customer:
      return Deleting([&](const std::string& id) { return desk_.DeleteCustomer(id); }, step.deal);
    case Act::seller_undeletes:
      return Undelete(step.deal);
    case Act::seller_merges_customers:
      return MergeCustomers(step.deal, step.amount);
    case Act::partner_edits:
      return EditInPartnerCenter(step);
    case Act::partner_accepts:
      return MoveInPartnerCenter(step.deal, "Active", "Accepted");
    case Act::partner_declines:
      return MoveInPartnerCenter(step.deal, "Closed", "Declined");
    case Act::partner_wins:
      return MoveInPartnerCenter(step.deal, "Closed", "Won");
    case Act::partner_loses:
      return MoveInPartnerCenter(step.deal, "Closed", "Lost");
    case Act::microsoft_accepts:
      return MicrosoftDecides(step.deal, "accept");
    case Act::microsoft_declines:
      return MicrosoftDecides(step.deal, "decline");
    default:
      if (!ledger_.HasReferral(step.deal)) return;
      [[maybe_unused]] const Status expired =
          world_.Expire(ledger_.deals().at(step.deal).referral_id);
      ledger_.Observe();
  }
}

void People::Open(const Step& step) {
  if (ledger_.deals().contains(step.deal)) return;
  const Opened names = NamesOf(step.deal);
  Deal deal;
  deal.name = names.name;
  deal.email = names.email;
  deal.flagged_ever = (step.amount & kFlagged) != 0;
  deal.crm_id = desk_.Open({NewDeal(names, step.amount, world_.clock().Now())}, "").front();
  ledger_.deals()[step.deal] = std::move(deal);
}

void People::Send(const Step& step) {
  if (ledger_.deals().contains(step.deal)) return;
  const Opened names = NamesOf(step.deal);
  const auto id = world_.MicrosoftSends(NewReferral(names, step.amount).dump());
  if (!id) return;
  Deal deal;
  deal.name = names.name;
  deal.email = names.email;
  deal.flagged_ever = true;
  deal.consent = (step.amount & kNoConsent) == 0;
  deal.referral_id = *id;
  ledger_.deals()[step.deal] = std::move(deal);
}

void People::SetSync(int deal, bool yes) {
  if (!ledger_.HasOpportunity(deal)) return;
  Deal& at = ledger_.deals().at(deal);
  if (desk_.Set(at.crm_id, Json{{"sync", yes}}.dump()) && yes) at.flagged_ever = true;
}

void People::EditInCrm(const Step& step, Actor actor) {
  if (!ledger_.HasOpportunity(step.deal)) return;
  Deal& deal = ledger_.deals().at(step.deal);
  std::string word(ToString(step.field));
  if (step.field == Field::solutions) word = "products";
  Json value = ForCrm(step.field, step.value);
  // People leave the mark in front of the name alone.
  const std::string name = desk_.Value(deal.crm_id, "name").value_or("");
  if (step.field == Field::name && name.starts_with("\u2713 ")) value = "\u2713 " + step.value;
  ledger_.Watch(actor, Side::crm, step.deal, step.field, [&] {
    [[maybe_unused]] const Status set = desk_.Set(deal.crm_id, Json{{word, value}}.dump());
  });
}

void People::EditInPartnerCenter(const Step& step) {
  if (!ledger_.HasReferral(step.deal)) return;
  const std::string id = ledger_.deals().at(step.deal).referral_id;
  const Json patch = Json::array({{{"op", "replace"},
                                   {"path", PatchPath(step.field)},
                                   {"value", ForReferral(step.field, step.value)}}});
  ledger_.Watch(Actor::partner, Side::partner_center, step.deal, step.field, [&] {
    [[maybe_unused]] const Status edited = world_.PersonEdits(id, patch.dump());
  });
}

void People::MoveInCrm(int deal, SeedCrmState state) {
  if (!ledger_.HasOpportunity(deal)) return;
  const std::string id = ledger_.deals().at(deal).crm_id;
  ledger_.Watch(Actor::seller, Side::crm, deal, Field::status,
                [&] { [[maybe_unused]] const Status moved = desk_.Move(id, state); });
}

void People::MoveInPartnerCenter(int deal, const std::string& status,
                                 const std::string& substatus) {
  if (!ledger_.HasReferral(deal)) return;
  const std::string id = ledger_.deals().at(deal).referral_id;
  ledger_.Watch(Actor::partner, Side::partner_center, deal, Field::status, [&] {
    [[maybe_unused]] const Status moved =
        world_.PersonMoves(id, status, substatus, "Others: decided in Partner Center");
  });
}

void People::Deleting(const std::function<Status(const std::string&)>& remove, int deal) {
  if (!ledger_.HasOpportunity(deal) || !remove(ledger_.deals().at(deal).crm_id)) return;
  const auto left = desk_.Opportunities();
  for (auto& [number, each] : ledger_.deals()) {
    const bool there = std::find(left.begin(), left.end(), each.crm_id) != left.end();
    if (ledger_.HasOpportunity(number) && !there) each.deleted = true;
  }
}

void People::Undelete(int deal) {
  Deal& at = ledger_.deals().at(deal);
  if (at.deleted && desk_.Undelete(at.crm_id)) at.deleted = false;
}

void People::MergeCustomers(int deal, int other) {
  const bool known = ledger_.deals().contains(other) && ledger_.HasOpportunity(other);
  if (!known || !ledger_.HasOpportunity(deal)) return;
  [[maybe_unused]] const Status merged =
      desk_.MergeCustomers(ledger_.deals().at(deal).crm_id, ledger_.deals().at(other).crm_id);
}

void People::MicrosoftDecides(int deal, const std::string& decision) {
  if (!ledger_.HasReferral(deal)) return;
  const Json own = Json::parse(world_.Referral(ledger_.deals().at(deal).referral_id));
  for (const std::string& id : world_.EngagementIds(own.value("engagementId", ""))) {
    [[maybe_unused]] const Status decided = world_.MicrosoftDecides(id, decision);
  }
}

void People::RivalsRewrite() {
  for (auto& [place, rival] : rivals_) {
    if (rival.left == 0) continue;
    --rival.left;
    EditInCrm(rival.step, Actor::rival);
  }
}

}  // namespace cosell::simulation
