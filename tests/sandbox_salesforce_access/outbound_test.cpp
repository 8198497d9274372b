#include "tools/sandbox/salesforce/access/outbound_messages.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "support/fake_clock.h"
#include "tools/sandbox/salesforce/access/record_id.h"
#include "tools/sandbox/salesforce/access/xml.h"

namespace cosell::sandbox {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr const char* kAction = "04k5g0000008OmAAAU";
constexpr const char* kUrl = "https://hooks.contoso.example/webhooks/northwind/salesforce?key=k";
constexpr const char* kDeal = "0065g00000Qm1KdAAJ";
constexpr const char* kOtherDeal = "0065g00000Qm2ZxAAJ";
constexpr const char* kSeller = "0055g00000DnYxFAAV";
constexpr const char* kIntegration = "0055g00000DnYxEAAV";

constexpr const char* kAck =
    R"(<?xml version="1.0" encoding="UTF-8"?>
<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/">
 <e:Body><notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse></e:Body>
</e:Envelope>)";

// Contract salesforce.md section 16.1: an organisation that tells one endpoint about its
// opportunities, and the endpoint.
class OutboundTest : public testing::Test {
 protected:
  struct Received {
    Instant at;
    std::string url;
    net::Headers headers;
    std::string body;
    std::vector<std::string> ids;
  };

  OutboundTest() {
    messages.AddAction(Action());
    rows[kDeal] = {{"Name", "Harbor cold-chain telemetry"}, {"Amount", "140000.0"}};
  }

  static OutboundAction Action() {
    OutboundAction action;
    action.id = kAction;
    action.object = "Opportunity";
    action.fields = {"Name", "StageName", "Amount"};
    action.url = kUrl;
    return action;
  }

  void SellerEdits(const std::string& id, std::set<std::string> fields = {"Name"}) {
    messages.Enqueue({"Opportunity", id, "update", std::move(fields), kSeller});
  }
  void SellerEditsMany(int count) {
    for (int at = 0; at < count; ++at) {
      const std::string id = NumberedId("006", static_cast<std::uint64_t>(at));
      rows[id] = {{"Name", "Deal"}};
      SellerEdits(id);
    }
  }

  // The endpoint answers the next messages so; after the last one it acknowledges.
  void EndpointAnswers(std::vector<OutboundMessages::Answer> answers) {
    answers_.assign(answers.begin(), answers.end());
  }
  void Pump() {
    messages.Pump(
        [this](const std::string& url, const net::Headers& headers, const std::string& body) {
          received.push_back({clock.Now(), url, headers, body, IdsIn(body)});
          if (answers_.empty()) return OutboundMessages::Answer{200, kAck};
          const OutboundMessages::Answer answer = answers_.front();
          answers_.pop_front();
          return answer;
        });
  }
  // Pumps whenever something is due, for that long.
  void Run(milliseconds time) {
    const Instant end = clock.Now() + time;
    Pump();
    while (const auto due = messages.NextDue()) {
      if (*due > end) break;
      clock.SetNow(std::max(*due, clock.Now()));
      Pump();
    }
    clock.SetNow(end);
  }

  static std::vector<std::string> IdsIn(const std::string& body) {
    std::vector<std::string> ids;
    for (std::size_t at = body.find("<Id>"); at != std::string::npos;
         at = body.find("<Id>", at + 1))
      ids.push_back(body.substr(at + 4, 18));
    return ids;
  }

  test::FakeClock clock;
  SeededRandom random{3};
  std::map<std::string, OutboundFields> rows;
  std::vector<Received> received;
  OutboundMessages messages{
      clock,
      random,
      {},
      [this](const std::string&, const std::string& id,
             const std::vector<std::string>&) -> std::optional<OutboundFields> {
        const auto found = rows.find(id);
        return found == rows.end() ? std::nullopt : std::optional(found->second);
      },
      [](const std::string& user) { return "session-of-" + user; }};

 private:
  std::deque<OutboundMessages::Answer> answers_;
};

