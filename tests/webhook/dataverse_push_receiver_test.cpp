#include "webhook/dataverse_push_receiver.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/support/fake_clock.h"
#include "tests/webhook/inbox_store.h"
#include "tests/webhook/signing_authority.h"

namespace cosell::webhook {
namespace {

constexpr const char* kKey = "3n7c-k+e/y= &1";
constexpr const char* kRecord = "0b000000-0000-0000-0000-000000000101";

std::string Context(const std::string& table = "opportunity",
                    const std::string& operation = "5d0a7c3e-0000-4000-8000-00000000d001",
                    const std::string& record = "0B000000-0000-0000-0000-000000000101") {
  return R"({"BusinessUnitId":"a1000000-0000-0000-0000-0000000000b1","InputParameters":[{"key":"Target","value":)"
         R"({"__type":"Entity:http:\/\/schemas.microsoft.com\/xrm\/2011\/Contracts","Attributes":[)"
         R"({"key":"statuscode","value":{"Value":1}},{"key":"modifiedon","value":"\/Date(1772528411373)\/"},)"
         R"({"key":"modifiedonbehalfby","value":null}]}}],"MessageName":"Update","Mode":1,)"
         R"("OperationCreatedOn":"\/Date(1772528412000+0000)\/","OperationId":")" +
         operation + R"(","PrimaryEntityId":")" + record + R"(","PrimaryEntityName":")" + table +
         R"(","Stage":40})";
}

class DataversePushReceiverTest : public testing::Test {
 protected:
  InboundAnswer Push(const std::string& body, net::Headers headers = {{"X-Cosell-Key", kKey}},
                     const std::string& query = "") {
    return receiver.Receive({std::move(headers), query, body, "203.0.113.7"});
  }

  test::FakeClock clock;
  test::InboxStore store;
  int woken = 0;
  DataversePushReceiver receiver{DataversePushOptions{{"contoso"}, kKey}, store, clock,
                                 [this] { ++woken; }};
};

TEST_F(DataversePushReceiverTest, UpdatedOpportunityIsQueued) {
  const auto answer = Push(Context());
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.reason, "accepted");
  ASSERT_EQ(store.events().size(), 1u);
  const Event event = store.events()[0];
  EXPECT_EQ(event.connection.text, "contoso");
  EXPECT_EQ(event.side, Side::crm);
  EXPECT_EQ(event.source, "push");
  EXPECT_EQ(event.name, "Update");
  EXPECT_EQ(event.record_id, kRecord);
  EXPECT_EQ(event.kind, RecordKind::opportunity);
  EXPECT_EQ(event.changed_at, FromUnixMs(1'772'528'411'000));
  EXPECT_EQ(event.received_at, clock.Now());
  EXPECT_EQ(woken, 1);
}

TEST_F(DataversePushReceiverTest, Lead) {
  EXPECT_EQ(Push(Context("lead")).reason, "accepted");
  EXPECT_EQ(store.events().at(0).kind, RecordKind::lead);
}

TEST_F(DataversePushReceiverTest, OtherTablesAreNone) {
  for (const char* table : {"msft_solution", "account", "opportunityclose"}) {
    const auto answer = Push(Context(table));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.reason, "ignored_table");
  }
  EXPECT_TRUE(store.events().empty());
  EXPECT_EQ(woken, 0);
}

TEST_F(DataversePushReceiverTest, RepeatedOperation) {
  Push(Context());
  const auto answer = Push(Context());
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.reason, "duplicate");
  EXPECT_EQ(store.events().size(), 1u);
  EXPECT_EQ(woken, 1);
}

TEST_F(DataversePushReceiverTest, MessagesWithoutAnOperationIdAreNoRepeats) {
  Push(Context("opportunity", "00000000-0000-0000-0000-000000000000"));
  clock.Advance(std::chrono::seconds{1});
  Push(Context("opportunity", "00000000-0000-0000-0000-000000000000"));
  EXPECT_EQ(store.events().size(), 2u);
}

