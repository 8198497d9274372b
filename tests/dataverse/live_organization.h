#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "crm/dataverse/dataverse_client.h"
#include "net/api_client.h"
#include "support/fake_clock.h"
#include "support/recording_log.h"
#include "tools/sandbox/dataverse/dataverse_world.h"
#include "tools/sandbox/desk/dataverse_desk.h"

namespace cosell::test {

using Json = nlohmann::json;

// The calls of an adapter, handed to an emulated organisation.
class LiveApi final : public net::ApiClient {
 public:
  explicit LiveApi(sandbox::DataverseWorld& world) : world_(world) {}
  Result<net::ApiAnswer> Send(const net::ApiCall& call) override {
    net::HttpRequest request = call.request;
    request.headers.emplace_back("Authorization", "Bearer good");
    calls.push_back(request.method + " " + request.url);
    net::ApiAnswer answer;
    answer.response = world_.Handle(request);
    answer.clock_offset = std::chrono::milliseconds(0);
    return answer;
  }
  std::size_t Count(const std::string& piece) const {
    std::size_t count = 0;
    for (const std::string& call : calls) count += call.find(piece) != std::string::npos ? 1 : 0;
    return count;
  }
  std::vector<std::string> calls;

 private:
  sandbox::DataverseWorld& world_;
};

// An adapter on an emulated organisation, for what needs one that remembers.
class LiveTest : public ::testing::Test {
 protected:
  static constexpr const char* kOrigin = "https://crm.contoso.example";
  static constexpr auto kDeal = RecordKind::opportunity;
  static constexpr auto kLead = RecordKind::lead;

  explicit LiveTest(sandbox::DataverseWorldOptions world_options = {})
      : world(
            kOrigin, clock, random, [](std::string_view token) { return token == "Bearer good"; },
            std::move(world_options)),
        desk(sandbox::MakeDataverseDesk(world)) {
    options.url = kOrigin;
  }

  // A new client, which remembers nothing.
  void Start(const std::vector<std::string>& columns,
             const std::vector<std::string>& of_lead = {}) {
    crm = MakeDataverseClient(api, options, clock, random, log);
    const auto described = crm->Describe(false);
    ASSERT_TRUE(described.ok()) << Describe(described.error());
    schema = *described;
    crm->Select(kDeal, columns);
    crm->Select(kLead, of_lead);
    api.calls.clear();
  }
  void Pass(int seconds = 5) { clock.Advance(std::chrono::seconds(seconds)); }

  std::string OpensDeal(const Json& columns = {{"name", "Yard planning pilot"}}) {
    return world.Create(world.people().front(), "opportunities", columns.dump()).value();
  }
  CrmRecord ReadOne(RecordKind kind, const std::string& id) {
    const auto read = crm->Read(kind, {CrmId{id}}, Crm::Detail::own);
    if (!read || read->size() != 1u) throw std::runtime_error("the record cannot be read");
    return read->front();
  }
  static Json At(const CrmRecord& record, const std::string& column) {
    return Json::parse(record.raw).value(column, Json("(absent)"));
  }
  static CrmWrite Update(const CrmRecord& record, std::vector<Attribute> attributes) {
    CrmWrite write;
    write.kind = CrmWrite::Kind::update;
    write.record_kind = record.kind;
    write.id = record.id;
    write.etag = record.etag;
    write.attributes = std::move(attributes);
    return write;
  }
  CrmWriteResult WriteOne(const CrmWrite& write) {
    auto results = crm->Write({write});
    EXPECT_EQ(results.size(), 1u);
    return std::move(results.at(0));
  }
  CrmChanges ChangesSince(RecordKind kind, const std::string& cursor) {
    auto changes = crm->Changes(kind, cursor);
    if (!changes) throw std::runtime_error(Describe(changes.error()));
    return *std::move(changes);
  }
  static void ExpectFailure(const CrmWriteResult& result, ErrorKind kind) {
    ASSERT_FALSE(result.record.ok());
    EXPECT_EQ(result.record.error().kind, kind) << Describe(result.record.error());
  }
  static bool Mentions(const std::vector<std::string>& lines, const std::string& piece) {
    for (const std::string& line : lines) {
      if (line.find(piece) != std::string::npos) return true;
    }
    return false;
  }

  FakeClock clock;
  SeededRandom random{7};
  RecordingLog log;
  sandbox::DataverseWorld world;
  std::unique_ptr<sandbox::CrmDesk> desk;
  LiveApi api{world};
  DataverseOptions options;
  std::unique_ptr<Crm> crm;
  CrmSchema schema;
};

}  // namespace cosell::test
