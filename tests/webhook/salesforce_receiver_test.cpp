#include "webhook/salesforce_receiver.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "base/text.h"
#include "tests/support/fake_clock.h"
#include "tests/webhook/inbox_store.h"
#include "tests/webhook/signing_authority.h"

namespace cosell::webhook {
namespace {

constexpr const char* kKey = "3n7c-k+e/y= &1";
constexpr const char* kQuery = "key=3n7c-k%2Be%2Fy%3D%20%261";
constexpr const char* kOrganization = "00D5g000004TqAzEAK";
constexpr const char* kRecord = "0065g00000Qm1KdAAJ";
constexpr const char* kNotification = "04l5g00001xYzQaAAK";
constexpr const char* kSessionId = "00D5g000004TqAz!AQwAQInventedSession";

// Section 16.1, byte for byte.
constexpr const char* kAcknowledgement =
    R"(<?xml version="1.0" encoding="UTF-8"?>
<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/">
 <e:Body><notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse></e:Body>
</e:Envelope>
)";

// The sObject of a notification, with fields nobody reads.
std::string Record(const std::string& id, const std::string& type = "sf:Opportunity") {
  return R"(<sObject xsi:type=")" + type +
         R"(" xmlns:sf="urn:sobject.enterprise.soap.sforce.com"><sf:Id>)" + id +
         "</sf:Id><sf:Amount>140000.0</sf:Amount>"
         "<sf:BillingAddress><sf:city>Harbor &amp; Cove</sf:city></sf:BillingAddress>"
         "<sf:SystemModstamp>2026-10-19T08:15:42.000Z</sf:SystemModstamp></sObject>";
}

std::string Notification(const std::string& id, const std::string& record) {
  return "<Notification><Id>" + id + "</Id>" + record + "</Notification>";
}

// An envelope whose `notifications` element holds `content`.
std::string Envelope(const std::string& content) {
  return R"(<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <soapenv:Body>
  <notifications xmlns="http://soap.sforce.com/2005/09/outbound">)" +
         content + R"(
  </notifications>
 </soapenv:Body>
</soapenv:Envelope>)";
}

std::string Message(const std::string& notifications,
                    const std::string& organization = kOrganization) {
  return Envelope("<OrganizationId>" + organization +
                  "</OrganizationId><ActionId>04k5g0000008OmAAAU</ActionId><SessionId>" +
                  kSessionId +
                  "</SessionId><EnterpriseUrl>https://northwind-orchard.my.salesforce.com/services/"
                  "Soap/c/67.0/00D5g000004TqAz</EnterpriseUrl><PartnerUrl/>" +
                  notifications);
}

std::string OneChange() { return Message(Notification(kNotification, Record(kRecord))); }

