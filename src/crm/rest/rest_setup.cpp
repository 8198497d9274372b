#include <optional>
#include <utility>

#include "base/text.h"
#include "crm/rest/description.h"
#include "crm/rest/pages.h"
#include "crm/rest/records.h"
#include "crm/rest/rest_client.h"
#include "crm/rest/service.h"
#include "crm/rest/values.h"

namespace cosell {
namespace rest {
namespace {

using Kind = SetupFinding::Kind;

// What each missing part costs is said by Describe; here it is a step nobody but a person can take.
constexpr const char* kRolesOfCoSell[] = {"referral_link", "help", "products", "audit",
                                          "visibility"};

class RestSetup final : public CrmSetup {
 public:
  RestSetup(net::ApiClient& api, Description description, std::string url)
      : description_(std::move(description)),
        service_(api, description_, std::move(url)),
        records_(service_, description_) {}

  Result<std::vector<SetupStep>> Plan() override {
    std::vector<SetupStep> steps;
    for (const char* role : kRolesOfCoSell) {
      if (description_.deal.roles.contains(role)) continue;
      steps.push_back({role, "opportunity", role,
                       "an attribute with the role '" + std::string(role) + "'",
                       "this program cannot create fields in " + description_.name +
                           ": create it there and describe it in the description file"});
    }
    return steps;
  }
  Status Make(const SetupStep& step) override {
    return Refusal(step.name + " cannot be created from here: " + step.obstacle);
  }
  Status Publish() override { return Done{}; }
  std::vector<std::string> Handwork() const override {
    return {"give our user in " + description_.name +
            " the right to read and write every attribute of the description file"};
  }

  Result<Inspection> Inspect() override {
    Inspection inspection;
    const auto page = ReadPage(service_, description_.deal.list, std::nullopt, "", "list of deals");
    if (!page) return page.error();
    inspection.clock_offset = page->clock_offset;
    LookAtPromises(inspection);
    if (page->items.empty()) {
      Say(inspection, Kind::hint, "description",
          "there is no deal to hold the description against: enter one and check again");
      return inspection;
    }
    const Json& listed = page->items.front();
    const std::string id = IdOf(listed, description_.deal.id);
    const auto read = records_.Get(id);
    if (!read) {
      Say(inspection, Kind::problem, "description", Describe(read.error()));
    } else if (!*read) {
      Say(inspection, Kind::problem, "description",
          "the first deal of the list cannot be read by itself: correct opportunity.id (\"" +
              description_.deal.id.member + "\") or opportunity.get");
    } else {
      Compare(inspection, listed, **read);
    }
    return inspection;
  }

 private:
  static void Say(Inspection& inspection, Kind kind, std::string subject, std::string text) {
    inspection.findings.push_back({kind, std::move(subject), std::move(text)});
  }

  // Weaker guarantees that the description admits.
  void LookAtPromises(Inspection& inspection) const {
    const DealResource& deal = description_.deal;
    if (deal.precondition == Precondition::none) {
      Say(inspection, Kind::hint, "precondition",
          description_.name +
              " has none: a deal is compared right before it is written, and an edit in between "
              "is overwritten");
    }
    if (!deal.unique_marker) {
      Say(inspection, Kind::hint, "duplicates",
          description_.name +
              " takes a second deal with the same referral: only the search before each create "
              "stands against it; make the field unique if you can");
    }
    if (deal.list.parameter.empty()) {
      Say(inspection, Kind::hint, "changes",
          "the list has no 'changed since': every poll reads all deals");
    }
    const bool blind = !description_.whoami.path.empty() && description_.account &&
                       description_.account->nested.empty() &&
                       description_.account->created_by.empty();
    if (description_.whoami.path.empty() || blind) {
      Say(inspection, Kind::hint, "audit",
          "who made a customer cannot be told (whoami, created_by): one that was made by a create "
          "whose answer got lost is missing in the audit");
    }
  }

  void Compare(Inspection& inspection, const Json& listed, const ReadDeal& read) const {
    const DealResource& deal = description_.deal;
    if (deal.precondition == Precondition::etag && read.etag.empty()) {
      Say(inspection, Kind::problem, "precondition",
          "a deal is read without an ETag: describe another precondition, or none");
    }
    if (deal.precondition == Precondition::version && read.deal.version.empty()) {
      Say(inspection, Kind::problem, "precondition",
          "a deal has no version at \"" + deal.version + "\": correct opportunity.precondition");
    }
    if (deal.list_is_whole) {
      const auto same = records_.reader().Read(listed);
      if (!same || same->etag != read.deal.etag) {
        Say(inspection, Kind::problem, "description",
            "the list shows a deal otherwise than it is read by itself: leave \"records\": "
            "\"whole\" out of opportunity.list");
      }
    }
    std::vector<std::string> missing;
    for (const auto& [name, attribute] : deal.attributes) {
      if (Find(read.deal.json, attribute.member) == nullptr) missing.push_back(name);
    }
    LookAtChanges(inspection, read.deal);
    if (missing.empty()) {
      Say(inspection, Kind::ok, "description", "every described attribute is there");
    } else {
      Say(inspection, Kind::hint, "description",
          "deal " + read.deal.id + " has no " + Join(missing, ", ") +
              ": well if they are empty; else correct their \"member\"");
    }
  }

  // Whether "changed since" means what the description says.
  void LookAtChanges(Inspection& inspection, const Deal& deal) const {
    const Listing& list = description_.deal.list;
    if (list.parameter.empty()) return;
    const auto page = ReadPage(service_, list, deal.changed_at - list.overlap, "",
                               "list of deals since a change");
    if (!page) {
      Say(inspection, Kind::problem, "changes",
          "the list does not take " + list.parameter +
              " as described: correct opportunity.list.since (" + Describe(page.error()) + ")");
    } else if (page->items.empty()) {
      Say(inspection, Kind::problem, "changes",
          "asked with " + list.parameter + " from before deal " + deal.id +
              " changed, the list brings nothing: correct opportunity.list.since");
    }
  }

  const Description description_;
  const Service service_;
  const Records records_;
};

}  // namespace
}  // namespace rest

std::unique_ptr<CrmSetup> MakeRestSetup(net::ApiClient& api, const RestDescription& description,
                                        std::string url) {
  return std::make_unique<rest::RestSetup>(api, description.content(), std::move(url));
}

}  // namespace cosell
