#pragma once

#include "organization.h"

namespace cosell::test {

// Verbs for writes: what the engine asks for, and a Salesforce that does it.
class WriteFixture : public SalesforceTest {
 protected:
  static constexpr const char* kApiUser = "0055g00000DnYxEAAV";  // of the session

  void SetUp() override {
    Reads({"Name", "Amount", "CloseDate", "StageName", "Description", "Audit__c"});
    api.On("GET", "FROM Opportunity WHERE", Rows({}));
  }

  static CrmWrite Update(const std::string& id, std::vector<Attribute> attributes,
                         const std::string& etag = "") {
    CrmWrite write;
    write.kind = CrmWrite::Kind::update;
    write.id.text = id;
    write.etag = etag;
    write.attributes = std::move(attributes);
    write.correlation.text = "c0000000-0000-4000-8000-000000000001";
    return write;
  }
  static std::string NthReferral(std::size_t n) {
    std::string digits = std::to_string(n);
    return "7f0c2f0e-5f6b-4a53-9b0c-" + std::string(12 - digits.size(), '0') + digits;
  }
  static CrmWrite Create(const std::string& marker = kReferral) {
    CrmWrite write;
    write.kind = CrmWrite::Kind::create;
    write.marker.text = marker;
    write.attributes = {{"Name", "\"Harbor cold-chain telemetry\""},
                        {"StageName", "\"Qualification\""},
                        {"CloseDate", "\"2026-11-30\""},
                        {"Referral_Identifier__c", "\"" + marker + "\""}};
    return write;
  }
  static RelatedRecord Company(const std::string& name, const std::string& postal_code = "28195") {
    RelatedRecord record;
    record.match = {{"Name", "\"" + name + "\""}, {"BillingPostalCode", "\"" + postal_code + "\""}};
    record.attributes = record.match;
    record.attributes.push_back({"BillingCity", "\"Bremen\""});
    return record;
  }
  static RelatedRecord Person(const std::string& email, const std::string& last_name = "Okafor") {
    RelatedRecord record;
    record.match = {{"Email", "\"" + email + "\""}};
    record.attributes = record.match;
    if (!last_name.empty()) record.attributes.push_back({"LastName", "\"" + last_name + "\""});
    return record;
  }

  std::string EtagOf(const std::string& id) {
    const auto records = crm().Read(RecordKind::opportunity, {{id}}, Crm::Detail::own);
    EXPECT_TRUE(records.ok() && records->size() == 1);
    const std::string etag = records.ok() && !records->empty() ? records->front().etag : "";
    api.Forget();
    return etag;
  }
  CrmWriteResult WriteOne(const CrmWrite& write) {
    auto results = crm().Write({write});
    EXPECT_EQ(results.size(), 1u);
    return results.at(0);
  }
  static void ExpectFailure(const CrmWriteResult& result, ErrorKind kind) {
    ASSERT_FALSE(result.record.ok());
    EXPECT_EQ(result.record.error().kind, kind) << Describe(result.record.error());
  }

  static Json Saved(const std::string& id, std::optional<bool> created = std::nullopt) {
    Json result = {{"id", id}, {"success", true}, {"errors", Json::array()}};
    if (created) result["created"] = *created;
    return result;
  }
  static Json NotSaved(const std::string& code, const std::string& message = "no") {
    return {
        {"success", false},
        {"errors",
         Json::array({{{"statusCode", code}, {"message", message}, {"fields", Json::array()}}})}};
  }
  // A collection is carried out: updates succeed, creates get ids of their own.
  void SavesCollections() {
    const auto save = [this](const ScriptedApi::Received& request) {
      Json results = Json::array();
      const Json asked = request.json();
      for (const Json& record : asked["records"]) {
        const bool update = record.contains("id");
        const std::string id = update ? record["id"].get<std::string>() : NthId(7000 + made_++);
        Stores(With(Row(id), "Referral_Identifier__c",
                    record.value("Referral_Identifier__c", std::string{})));
        results.push_back(update ? Saved(id) : Saved(id, true));
      }
      EXPECT_LE(results.size(), 200u);
      return ScriptedApi::Answer(Answered(200, results));
    };
    api.Does("PATCH", "/composite/sobjects", save);
    api.Does("POST", "/composite/sobjects", [this, save](const ScriptedApi::Received& request) {
      return request.path == "/composite/sobjects" ? save(request) : Retrieve(request);
    });
  }
  // A single upsert is carried out.
  void SavesUpserts(int status = 201, bool created = true) {
    Stores(Row(kTelemetry));
    api.On("PATCH", "/sobjects/Opportunity/Referral_Identifier__c/",
           Answered(status, status == 204 ? std::string{} : Saved(kTelemetry, created).dump()));
  }

 private:
  ScriptedApi::Answer Retrieve(const ScriptedApi::Received& request) {
    return Retrieved(request.json());
  }

  std::size_t made_ = 0;
};

}  // namespace cosell::test