// `count` notifications, each of its own record; 15-character ids, so that they are easily made.
std::string Batch(int count) {
  std::string notifications;
  for (int i = 0; i < count; ++i) {
    const std::string number = std::to_string(1'000 + i);
    notifications += Notification("04l5g00001x" + number, Record("0065g00000Q" + number));
  }
  return Message(notifications);
}

class SalesforceReceiverTest : public testing::Test {
 protected:
  InboundAnswer Push(const std::string& body, const std::string& query = kQuery,
                     net::Headers headers = {{"Content-Type", "text/xml; charset=utf-8"}}) {
    return receiver.Receive({std::move(headers), query, body, "203.0.113.7"});
  }
  void ExpectAcknowledged(const InboundAnswer& answer, const std::string& reason) {
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.reason, reason);
    EXPECT_EQ(answer.text, kAcknowledgement);
    EXPECT_EQ(answer.content_type, "text/xml; charset=utf-8");
    EXPECT_EQ(answer.detail, "");
  }
  // A fault of that status; nothing was queued and nothing secret is told.
  void ExpectFault(const InboundAnswer& answer, int status, const std::string& reason) {
    EXPECT_EQ(answer.status, status) << answer.detail;
    EXPECT_EQ(answer.reason, reason) << answer.detail;
    EXPECT_EQ(answer.content_type, "text/xml; charset=utf-8");
    EXPECT_NE(answer.text.find("<e:Fault><faultcode>e:"), std::string::npos) << answer.text;
    EXPECT_EQ(answer.text.find("Ack"), std::string::npos);
    EXPECT_FALSE(answer.detail.empty());
    for (const char* const secret : {"3n7c", "InventedSession"}) {
      EXPECT_EQ((answer.text + answer.detail).find(secret), std::string::npos) << answer.detail;
    }
    EXPECT_TRUE(store.events().empty());
    EXPECT_EQ(woken, 0);
  }
  void ExpectUnreadable(const std::string& body, const std::string& problem) {
    const auto answer = Push(body);
    ExpectFault(answer, 400, "body_unreadable");
    EXPECT_NE(answer.detail.find(problem), std::string::npos) << answer.detail;
    EXPECT_NE(answer.text.find("e:Client"), std::string::npos);
  }

  test::FakeClock clock;
  test::InboxStore store;
  int woken = 0;
  Result<std::string> organization = std::string(kOrganization);
  SalesforceReceiver receiver{{.connection = {"northwind"},
                               .key = kKey,
                               .organization_id = [this] { return organization; }},
                              store,
                              clock,
                              [this] { ++woken; }};
};

// --- good messages

TEST_F(SalesforceReceiverTest, ChangedOpportunityIsQueuedAndAcknowledged) {
  ExpectAcknowledged(Push(OneChange()), "accepted");
  ASSERT_EQ(store.events().size(), 1U);
  const Event event = store.events()[0];
  EXPECT_EQ(event.connection.text, "northwind");
  EXPECT_EQ(event.side, Side::crm);
  EXPECT_EQ(event.source, "push");
  EXPECT_EQ(event.name, "outbound-message");
  EXPECT_EQ(event.record_id, kRecord);
  EXPECT_EQ(event.kind, RecordKind::opportunity);
  EXPECT_EQ(event.changed_at, ParseInstant("2026-10-19T08:15:42Z"));
  EXPECT_EQ(event.dedupe_key, "outbound|04l5g00001xYzQaAAK");
  EXPECT_EQ(event.received_at, clock.Now());
  EXPECT_EQ(woken, 1);
}

TEST_F(SalesforceReceiverTest, HundredNotificationsAreOneCommit) {
  ExpectAcknowledged(Push(Batch(100)), "accepted");
  EXPECT_EQ(store.events().size(), 100U);
  EXPECT_EQ(store.commits(), 1);
  EXPECT_EQ(woken, 1);
}

TEST_F(SalesforceReceiverTest, ShortIdsAreBroughtToEighteenCharacters) {
  const std::string body =
      Message(Notification("04l5g00001xYzQa", Record("0065g00000Qm1Kd")), "00D5g000004TqAz");
  ExpectAcknowledged(Push(body), "accepted");
  EXPECT_EQ(store.events().at(0).record_id, kRecord);
  ExpectAcknowledged(Push(OneChange()), "duplicate");
}

TEST_F(SalesforceReceiverTest, LeadsAreQueuedAndOtherObjectsAreNone) {
  const std::string leads = Notification("04l5g00001xYzQb", Record("00Q5g000007HvMn", "sf:Lead"));
  const std::string contacts =
      Notification("04l5g00001xYzQc", Record("0035g000007HvMn", "sf:Contact"));
  ExpectAcknowledged(Push(Message(contacts)), "ignored_table");
  EXPECT_TRUE(store.events().empty());
  EXPECT_EQ(woken, 0);
  ExpectAcknowledged(Push(Message(contacts + leads)), "accepted");
  ASSERT_EQ(store.events().size(), 1U);
  EXPECT_EQ(store.events()[0].kind, RecordKind::lead);
  EXPECT_TRUE(store.events()[0].record_id.starts_with("00Q5g000007HvMn"));
}