TEST_F(OutboundTest, TheMessageIsTheOneOfTheContract) {
  rows[kDeal] = {{"SystemModstamp", "2026-10-19T08:15:42.000Z"},
                 {"Name", "Harbor cold-chain telemetry"},
                 {"Id", kDeal},
                 {"Amount", "140000.0"}};
  rows[kOtherDeal] = {{"Name", "Tinplate & archive migration"}};
  SellerEdits(kDeal);
  SellerEdits(kOtherDeal);
  Pump();
  ASSERT_EQ(received.size(), 1U);
  EXPECT_EQ(received[0].url, kUrl);
  EXPECT_EQ(net::FindHeader(received[0].headers, "Content-Type"), "text/xml; charset=utf-8");
  EXPECT_EQ(net::FindHeader(received[0].headers, "SOAPAction"), "\"\"");
  EXPECT_EQ(received[0].body, R"(<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <soapenv:Body>
  <notifications xmlns="http://soap.sforce.com/2005/09/outbound">
   <OrganizationId>00D5g000004TqAzEAK</OrganizationId>
   <ActionId>04k5g0000008OmAAAU</ActionId>
   <SessionId xsi:nil="true"/>
   <EnterpriseUrl>https://northwind-orchard.my.salesforce.com/services/Soap/c/67.0/00D5g000004TqAz</EnterpriseUrl>
   <PartnerUrl>https://northwind-orchard.my.salesforce.com/services/Soap/u/67.0/00D5g000004TqAz</PartnerUrl>
   <Notification>
    <Id>04l5g0000000001AAA</Id>
    <sObject xsi:type="sf:Opportunity" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">
     <sf:Id>0065g00000Qm1KdAAJ</sf:Id>
     <sf:Amount>140000.0</sf:Amount>
     <sf:Name>Harbor cold-chain telemetry</sf:Name>
     <sf:SystemModstamp>2026-10-19T08:15:42.000Z</sf:SystemModstamp>
    </sObject>
   </Notification>
   <Notification>
    <Id>04l5g0000000002AAA</Id>
    <sObject xsi:type="sf:Opportunity" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">
     <sf:Id>0065g00000Qm2ZxAAJ</sf:Id>
     <sf:Name>Tinplate &amp; archive migration</sf:Name>
    </sObject>
   </Notification>
  </notifications>
 </soapenv:Body>
</soapenv:Envelope>
)");
  EXPECT_TRUE(ParseXml(received[0].body).has_value());
}

TEST_F(OutboundTest, ASessionIsSentOnlyWhereConfigured) {
  OutboundAction action = Action();
  action.include_session = true;
  action.send_as = kIntegration;
  messages.AddAction(action);
  SellerEdits(kDeal);
  Pump();
  EXPECT_NE(received.at(0).body.find("<SessionId>session-of-0055g00000DnYxEAAV</SessionId>"),
            std::string::npos);
}

TEST_F(OutboundTest, AnActionHearsOfItsObjectItsFieldsAndEveryCreate) {
  OutboundAction action = Action();
  action.watched_fields = {"Amount"};
  messages.AddAction(action);
  SellerEdits(kDeal, {"Name"});
  messages.Enqueue({"Lead", "00Q5g00000Qm1KdEAA", "update", {"Amount"}, kSeller});
  messages.Enqueue({"Opportunity", kDeal, "delete", {}, kSeller});
  EXPECT_EQ(messages.pending(), 0U);
  SellerEdits(kDeal, {"Amount", "Name"});
  messages.Enqueue({"Opportunity", kDeal, "create", {}, kSeller});
  EXPECT_EQ(messages.pending(), 2U);
}

TEST_F(OutboundTest, ValuesAreThoseOfTheMomentOfSending) {
  SellerEdits(kDeal);
  rows[kDeal] = {{"Name", "Renamed since"}};
  EndpointAnswers({{503, ""}});
  Pump();
  rows[kDeal] = {{"Name", "And again"}};
  Run(seconds(5));
  ASSERT_EQ(received.size(), 2U);
  EXPECT_NE(received[0].body.find("Renamed since"), std::string::npos);
  EXPECT_NE(received[1].body.find("And again"), std::string::npos);
}

TEST_F(OutboundTest, AMessageHasOneHundredNotificationsAtMost) {
  SellerEditsMany(250);
  Pump();
  ASSERT_EQ(received.size(), 3U);
  EXPECT_EQ(received[0].ids.size(), 100U);
  EXPECT_EQ(received[2].ids.size(), 50U);
  EXPECT_EQ(messages.totals().acknowledged, 250);
  EXPECT_EQ(messages.NextDue(), std::nullopt);
}