TEST_F(DataversePushReceiverTest, DeletedRecord) {
  const auto answer = Push(
      R"({"MessageName":"Delete","PrimaryEntityName":"opportunity","PrimaryEntityId":"0b000000-0000-0000-0000-000000000101",)"
      R"("InputParameters":[{"key":"Target","value":{"Id":"0b000000-0000-0000-0000-000000000101"}}],)"
      R"("OperationId":"5d0a7c3e-0000-4000-8000-00000000d002"})");
  EXPECT_EQ(answer.reason, "accepted");
  EXPECT_EQ(store.events().at(0).name, "Delete");
  EXPECT_FALSE(store.events().at(0).changed_at);
}

TEST_F(DataversePushReceiverTest, KeyInEveryPlaceItMayStand) {
  const std::string encoded = "3n7c-k%2Be%2Fy%3D%20%261";
  EXPECT_EQ(Push(Context(), {}, "code=" + encoded).status, 200);
  EXPECT_EQ(Push(Context(), {}, "a=b&key=" + encoded).status, 200);
  EXPECT_EQ(
      Push(Context(), {{"Authorization", "Basic " + test::Base64(std::string("crm:") + kKey)}})
          .status,
      200);
}

TEST_F(DataversePushReceiverTest, WrongOrMissingKey) {
  const std::vector<std::pair<net::Headers, std::string>> kRows = {
      {{}, ""},
      {{{"x-cosell-key", ""}}, ""},
      {{{"x-cosell-key", "3n7c"}}, ""},
      {{{"x-cosell-key", std::string(kKey) + "x"}}, ""},
      {{{"x-cosell-code", kKey}}, ""},
      {{{"Authorization", std::string("Bearer ") + kKey}}, ""},
      {{{"Authorization", "Basic " + test::Base64(kKey)}}, ""},
      {{{"Authorization", "Basic not-base64"}}, ""},
      {{}, "code="},
      {{}, "code"},
      {{}, "token=3n7c-k%2Be%2Fy%3D%20%261"},
  };
  for (const auto& [headers, query] : kRows) {
    const auto answer = Push(Context(), headers, query);
    EXPECT_EQ(answer.status, 401) << query;
    EXPECT_EQ(answer.reason, "key_wrong");
    EXPECT_EQ((answer.text + answer.detail).find("3n7c"), std::string::npos);
  }
  EXPECT_TRUE(store.events().empty());
}

TEST_F(DataversePushReceiverTest, BodiesThatAreNoContext) {
  for (const std::string body :
       {"", "{}", "[]", "null", "<xml/>", R"({"PrimaryEntityName":"opportunity"})",
        R"({"PrimaryEntityName":1,"MessageName":"Update"})"}) {
    const auto answer = Push(body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(answer.reason, "body_unreadable");
  }
  EXPECT_EQ(Push(Context("opportunity", "x", "not-a-guid")).reason, "record_id_missing");
  EXPECT_TRUE(store.events().empty());
}

TEST_F(DataversePushReceiverTest, OversizedBodyIsRefusedBeforeItsKey) {
  EXPECT_EQ(Push(std::string(524'289, ' '), {}).status, 413);
  EXPECT_EQ(Push(std::string(524'288, ' '), {}).status, 401);
}

TEST_F(DataversePushReceiverTest, FailingStoreAsksForARepeat) {
  store.Break();
  const auto answer = Push(Context());
  EXPECT_EQ(answer.status, 503);
  EXPECT_GT(answer.retry_after.count(), 0);
  EXPECT_EQ(answer.reason, "store_failed");
  EXPECT_EQ(answer.text.find("disk"), std::string::npos);
  EXPECT_EQ(woken, 0);
  store.Break(false);
  EXPECT_EQ(Push(Context()).reason, "accepted");
}

TEST_F(DataversePushReceiverTest, EmptyKeyIsNoConfiguration) {
  EXPECT_THROW(DataversePushReceiver(DataversePushOptions{{"contoso"}, ""}, store, clock, [] {}),
               std::invalid_argument);
}

}  // namespace
}  // namespace cosell::webhook
