#include <gtest/gtest.h>

#include "sandbox_dataverse/organization.h"

namespace cosell::sandbox {
namespace {

constexpr const char* kOpportunity = "EntityDefinitions(LogicalName='opportunity')";

class DataverseMetadataTest : public ::testing::Test {
 protected:
  Json Get(const std::string& path) {
    const Reply reply = org.Get(path);
    EXPECT_EQ(reply.status, 200) << path << reply.text;
    return reply.json();
  }
  // The English label, as a client must look for it.
  static std::string English(const Json& label) {
    for (const auto& item : label["LocalizedLabels"]) {
      if (item["LanguageCode"] == 1033) return item["Label"];
    }
    return "";
  }
  static Json Named(const Json& list, const std::string& name) {
    for (const auto& item : list["value"]) {
      if (item["LogicalName"] == name) return item;
    }
    return nullptr;
  }
  Organization org;
};

TEST_F(DataverseMetadataTest, ColumnsAreFoundByEnglishLabelUnderAnyPrefix) {
  Organization other({.prefix = "contoso_",
                      .without_columns = {"products"},
                      .labels = {{"syncwithpartnercenter", "Sync With Partner Center"}}});
  const Json all = other
                       .Get(std::string(kOpportunity) +
                            "/Attributes?$select=LogicalName,SchemaName,AttributeType,DisplayName,"
                            "IsValidForCreate,IsValidForUpdate")
                       .json();
  std::map<std::string, std::string> by_label;
  for (const auto& item : all["value"])
    by_label[English(item["DisplayName"])] = item["LogicalName"];
  EXPECT_EQ(by_label["Referral Identifier"], "contoso_referralidentifier");
  EXPECT_EQ(by_label["Sync With Partner Center"], "contoso_syncwithpartnercenter");
  EXPECT_EQ(by_label["How can Microsoft help?"], "contoso_howcanmicrosofthelp");
  EXPECT_EQ(by_label["Microsoft Partner Center Referral Visibility"], "contoso_referralvisibility");
  EXPECT_FALSE(by_label.contains("Products"));
  EXPECT_EQ(Named(all, "contoso_audit")["AttributeType"], "Memo");
  EXPECT_FALSE(Named(all, "modifiedon")["IsValidForUpdate"].get<bool>());
  EXPECT_FALSE(Named(all, "statecode")["IsValidForCreate"].get<bool>());
}

TEST_F(DataverseMetadataTest, AnotherLanguageStandsFirst) {
  const std::string path = std::string(kOpportunity) +
                           "/Attributes(LogicalName='description')?$select=LogicalName,DisplayName";
  const Json label = Get(path)["DisplayName"];
  EXPECT_NE(label["LocalizedLabels"][0]["LanguageCode"], 1033);
  EXPECT_EQ(English(label), "Description");
  org.world.switches().other_language_first = false;
  EXPECT_EQ(Get(path)["DisplayName"]["LocalizedLabels"][0]["LanguageCode"], 1033);
}

TEST_F(DataverseMetadataTest, NameColumnsAreListedWithoutLabels) {
  const Json all = Get(std::string(kOpportunity) +
                       "/Attributes?$select=LogicalName,DisplayName,"
                       "AttributeType,AttributeOf");
  const Json name = Named(all, "parentaccountidname");
  EXPECT_EQ(name["AttributeOf"], "parentaccountid");
  EXPECT_TRUE(name["DisplayName"]["UserLocalizedLabel"].is_null());
}

TEST_F(DataverseMetadataTest, LengthsComeOnlyThroughACast) {
  const std::string attributes = std::string(kOpportunity) + "/Attributes";
  EXPECT_EQ(org.Get(attributes + "?$select=MaxLength").Code(), "0x80060888");
  const Json texts = Get(
      attributes + "/Microsoft.Dynamics.CRM.StringAttributeMetadata?$select=LogicalName,MaxLength");
  EXPECT_EQ(Named(texts, "name")["MaxLength"], 300);
  EXPECT_TRUE(Named(texts, "description").is_null());
  const Json memos = Get(
      attributes + "/Microsoft.Dynamics.CRM.MemoAttributeMetadata?$select=LogicalName,MaxLength");
  EXPECT_EQ(Named(memos, "description")["MaxLength"], 2000);
  EXPECT_EQ(org.Get(attributes + "/Microsoft.Dynamics.CRM.NoSuchAttributeMetadata").status, 404);
  const Json choices =
      Get(attributes + "/Microsoft.Dynamics.CRM.MultiSelectPicklistAttributeMetadata");
  EXPECT_EQ(choices["value"].size(), 0u);
}

TEST_F(DataverseMetadataTest, ChoicesAreExpanded) {
  const std::string path = std::string(kOpportunity) +
                           "/Attributes(LogicalName='msft_howcanmicrosofthelp')/"
                           "Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=LogicalName";
  EXPECT_FALSE(Get(path).contains("OptionSet"));
  const Json choice = Get(path + "&$expand=OptionSet,GlobalOptionSet");
  EXPECT_TRUE(choice["GlobalOptionSet"].is_null());
  const Json options = choice["OptionSet"]["Options"];
  ASSERT_EQ(options.size(), 6u);
  EXPECT_EQ(options[5]["Value"], 100000005);
  EXPECT_EQ(English(options[5]["Label"]), "General Or Other");
  EXPECT_EQ(org.Get(std::string(kOpportunity) +
                    "/Attributes(LogicalName='name')/"
                    "Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=LogicalName")
                .status,
            404);
}

TEST_F(DataverseMetadataTest, StatusReasonsNameTheirState) {
  const Json status = Get(std::string(kOpportunity) +
                          "/Attributes/Microsoft.Dynamics.CRM.StatusAttributeMetadata"
                          "?$select=LogicalName&$expand=OptionSet");
  const Json options = status["value"][0]["OptionSet"]["Options"];
  ASSERT_EQ(options.size(), 5u);
  EXPECT_EQ(options[4]["Value"], 5);
  EXPECT_EQ(options[4]["State"], 2);
  const Json flag = Get(std::string(kOpportunity) +
                        "/Attributes(LogicalName='msft_referralvisibility')/"
                        "Microsoft.Dynamics.CRM.BooleanAttributeMetadata?$select=LogicalName"
                        "&$expand=OptionSet");
  EXPECT_EQ(English(flag["OptionSet"]["TrueOption"]["Label"]), "Visible to Microsoft sellers");
}

TEST_F(DataverseMetadataTest, TablesTellTheirAbilities) {
  const Json table =
      Get(std::string(kOpportunity) +
          "?$select=ChangeTrackingEnabled,IsOptimisticConcurrencyEnabled,EntitySetName");
  EXPECT_EQ(table["EntitySetName"], "opportunities");
  EXPECT_TRUE(table["ChangeTrackingEnabled"].get<bool>());
  EXPECT_TRUE(table["IsOptimisticConcurrencyEnabled"].get<bool>());
  org.world.switches().change_tracking = false;
  EXPECT_EQ(
      Get("EntityDefinitions?$select=SchemaName&$filter=ChangeTrackingEnabled eq true")["value"]
          .size(),
      0u);
  EXPECT_EQ(org.Get("EntityDefinitions(LogicalName='nosuch')").status, 404);
}

TEST_F(DataverseMetadataTest, KeysAppearWithTheSwitch) {
  const std::string path =
      std::string(kOpportunity) + "/Keys?$select=LogicalName,KeyAttributes,EntityKeyIndexStatus";
  EXPECT_EQ(Get(path)["value"].size(), 0u);
  org.world.switches().alternate_key = true;
  const Json key = Get(path)["value"][0];
  EXPECT_EQ(key["KeyAttributes"], Json::array({"msft_referralidentifier"}));
  EXPECT_EQ(key["EntityKeyIndexStatus"], "Active");
  const Json expanded =
      Get("EntityDefinitions?$select=SchemaName&$expand=Keys($select=KeyAttributes)"
          "&$filter=LogicalName eq 'opportunity'");
  EXPECT_EQ(expanded["value"][0]["Keys"][0]["KeyAttributes"], key["KeyAttributes"]);
}

TEST_F(DataverseMetadataTest, RelationshipsGiveTheNamesToBindWith) {
  org.world.switches().solutions_table = true;
  const Json all =
      Get("EntityDefinitions(LogicalName='msft_microsoftsolution')/"
          "ManyToOneRelationships?$select=ReferencingAttribute,"
          "ReferencingEntityNavigationPropertyName");
  bool found = false;
  for (const auto& item : all["value"]) {
    found = found || item["ReferencingEntityNavigationPropertyName"] == "msft_OpportunityId";
  }
  EXPECT_TRUE(found);
}

TEST_F(DataverseMetadataTest, DateBehaviourFollowsTheSwitch) {
  const std::string path = std::string(kOpportunity) +
                           "/Attributes(LogicalName='estimatedclosedate')/"
                           "Microsoft.Dynamics.CRM.DateTimeAttributeMetadata";
  EXPECT_EQ(Get(path)["DateTimeBehavior"]["Value"], "DateOnly");
  org.world.switches().dates_as_timestamps = true;
  EXPECT_EQ(Get(path)["DateTimeBehavior"]["Value"], "UserLocal");
}

}  // namespace
}  // namespace cosell::sandbox
