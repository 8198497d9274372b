#pragma once

#include <map>
#include <string>
#include <vector>

#include "store/store_tools.h"
#include "support/sync_world.h"

namespace cosell::test {

// One referral and its opportunity, accepted and in step, and what people do to them.
class PairWorld : public testing::TestWithParam<CrmProduct> {
 protected:
  explicit PairWorld(EngineOptions options = {}) : sync_(GetParam(), std::move(options)) {}

  void SharedPair() {
    referral_ = sync_.MicrosoftSends("Brewhouse telemetry rollout");
    sync_.Settle();
    sync_.PartnerMoves(referral_, "Active", "Accepted");
    sync_.Settle();
    opportunity_ = sync_.OpportunityOf(referral_);
    ASSERT_FALSE(opportunity_.empty());
  }
  void PartnerNotes(const std::string& text) {
    sync_.PartnerSets(referral_, "/details/notes", text);
  }
  void SellerNotes(const std::string& text) { sync_.SellerSets(opportunity_, {{"notes", text}}); }
  std::string NotesInPartnerCenter() {
    return sync_.Referral(referral_)["details"]["notes"].get<std::string>();
  }
  std::string NotesInCrm() { return sync_.Crm(opportunity_, "notes"); }
  // Both sides write a text of their own between two rounds.
  void BothEditNotes() {
    PartnerNotes("Partner Center's");
    SellerNotes("The CRM's");
  }
  Link LinkNow() { return sync_.LinkOf(opportunity_); }
  std::vector<Conflict> Conflicts() {
    return sync_.store().OpenConflicts(ConnectionName{"contoso"});
  }
  Status Resolve(Take take, const std::string& field = "notes") {
    return sync_.engine().Resolve({referral_, field, take});
  }
  ErrorKind WhyNot(const Status& status) {
    EXPECT_FALSE(status);
    return status ? ErrorKind::invalid_response : status.error().kind;
  }
  void ResolvedOrFail(Take take, const std::string& field = "notes") {
    const auto resolved = Resolve(take, field);
    EXPECT_TRUE(resolved) << (resolved ? "" : Describe(resolved.error()));
  }

  // Rows of the audit whose column has this value.
  std::vector<std::map<std::string, std::string>> Audit(const std::string& column,
                                                        const std::string& value) {
    std::vector<std::map<std::string, std::string>> rows;
    ReadView(sync_.database(), OperatorView::audit_log, [&](auto columns, auto values) {
      std::map<std::string, std::string> row;
      for (std::size_t i = 0; i < columns.size(); ++i) {
        const auto* text = std::get_if<std::string>(&values[i]);
        if (text != nullptr) row[columns[i]] = *text;
      }
      if (row[column] == value) rows.push_back(std::move(row));
    });
    return rows;
  }
  std::string FlaggedDeal(const std::string& name) {
    auto deal = sync_.NewDeal(name);
    deal.sync = true;
    return sync_.SellerOpens(deal);
  }
  // A record with the referral's identifier: restored, or copied from the one that has it.
  std::string SellerRestores(const std::string& id) {
    auto deal = sync_.NewDeal("Brewhouse telemetry rollout");
    deal.notes = "Edge gateways in three plants.";
    deal.value = "84500";
    deal.closing_date = "2026-09-30";
    deal.sync = true;
    deal.visible = true;
    deal.help_label = "Proof Of Concept or Demo";
    deal.paired = true;
    deal.referral_id = referral_;
    deal.opportunity_id = id;
    return sync_.desk().Open({deal}, "https://partner.example/referrals?id={referral_id}").front();
  }

  SyncWorld sync_;
  std::string referral_;
  std::string opportunity_;
};

}  // namespace cosell::test
