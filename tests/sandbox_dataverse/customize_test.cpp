#include <gtest/gtest.h>

#include "organization.h"

// What the emulated organisation refuses an administrator's program.
namespace cosell::sandbox {
namespace {

Json LabelOf(const std::string& text) {
  return {{"LocalizedLabels", Json::array({{{"Label", text}, {"LanguageCode", 1033}}})}};
}

Json TextColumn(const std::string& schema_name) {
  return {{"@odata.type", "Microsoft.Dynamics.CRM.StringAttributeMetadata"},
          {"SchemaName", schema_name},
          {"DisplayName", LabelOf("Referral Program")},
          {"MaxLength", 100}};
}

class CustomizeTest : public ::testing::Test {
 protected:
  CustomizeTest() {
    const Reply publisher = organization.Post(
        "publishers",
        {{"uniquename", "contoso"}, {"friendlyname", "Contoso"}, {"customizationprefix", "cts"}});
    EXPECT_EQ(publisher.status, 204) << publisher.text;
    const Reply solution = organization.Post(
        "solutions", {{"uniquename", "Contoso"},
                      {"friendlyname", "Contoso"},
                      {"publisherid@odata.bind", "/publishers(" + publisher.Id() + ")"}});
    EXPECT_EQ(solution.status, 204) << solution.text;
  }
  Reply Creates(const Json& column, const std::string& solution = "Contoso") {
    return organization.Post("EntityDefinitions(LogicalName='opportunity')/Attributes", column,
                             {{"MSCRM.SolutionUniqueName", solution}});
  }
  static void ExpectRefusal(const Reply& reply, int status, const std::string& code) {
    EXPECT_EQ(reply.status, status) << reply.text;
    if (reply.status < 400) return;
    EXPECT_EQ(reply.Code(), code) << reply.text;
  }

  Organization organization;
};

TEST_F(CustomizeTest, AColumnIsThereAtOnceAndAwaitsPublishing) {
  EXPECT_EQ(Creates(TextColumn("cts_Program")).status, 204);
  EXPECT_EQ(organization
                .Get("EntityDefinitions(LogicalName='opportunity')/Attributes(LogicalName='cts_"
                     "program')?$select=LogicalName")
                .status,
            200);
  EXPECT_EQ(organization.world.unpublished(), (std::set<std::string>{"opportunity"}));
  const Json publish = {
      {"ParameterXml",
       "<importexportxml><entities><entity>opportunity</entity></entities></importexportxml>"}};
  EXPECT_EQ(organization.Post("PublishXml", publish).status, 204);
  EXPECT_TRUE(organization.world.unpublished().empty());
}

TEST_F(CustomizeTest, AColumnThatExistsIsRefused) {
  ASSERT_EQ(Creates(TextColumn("cts_Program")).status, 204);
  ExpectRefusal(Creates(TextColumn("cts_program")), 400, "0x80047013");
}

TEST_F(CustomizeTest, AForeignPrefixIsRefused) {
  ExpectRefusal(Creates(TextColumn("msft_Program")), 400, "0x80040203");
  ExpectRefusal(Creates(TextColumn("cts_Program"), ""), 400, "0x80040203");
}

TEST_F(CustomizeTest, AnUnknownSolutionIsRefused) {
  ExpectRefusal(Creates(TextColumn("cts_Program"), "Fabrikam"), 404, "0x80040217");
}

TEST_F(CustomizeTest, ALengthOutOfRangeIsRefused) {
  Json column = TextColumn("cts_Program");
  column["MaxLength"] = 4001;
  ExpectRefusal(Creates(column), 400, "0x80040203");
}

TEST_F(CustomizeTest, TwoOptionsOfOneValueAreRefused) {
  const Json option = {{"Value", 1}, {"Label", LabelOf("One")}};
  Json column = TextColumn("cts_Help");
  column["@odata.type"] = "Microsoft.Dynamics.CRM.PicklistAttributeMetadata";
  column["OptionSet"] = {{"Options", Json::array({option, option})}};
  ExpectRefusal(Creates(column), 400, "0x80040203");
}

TEST_F(CustomizeTest, AMissingPrivilegeIsRefusedByName) {
  organization.world.switches().missing_privileges = {"prvCreateAttribute"};
  const Reply reply = Creates(TextColumn("cts_Program"));
  ExpectRefusal(reply, 403, "0x80040220");
  EXPECT_NE(reply.text.find("prvCreateAttribute"), std::string::npos);
}

TEST_F(CustomizeTest, AUniqueNameIsTakenOnce) {
  ExpectRefusal(organization.Post("publishers", {{"uniquename", "contoso"},
                                                 {"friendlyname", "Contoso"},
                                                 {"customizationprefix", "ctx"}}),
                412, "0x80040237");
}

TEST_F(CustomizeTest, RowsThatWereThereReadTheNewColumnAsEmpty) {
  const std::string id = organization.Make("opportunities", {{"name", "Yard planning pilot"}});
  ASSERT_EQ(Creates(TextColumn("cts_Program")).status, 204);
  const Json row = organization.Get(organization.Path(id) + "?$select=cts_program").json();
  EXPECT_TRUE(row["cts_program"].is_null());
}

}  // namespace
}  // namespace cosell::sandbox