TEST_F(SalesforceReceiverTest, RepeatedDeliveryIsAcknowledgedAndWakesNobody) {
  Push(OneChange());
  ExpectAcknowledged(Push(OneChange()), "duplicate");
  EXPECT_EQ(store.events().size(), 1U);
  EXPECT_EQ(woken, 1);
}

TEST_F(SalesforceReceiverTest, RepeatBesideSomethingNewIsTakenInOnce) {
  Push(OneChange());
  const std::string both = Notification(kNotification, Record(kRecord)) +
                           Notification("04l5g00001xYzQb", Record("0065g00000Qm2Zx"));
  ExpectAcknowledged(Push(Message(both)), "accepted");
  EXPECT_EQ(store.events().size(), 2U);
  EXPECT_EQ(woken, 2);
}

TEST_F(SalesforceReceiverTest, PrefixesNilFieldsHeadersAndCommentsAreTheSendersChoice) {
  const std::string body =
      R"(<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header><x/></s:Header><s:Body>)"
      R"(<o:notifications xmlns:o="http://soap.sforce.com/2005/09/outbound" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">)"
      R"(<o:OrganizationId> 00D5g000004TqAzEAK </o:OrganizationId><o:SessionId i:nil="true"/><!-- none -->)"
      R"(<o:Notification><o:Id>04l5g00001xYzQaAAK</o:Id>)"
      R"(<o:sObject i:type="Opportunity"><r:Id xmlns:r="urn:sobject.enterprise.soap.sforce.com"><![CDATA[0065g00000Qm1KdAAJ]]></r:Id></o:sObject>)"
      R"(</o:Notification></o:notifications></s:Body></s:Envelope>)";
  ExpectAcknowledged(Push(body), "accepted");
  EXPECT_EQ(store.events().at(0).record_id, kRecord);
  EXPECT_FALSE(store.events().at(0).changed_at);
}

TEST_F(SalesforceReceiverTest, NothingOfTheContentIsKept) {
  Push(OneChange());
  const Event event = store.events().at(0);
  for (const std::string& text : {event.name, event.record_id, event.dedupe_key, event.source}) {
    EXPECT_EQ(text.find("InventedSession"), std::string::npos);
    EXPECT_EQ(text.find("Harbor"), std::string::npos);
  }
}

// --- who may send

TEST_F(SalesforceReceiverTest, KeyInEveryPlaceItMayStand) {
  ExpectAcknowledged(Push(OneChange(), std::string("a=b&") + kQuery), "accepted");
  ExpectAcknowledged(Push(OneChange(), "", {{"x-cosell-key", kKey}}), "duplicate");
  const std::string basic = "Basic " + test::Base64(std::string("sf:") + kKey);
  ExpectAcknowledged(Push(OneChange(), "", {{"Authorization", basic}}), "duplicate");
}

TEST_F(SalesforceReceiverTest, WrongOrMissingKey) {
  for (const char* const query : {"", "key=", "key=3n7c", "code=3n7c-k%2Be%2Fy%3D%20%261"}) {
    ExpectFault(Push(OneChange(), query), 401, "key_wrong");
  }
  ExpectFault(Push("not XML", ""), 401, "key_wrong");
}

TEST_F(SalesforceReceiverTest, EmptyKeyIsNoConfiguration) {
  EXPECT_THROW(SalesforceReceiver({.connection = {"northwind"}, .key = "", .organization_id = {}},
                                  store, clock, [] {}),
               std::invalid_argument);
}

TEST_F(SalesforceReceiverTest, MessageOfAnotherOrganization) {
  const auto answer =
      Push(Message(Notification(kNotification, Record(kRecord)), "00D5g000004Other"));
  ExpectFault(answer, 400, "body_unreadable");  // sixteen characters: no id at all
  const auto other = Push(Message(Notification(kNotification, Record(kRecord)), "00D5g000004Othr"));
  ExpectFault(other, 403, "organization_wrong");
  EXPECT_NE(other.detail.find("00D5g000004Othr"), std::string::npos) << other.detail;
  EXPECT_NE(other.detail.find(kOrganization), std::string::npos) << other.detail;
  EXPECT_EQ(other.text.find("00D"), std::string::npos) << "a forger learns no id";
}