TEST_F(OutboundTest, EachActionHasMessagesOfItsOwn) {
  OutboundAction leads = Action();
  leads.id = "04k5g0000008OmBAAU";
  leads.object = "Lead";
  leads.url = "https://hooks.contoso.example/leads";
  messages.AddAction(leads);
  rows["00Q5g00000Qm1KdEAA"] = {{"Company", "Fabrikam"}};
  SellerEdits(kDeal);
  messages.Enqueue({"Lead", "00Q5g00000Qm1KdEAA", "create", {}, kSeller});
  Pump();
  ASSERT_EQ(received.size(), 2U);
  EXPECT_EQ(received[0].url, kUrl);
  EXPECT_EQ(received[1].url, "https://hooks.contoso.example/leads");
}

TEST_F(OutboundTest, OnlyAProperAcknowledgementEndsIt) {
  const std::string ack = kAck;
  const auto with = [&ack](std::string_view from, std::string_view to) {
    std::string changed = ack;
    return changed.replace(changed.find(from), from.size(), to);
  };
  const std::vector<OutboundMessages::Answer> refusals = {
      {0, ""},
      {500, ack},
      {202, ack},
      {200, ""},
      {200, "ok"},
      {200, "<Ack>true</Ack>"},
      {200, with("<Ack>true", "<Ack>false")},
      {200, with("2005/09/outbound", "2005/09/other")},
      {200, with("notificationsResponse xmlns", "response xmlns")},
      {200, with("</e:Envelope>", "")},
      {200, ReplaceAll(ack, "e:Envelope", "Envelope")},
  };
  for (const auto& answer : refusals) {
    SCOPED_TRACE(std::to_string(answer.status) + " " + answer.body);
    EXPECT_FALSE(answer.status == 200 && IsAcknowledgement(answer.body));
    SellerEdits(kDeal);
    EndpointAnswers({answer});
    Pump();
    EXPECT_EQ(messages.pending(), 1U);
    EXPECT_FALSE(messages.deliveries().back().acknowledged);
    Run(seconds(5));
    EXPECT_EQ(messages.pending(), 0U);
    EXPECT_TRUE(messages.deliveries().back().acknowledged);
  }
}

TEST_F(OutboundTest, TheAcknowledgementMayUseAnyPrefix) {
  EXPECT_TRUE(
      IsAcknowledgement(R"(<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/" )"
                        R"(xmlns:n="http://soap.sforce.com/2005/09/outbound"><S:Header/><S:Body>)"
                        "<n:notificationsResponse><n:Ack> true </n:Ack></n:notificationsResponse>"
                        "</S:Body></S:Envelope>"));
}

TEST_F(OutboundTest, RetriesComeAfterGrowingPausesWithTheSameIds) {
  EndpointAnswers({{500, ""}, {500, ""}, {500, ""}});
  SellerEdits(kDeal);
  const Instant start = clock.Now();
  Run(minutes(10));
  ASSERT_EQ(received.size(), 4U);
  EXPECT_EQ(received[1].at - start, seconds(5));
  EXPECT_EQ(received[2].at - received[1].at, seconds(10));
  EXPECT_EQ(received[3].at - received[2].at, seconds(20));
  for (const Received& one : received) EXPECT_EQ(one.ids, received[0].ids);
}

TEST_F(OutboundTest, TheFirstPauseCanBeSetAndTheLongestIsTwoHours) {
  messages.switches().first_retry = minutes(50);
  EndpointAnswers(std::vector<OutboundMessages::Answer>(5, {500, ""}));
  SellerEdits(kDeal);
  Run(hours(20));
  ASSERT_EQ(received.size(), 6U);
  EXPECT_EQ(received[1].at - received[0].at, minutes(50));
  EXPECT_EQ(received[2].at - received[1].at, minutes(100));
  EXPECT_EQ(received[3].at - received[2].at, hours(2));
  EXPECT_EQ(received[5].at - received[4].at, hours(2));
}

