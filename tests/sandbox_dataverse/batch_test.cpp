#include <gtest/gtest.h>

#include "sandbox_dataverse/organization.h"

namespace cosell::sandbox {
namespace {

std::string Part(const std::string& request, const std::string& content_id = "") {
  return "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n" +
         (content_id.empty() ? "" : "Content-ID: " + content_id + "\r\n") + "\r\n" + request;
}

std::string Write(const std::string& method, const std::string& path, const Json& body,
                  const std::string& headers = "") {
  const std::string url = path.starts_with('$') ? path : "/api/data/v9.2/" + path;
  return method + " " + url + " HTTP/1.1\r\nContent-Type: application/json\r\n" + headers + "\r\n" +
         body.dump();
}

std::string Read(const std::string& path) {
  return "GET /api/data/v9.2/" + path + " HTTP/1.1\r\n\r\n";
}

std::string Join(const std::string& boundary, const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) text += "--" + boundary + "\r\n" + part + "\r\n";
  return text + "--" + boundary + "--\r\n";
}

std::string ChangeSet(const std::vector<std::string>& parts) {
  return "Content-Type: multipart/mixed; boundary=\"changeset_a\"\r\n\r\n" +
         Join("changeset_a", parts);
}

class DataverseBatchTest : public ::testing::Test {
 protected:
  Reply Send(const std::vector<std::string>& parts, bool go_on = true) {
    net::Headers headers = {{"Authorization", "Bearer good"},
                            {"Content-Type", "multipart/mixed; boundary=\"batch_c5\""}};
    if (go_on) headers.emplace_back("Prefer", "odata.continue-on-error");
    return org.SendRaw("POST", "$batch", Join("batch_c5", parts), headers);
  }
  // The status lines of the answer, in order.
  static std::vector<int> Statuses(const Reply& reply) {
    std::vector<int> statuses;
    for (auto at = reply.text.find("HTTP/1.1 "); at != std::string::npos;
         at = reply.text.find("HTTP/1.1 ", at + 1)) {
      statuses.push_back(std::stoi(reply.text.substr(at + 9, 3)));
    }
    return statuses;
  }
  std::size_t Count(const std::string& set) { return org.world.Rows(set).size(); }
  Organization org;
};

TEST_F(DataverseBatchTest, PartsAreAnsweredInOrder) {
  const Reply reply = Send({Part(Write("POST", "accounts", {{"name", "Fabrikam"}})),
                            Part(Read("accounts?$select=name&$top=1")),
                            Part(Write("PATCH", org.Path(Organization::kUnknownId), {{"name", "A"}},
                                       "If-Match: *\r\n"))});
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(Statuses(reply), (std::vector<int>{204, 200, 404}));
  EXPECT_TRUE(reply.Header("Content-Type").starts_with("multipart/mixed; boundary=batchresponse_"));
  EXPECT_NE(reply.text.find("Location: "), std::string::npos);
  EXPECT_NE(reply.text.find("Fabrikam"), std::string::npos);
}

TEST_F(DataverseBatchTest, WithoutContinueOnErrorOnlyTheFailureIsReportedButEarlierWorkStays) {
  const Reply reply = Send({Part(Write("POST", "accounts", {{"name", "Fabrikam"}})),
                            Part(Write("POST", "accounts", {{"nosuch", 1}})),
                            Part(Write("POST", "accounts", {{"name", "Tailspin"}}))},
                           false);
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(Statuses(reply), (std::vector<int>{400}));
  EXPECT_EQ(Count("accounts"), 1u);
}

TEST_F(DataverseBatchTest, AChangeSetRefersToItsOwnRows) {
  const Reply reply = Send({ChangeSet(
      {Part(Write("POST", "accounts", {{"name", "Fabrikam"}}), "1"),
       Part(Write("POST", "opportunities", {{"name", "A"}, {"parentaccountid@odata.bind", "$1"}}),
            "2"),
       Part(Write("PATCH", "$2", {{"estimatedvalue", 5}}, "If-Match: *\r\n"), "3")})});
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(Statuses(reply), (std::vector<int>{204, 204, 204}));
  EXPECT_NE(reply.text.find("boundary=changesetresponse_"), std::string::npos);
  EXPECT_NE(reply.text.find("Content-ID: 2"), std::string::npos);
  const auto deals = org.world.Rows("opportunities");
  ASSERT_EQ(deals.size(), 1u);
  EXPECT_EQ(deals[0].Cell("_parentaccountid_value"), org.world.Rows("accounts")[0].id);
  EXPECT_EQ(deals[0].Cell("estimatedvalue"), "5.0000");
}

TEST_F(DataverseBatchTest, AFailingChangeSetLeavesNoTrace) {
  const std::string id = org.Make("opportunities", {{"name", "A"}});
  const std::string etag = org.Etag(id);
  org.world.ClearJournal();
  const Reply reply =
      Send({ChangeSet({Part(Write("POST", "accounts", {{"name", "Fabrikam"}}), "1"),
                       Part(Write("PATCH", org.Path(id), {{"name", "B"}}), "2"),
                       Part("DELETE /api/data/v9.2/" + org.Path(id) + " HTTP/1.1\r\n\r\n", "3"),
                       Part(Write("POST", "accounts", {{"nosuch", 1}}), "4")}),
            Part(Read(org.Path(id)))});
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(Statuses(reply), (std::vector<int>{400, 200}));
  EXPECT_EQ(Count("accounts"), 0u);
  EXPECT_EQ(org.Etag(id), etag);
  EXPECT_EQ(org.Cell(id, "name"), "A");
  EXPECT_TRUE(org.world.journal().empty());
  const Reply all = org.Get("opportunities?$select=name", {{"Prefer", "odata.track-changes"}});
  EXPECT_EQ(Organization::Names(all), (std::vector<std::string>{"A"}));
}

TEST_F(DataverseBatchTest, ReferencesMustBeDeclaredAndReadsStayOutside) {
  EXPECT_EQ(Statuses(Send({ChangeSet({Part(Write("PATCH", "$7", {{"name", "A"}}), "1")})})),
            (std::vector<int>{400}));
  EXPECT_EQ(Statuses(Send({ChangeSet({Part(
                Write("POST", "opportunities", {{"parentaccountid@odata.bind", "$7"}}), "1")})})),
            (std::vector<int>{400}));
  EXPECT_EQ(Statuses(Send({ChangeSet({Part(Read("accounts"), "1")})})), (std::vector<int>{400}));
}

TEST_F(DataverseBatchTest, EtagsAndRepresentationsWorkInParts) {
  const std::string id = org.Make("opportunities", {{"name", "A"}});
  const std::string stale = org.Etag(id);
  org.Patch(org.Path(id), {{"name", "B"}});
  const Reply reply =
      Send({Part(Write("PATCH", org.Path(id), {{"name", "C"}}, "If-Match: " + stale + "\r\n")),
            Part(Write("PATCH", org.Path(id) + "?$select=name", {{"name", "D"}},
                       "If-Match: " + org.Etag(id) + "\r\nPrefer: return=representation\r\n"))});
  EXPECT_EQ(Statuses(reply), (std::vector<int>{412, 200}));
  EXPECT_NE(reply.text.find("0x80060882"), std::string::npos);
  EXPECT_NE(reply.text.find("\"name\":\"D\""), std::string::npos);
}

TEST_F(DataverseBatchTest, ThrottlingMayHitASinglePart) {
  DataverseFault fault;
  fault.retry_after_s = 3;
  fault.path_contains = "contacts";
  org.world.Inject(fault);
  const Reply reply = Send({Part(Read("accounts")), Part(Read("contacts")), Part(Read("leads"))});
  EXPECT_EQ(Statuses(reply), (std::vector<int>{200, 429, 200}));
  EXPECT_NE(reply.text.find("Retry-After: 3"), std::string::npos);
}

TEST_F(DataverseBatchTest, MalformedBatchesDoNothing) {
  const auto raw = [&](const std::string& body, const std::string& type) {
    return org.SendRaw("POST", "$batch", body,
                       {{"Authorization", "Bearer good"}, {"Content-Type", type}});
  };
  const std::string type = "multipart/mixed; boundary=b";
  const std::string good = Part(Write("POST", "accounts", {{"name", "Fabrikam"}}));
  const std::string body = Join("b", {good});
  EXPECT_EQ(raw(body, "application/json").status, 400);
  EXPECT_EQ(raw(body, "multipart/mixed; boundary=other").status, 400);
  EXPECT_EQ(raw(ReplaceAll(body, "\r\n", "\n"), type).status, 400);
  EXPECT_EQ(raw(body.substr(0, body.size() - 6), type).status, 400);
  // A GET without the empty line behind its headers.
  const std::string cut = Part("GET /api/data/v9.2/accounts HTTP/1.1");
  EXPECT_EQ(raw(Join("b", {good, cut}), type).status, 400);
  EXPECT_EQ(raw(Join("b", std::vector<std::string>(1001, Part(Read("leads")))), type).status, 400);
  EXPECT_EQ(Count("accounts"), 0u);
  EXPECT_EQ(raw(body, type).status, 200);
  EXPECT_EQ(Statuses(Send({Part("POST /api/data/v9.2/$batch HTTP/1.1\r\n\r\n")})),
            (std::vector<int>{400}));
}

}  // namespace
}  // namespace cosell::sandbox