TEST_F(SalesforceReceiverTest, OrganizationThatIsNotKnownYetAsksForARepeat) {
  for (const Result<std::string>& unknown :
       {Result<std::string>(Error{.kind = ErrorKind::unreachable, .message = "sign-in: no DNS"}),
        Result<std::string>(std::string())}) {
    organization = unknown;
    const auto answer = Push(OneChange());
    ExpectFault(answer, 503, "organization_unknown");
    EXPECT_GT(answer.retry_after.count(), 0);
  }
  organization = std::string(kOrganization);
  ExpectAcknowledged(Push(OneChange()), "accepted");
}

// --- a failing store

TEST_F(SalesforceReceiverTest, FailingStoreIsNotAcknowledged) {
  store.Break();
  const auto answer = Push(Batch(3));
  ExpectFault(answer, 503, "store_failed");
  EXPECT_NE(answer.text.find("e:Server"), std::string::npos);
  EXPECT_EQ(answer.text.find("disk"), std::string::npos);
  EXPECT_GT(answer.retry_after.count(), 0);
  store.Break(false);
  ExpectAcknowledged(Push(Batch(3)), "accepted");
  EXPECT_EQ(store.events().size(), 3U);
}

// --- hostile and broken bodies

TEST_F(SalesforceReceiverTest, BodiesThatAreNoXml) {
  for (const char* const body :
       {"", "{}", "not XML", "<", "<soapenv:Envelope/>", "<a></b>", "<a/><b/>"}) {
    ExpectUnreadable(body, "no well-formed XML");
  }
  const std::string whole = OneChange();
  ExpectUnreadable(whole.substr(0, whole.size() - 1), "no well-formed XML");
  ExpectUnreadable(whole + "<more/>", "no well-formed XML");
  ExpectUnreadable(ReplaceAll(whole, "&amp;", "&nbsp;"), "no well-formed XML");
}

TEST_F(SalesforceReceiverTest, BillionLaughs) {
  std::string body = "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY l0 \"lol\">";
  for (int i = 1; i < 10; ++i) {
    const std::string inner = "&l" + std::to_string(i - 1) + ";";
    body += "<!ENTITY l" + std::to_string(i) + " \"";
    for (int k = 0; k < 10; ++k) body += inner;
    body += "\">";
  }
  ExpectUnreadable(body + "]><lolz>&l9;</lolz>", "document type");
}

TEST_F(SalesforceReceiverTest, EntitiesThatPointAtFilesOrAtThemselves) {
  const std::string message = OneChange();
  const std::string start = message.substr(0, message.find('\n'));
  for (const char* const doctype :
       {R"(<!DOCTYPE x SYSTEM "file:///etc/passwd">)",
        R"(<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd">]>)",
        R"(<!DOCTYPE x [<!ENTITY % remote SYSTEM "http://tailspin.example/x.dtd"> %remote;]>)",
        R"(<!DOCTYPE x [<!ENTITY me "&me;">]>)", "<!DOCTYPE x>"}) {
    ExpectUnreadable(start + doctype + message.substr(start.size()), "document type");
  }
}

// A document type that hides behind another encoding.
TEST_F(SalesforceReceiverTest, AnyEncodingButUtf8IsRefused) {
  std::string wide;
  for (const char c : std::string("<!DOCTYPE x [<!ENTITY e 'x'>]><x>&e;</x>")) {
    wide += c;
    wide += '\0';
  }
  ExpectUnreadable(wide, "no UTF-8");
  ExpectUnreadable("\xff\xfe" + wide, "no UTF-8");
  ExpectUnreadable(ReplaceAll(OneChange(), "Harbor", "Harb\xf6r"), "no UTF-8");
  const std::string seven_bit = ReplaceAll(OneChange(), "encoding=\"UTF-8\"", "encoding=\"UTF-7\"");
  ExpectAcknowledged(Push(seven_bit), "accepted");  // what it calls itself changes nothing
}