TEST_F(OutboundTest, AfterADayTheMessageIsDropped) {
  EndpointAnswers(std::vector<OutboundMessages::Answer>(1000, {500, ""}));
  SellerEdits(kDeal);
  const Instant start = clock.Now();
  Run(hours(23));
  EXPECT_EQ(messages.pending(), 1U);
  Run(hours(4));
  EXPECT_EQ(messages.pending(), 0U);
  EXPECT_EQ(messages.totals().expired, 1);
  EXPECT_LT(received.back().at - start, hours(24));
}

TEST_F(OutboundTest, AnEndpointThatIsBackGetsOldAndNewInOneMessage) {
  EndpointAnswers({{503, ""}});
  SellerEdits(kDeal);
  Pump();
  clock.Advance(seconds(5));
  SellerEdits(kDeal);
  Pump();
  ASSERT_EQ(received.size(), 2U);
  EXPECT_EQ(received[1].ids.size(), 2U);
  EXPECT_TRUE(std::count(received[1].ids.begin(), received[1].ids.end(), received[0].ids[0]));
}

TEST_F(OutboundTest, ARecordThatIsGoneIsNotTold) {
  SellerEdits(kDeal);
  rows.clear();
  Pump();
  EXPECT_TRUE(received.empty());
  EXPECT_EQ(messages.pending(), 0U);
  EXPECT_EQ(messages.totals().gone, 1);
}

TEST_F(OutboundTest, MessagesMayBeLostDelayedOrDoubled) {
  messages.switches().lost = true;
  SellerEdits(kDeal);
  EXPECT_EQ(messages.pending(), 0U);
  EXPECT_EQ(messages.totals().lost, 1);
  messages.switches().lost = false;
  messages.switches().delay_ms = 1500;
  SellerEdits(kDeal);
  EXPECT_EQ(messages.NextDue(), clock.Now() + milliseconds(1500));
  Pump();
  EXPECT_TRUE(received.empty());
  messages.switches().duplicated = true;
  Run(seconds(2));
  ASSERT_EQ(received.size(), 2U);
  EXPECT_EQ(received[0].body, received[1].body);
  EXPECT_EQ(messages.pending(), 0U);
}

TEST_F(OutboundTest, OrderMayBeLost) {
  messages.switches().reordered = true;
  SellerEditsMany(20);
  Pump();
  ASSERT_EQ(received.size(), 1U);
  EXPECT_FALSE(std::is_sorted(received[0].ids.begin(), received[0].ids.end()));
}

TEST_F(OutboundTest, TheIntegrationIsHeardUnlessItsProfileIsSilent) {
  const OutboundChange own = {"Opportunity", kDeal, "update", {"Name"}, kIntegration};
  messages.Enqueue(own);
  EXPECT_EQ(messages.pending(), 1U);
  messages.switches().silent_users = {kIntegration};
  messages.Enqueue(own);
  SellerEdits(kDeal);
  EXPECT_EQ(messages.pending(), 2U);
}

TEST_F(OutboundTest, FieldsMayKeepTheOrderOfTheAction) {
  messages.switches().fields_sorted = false;
  SellerEdits(kDeal);
  Pump();
  const std::string& body = received.at(0).body;
  EXPECT_LT(body.find("sf:Id"), body.find("sf:Name"));
  EXPECT_LT(body.find("sf:Name"), body.find("sf:Amount"));
}

TEST_F(OutboundTest, TheReceiverMayCauseNewChanges) {
  SellerEdits(kDeal);
  messages.Pump([this](const std::string&, const net::Headers&, const std::string&) {
    SellerEdits(kDeal);
    return OutboundMessages::Answer{200, kAck};
  });
  EXPECT_EQ(messages.pending(), 1U);
  EXPECT_EQ(messages.totals().queued, 2);
}

TEST_F(OutboundTest, DeliveriesTellWhatWasSent) {
  EndpointAnswers({{503, ""}});
  SellerEdits(kDeal);
  Run(seconds(5));
  ASSERT_EQ(messages.deliveries().size(), 2U);
  const OutboundDelivery& first = messages.deliveries().front();
  EXPECT_EQ(first.action_id, kAction);
  EXPECT_EQ(first.status, 503);
  EXPECT_EQ(first.record_ids, std::vector<std::string>{kDeal});
  EXPECT_EQ(messages.deliveries().back().notification_ids, first.notification_ids);
  messages.ClearDeliveries();
  EXPECT_TRUE(messages.deliveries().empty());
}

}  // namespace
}  // namespace cosell::sandbox
