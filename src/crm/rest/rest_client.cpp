#include "crm/rest/rest_client.h"

#include <memory>
#include <mutex>
#include <utility>

#include "crm/rest/changes.h"
#include "crm/rest/customers.h"
#include "crm/rest/description.h"
#include "crm/rest/pages.h"
#include "crm/rest/records.h"
#include "crm/rest/schema.h"
#include "crm/rest/service.h"
#include "crm/rest/template.h"
#include "crm/rest/values.h"
#include "crm/rest/writer.h"

namespace cosell {
namespace rest {
namespace {

Error NoLeads() {
  return Refusal("Leads are not synchronised with this CRM: take \"lead\" out of crm.records");
}

std::string TextAt(const Json& json, const std::string& pointer) {
  const Json* member = pointer.empty() ? nullptr : Find(json, pointer);
  return member == nullptr ? std::string() : TextOf(PrintExact(*member));
}

// Glue: what the service said of itself and which columns are read is kept here; the work is done
// by objects made for each call.
class RestClient final : public Crm {
 public:
  RestClient(net::ApiClient& api, Description description, std::string url, Clock& clock, Log& log)
      : description_(std::move(description)),
        clock_(clock),
        log_(log),
        service_(api, description_, std::move(url)),
        records_(service_, description_),
        recent_(clock),
        selection_(std::make_shared<const Selection>()) {}

  Result<CrmSchema> Describe(bool refresh) override {
    {
      const std::lock_guard lock(mutex_);
      if (known_ && !refresh) return *known_;
    }
    auto asked = Ask();
    if (!asked) return asked.error();
    const std::lock_guard lock(mutex_);
    known_ = *std::move(asked);
    return *known_;
  }

  void Select(RecordKind kind, const std::vector<std::string>& columns) override {
    if (kind != RecordKind::opportunity) return;
    auto selection = std::make_shared<const Selection>(SelectionOf(columns));
    const std::lock_guard lock(mutex_);
    selection_ = std::move(selection);
  }

  Result<CrmChanges> Changes(RecordKind kind, const std::string& cursor) override {
    if (kind != RecordKind::opportunity) return NoLeads();
    const auto selection = Selected();
    return ChangeReader(service_, records_, description_, *selection, log_).Next(cursor);
  }

  Result<std::vector<CrmRecord>> Read(RecordKind kind, const std::vector<CrmId>& ids,
                                      Detail detail) override {
    if (kind != RecordKind::opportunity) return NoLeads();
    std::vector<std::string> texts;
    for (const CrmId& id : ids) texts.push_back(id.text);
    return records_.Read(texts, *Selected(), detail == Detail::with_related);
  }

  Result<FoundCreate> FindCreated(const CreateSearch& search) override {
    if (search.kind != RecordKind::opportunity) return NoLeads();
    const auto schema = Describe(false);
    if (!schema) return schema.error();
    const auto found = records_.FindByMarker(search.marker.text);
    if (!found) return found.error();
    if (found->empty()) {
      if (const auto early = TooEarly(search)) return *early;
    }
    FoundCreate create;
    if (!found->empty()) {
      const ReadDeal& first = found->front();
      create.record = records_.reader().ToRecord(first.deal, *Selected(), first.clock_offset);
    }
    auto related = Customers(service_, description_, recent_).FindMade(search, schema->user_id);
    if (!related) return related.error();
    create.related = *std::move(related);
    return create;
  }

  std::vector<CrmWriteResult> Write(const std::vector<CrmWrite>& writes) override {
    const auto selection = Selected();
    Customers customers(service_, description_, recent_);
    Writer writer(service_, records_, description_, customers, *selection, clock_);
    std::vector<CrmWriteResult> results;
    results.reserve(writes.size());
    for (const CrmWrite& write : writes) results.push_back(writer.Write(write));
    return results;
  }

 private:
  std::shared_ptr<const Selection> Selected() {
    const std::lock_guard lock(mutex_);
    return selection_;
  }

  // Who we are; where the service does not say, whether deals can be listed.
  Result<CrmSchema> Ask() const {
    const Call& whoami = description_.whoami;
    if (whoami.path.empty()) {
      const auto page =
          ReadPage(service_, description_.deal.list, std::nullopt, "", "list of deals");
      if (!page) return page.error();
      return ToSchema(description_, "", "");
    }
    const auto target = Fill(whoami, {});
    if (!target) return target.error();
    const auto answer = service_.Get(*target, "question who we are");
    if (!answer) {
      Error error = answer.error();
      if (error.kind != ErrorKind::not_found) return error;
      error.kind = ErrorKind::invalid_response;
      error.message += ": correct base_path and whoami.path of the description file";
      return error;
    }
    CrmSchema schema = ToSchema(description_, TextAt(answer->body, description_.user),
                                TextAt(answer->body, description_.organization));
    if (schema.user_id.empty() && !description_.user.empty()) {
      schema.problems.push_back("whoami.user of the description file leads to nothing at \"" +
                                description_.user + "\": correct the pointer");
    }
    return schema;
  }

  // A search that lags does not show a create that has just happened.
  std::optional<Error> TooEarly(const CreateSearch& search) const {
    const auto left = search.opened_at + description_.deal.find.lag - clock_.Now();
    if (left.count() <= 0 || left > description_.deal.find.lag) return std::nullopt;
    Error error;
    error.kind = ErrorKind::unavailable;
    error.message = "The search of " + description_.name +
                    " may not show the deal of this create yet; it is looked for again";
    error.retry_after = std::chrono::ceil<std::chrono::milliseconds>(left);
    return error;
  }

  const Description description_;
  Clock& clock_;
  Log& log_;
  const Service service_;
  const Records records_;
  RecentCustomers recent_;
  std::mutex mutex_;
  std::optional<CrmSchema> known_;
  std::shared_ptr<const Selection> selection_;
};

}  // namespace
}  // namespace rest

RestDescription::RestDescription(std::shared_ptr<const rest::Description> content)
    : content_(std::move(content)) {}

RestDescription RestDescription::Parse(std::string_view text,
                                       const std::map<std::string, std::string>& fields,
                                       std::vector<Problem>& problems) {
  std::vector<rest::DescriptionProblem> found;
  auto content =
      std::make_shared<const rest::Description>(rest::ReadDescription(text, fields, found));
  for (rest::DescriptionProblem& each : found) {
    problems.push_back({std::move(each.path), std::move(each.message)});
  }
  return RestDescription(std::move(content));
}

RestAuth RestDescription::auth() const { return content_->auth; }

net::ApiClient::Options RestDescription::api_options() const {
  net::ApiClient::Options options;
  options.requests_per_second_max = content_->requests_per_second_max;
  const RestAuth& auth = content_->auth;
  if (auth.scheme == RestAuth::Scheme::basic) options.token_prefix = "Basic ";
  if (auth.scheme == RestAuth::Scheme::header) {
    options.token_header = auth.header;
    options.token_prefix = auth.prefix;
  }
  return options;
}

std::unique_ptr<Crm> MakeRestClient(net::ApiClient& api, const RestDescription& description,
                                    std::string url, Clock& clock, Log& log) {
  return std::make_unique<rest::RestClient>(api, description.content(), std::move(url), clock, log);
}

}  // namespace cosell