TEST_F(SalesforceReceiverTest, DeepNesting) {
  std::string open;
  std::string close;
  for (int i = 0; i < 50'000; ++i) {
    open += "<a>";
    close += "</a>";
  }
  ExpectUnreadable(Envelope(open + close), "nested too deep");
}

TEST_F(SalesforceReceiverTest, TooManyElements) {
  std::string many;
  for (int i = 0; i < 70'000; ++i) many += "<a/>";
  ExpectUnreadable(Message(many + Notification(kNotification, Record(kRecord))), "too many");
}

TEST_F(SalesforceReceiverTest, MoreThanAHundredNotifications) {
  ExpectUnreadable(Batch(101), "more than 100");
}

TEST_F(SalesforceReceiverTest, ElementsOutsideTheirNamespaces) {
  const std::string good = OneChange();
  ExpectUnreadable(ReplaceAll(good, "xmlsoap.org/soap/envelope", "xmlsoap.org/soap/other"),
                   "no SOAP envelope");
  ExpectUnreadable(ReplaceAll(good, "2005/09/outbound", "2006/09/outbound"), "no SOAP envelope");
  ExpectUnreadable(ReplaceAll(good, "XMLSchema-instance", "XMLSchema-other"), "no type");
  const auto answer = Push(ReplaceAll(good, "urn:sobject.enterprise", "urn:sobject.other"));
  ExpectFault(answer, 400, "record_id_missing");
}

TEST_F(SalesforceReceiverTest, MessagesThatLackOrRepeatSomething) {
  const std::string id = "<OrganizationId>" + std::string(kOrganization) + "</OrganizationId>";
  const std::string one = Notification(kNotification, Record(kRecord));
  ExpectUnreadable(Envelope(id), "no notification");
  ExpectUnreadable(Envelope(one), "no organisation");
  ExpectUnreadable(Envelope(id + id + one), "twice");
  ExpectUnreadable(Message("<Notification>" + Record(kRecord) + "</Notification>"), "no valid Id");
  ExpectUnreadable(Message(Notification("04l'--", Record(kRecord))), "no valid Id");
  ExpectUnreadable(Message(Notification(kNotification, "")), "no sObject");
  ExpectUnreadable(Message(Notification(kNotification, Record(kRecord) + Record(kRecord))),
                   "twice");
  ExpectUnreadable(Message(Notification(kNotification, Record(kRecord, ""))), "no type");
  ExpectUnreadable(Message(Notification(std::string(65, '0'), Record(kRecord))), "too long");
  ExpectUnreadable(Message(Notification("04l5g00001x<b/>YzQa", Record(kRecord))), "holds elements");
}

TEST_F(SalesforceReceiverTest, RecordIdsThatAreNone) {
  for (const char* const id : {"", "0065g00000Qm1KdAAK", "../limits", "7f0c2f0e-5f6b-4a53"}) {
    ExpectFault(Push(Message(Notification(kNotification, Record(id)))), 400, "record_id_missing");
  }
}

TEST_F(SalesforceReceiverTest, MessageWithOneBadRecordIsNotTakenInHalf) {
  const std::string body = Message(Notification("04l5g00001xYzQb", Record("0065g00000Qm2Zx")) +
                                   Notification(kNotification, Record("not an id")));
  ExpectFault(Push(body), 400, "record_id_missing");
}

TEST_F(SalesforceReceiverTest, OversizedBodyIsRefusedBeforeItsKey) {
  std::string body = OneChange();
  body.append(1'048'576 - body.size(), ' ');
  ExpectFault(Push(body + " ", ""), 413, "too_large");
  ExpectFault(Push(body, ""), 401, "key_wrong");
  ExpectAcknowledged(Push(body), "accepted");
}

}  // namespace
}  // namespace cosell::webhook
