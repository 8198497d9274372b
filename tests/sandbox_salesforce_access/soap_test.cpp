#include "tests/sandbox_salesforce_access/organization.h"
#include "tools/sandbox/salesforce/access/record_id.h"
#include "tools/sandbox/salesforce/access/xml.h"

namespace cosell::sandbox {
namespace {

// Contract salesforce.md section 2.9: the login of old clients.
class SoapLoginTest : public AccessTest {
 protected:
  SoapLoginTest() { sessions.switches().soap_login = true; }

  Reply SendXml(const std::string& xml, const std::string& version = "50.0") {
    return Send({"POST",
                 std::string(kLogin) + "/services/Soap/u/" + version,
                 {{"Content-Type", "text/xml"}, {"SOAPAction", "\"\""}},
                 xml});
  }
  Reply Login(const std::string& password, const std::string& version = "50.0") {
    return SendXml(R"(<se:Envelope xmlns:se="http://schemas.xmlsoap.org/soap/envelope/">)"
                   "<se:Header/><se:Body><login xmlns=\"urn:partner.soap.sforce.com\"><username>" +
                       XmlEscape(kSyncName) + "</username><password>" + XmlEscape(password) +
                       "</password></login></se:Body></se:Envelope>",
                   version);
  }
  static std::string Between(const std::string& text, const std::string& name) {
    const std::size_t begin = text.find("<" + name + ">");
    const std::size_t end = text.find("</" + name + ">");
    if (begin == std::string::npos || end == std::string::npos) return "";
    return text.substr(begin + name.size() + 2, end - begin - name.size() - 2);
  }
  static void ExpectFault(const Reply& reply, const std::string& code) {
    EXPECT_EQ(reply.status, 500);
    EXPECT_EQ(Between(reply.text, "sf:exceptionCode"), code) << reply.text;
    EXPECT_TRUE(Between(reply.text, "faultstring").starts_with(code + ": "));
    EXPECT_TRUE(ParseXml(reply.text).has_value());
  }

  const std::string right_password = std::string(kPassword) + kSecurityToken;
};

TEST_F(SoapLoginTest, OpensASessionAndTellsWhereToGo) {
  const Reply reply = Login(right_password);
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(Between(reply.text, "serverUrl"),
            std::string(kMyDomain) + "/services/Soap/u/50.0/00D5g000004TqAz");
  EXPECT_EQ(Between(reply.text, "userId"), kSyncId);
  EXPECT_EQ(Between(reply.text, "organizationId"), "00D5g000004TqAzEAK");
  EXPECT_EQ(Between(reply.text, "passwordExpired"), "false");
  EXPECT_EQ(sessions.Check("Bearer " + Between(reply.text, "sessionId")), kSyncId);
  EXPECT_EQ(sessions.sign_ins().granted.at("soap"), 1);
  EXPECT_TRUE(ParseXml(reply.text).has_value());
}

TEST_F(SoapLoginTest, UnderstandsPrefixedElements) {
  const Reply reply = SendXml(
      R"(<?xml version="1.0" encoding="utf-8" ?>
<env:Envelope xmlns:xsd="http://www.w3.org/2001/XMLSchema"
    xmlns:env="http://schemas.xmlsoap.org/soap/envelope/">
  <env:Header><urn:CallOptions xmlns:urn="urn:partner.soap.sforce.com">
    <urn:client>tailspin</urn:client></urn:CallOptions></env:Header>
  <env:Body><n1:login xmlns:n1="urn:partner.soap.sforce.com"><n1:username>)" +
      std::string(kSyncName) + "</n1:username><n1:password><![CDATA[" + right_password +
      "]]></n1:password></n1:login></env:Body></env:Envelope>");
  EXPECT_EQ(reply.status, 200) << reply.text;
}

TEST_F(SoapLoginTest, IsOffUntilSwitchedOnAndGoneInNewVersions) {
  ExpectFault(Login(right_password, "65.0"), "UNSUPPORTED_API_VERSION");
  ExpectFault(Login(right_password, "30.0"), "UNSUPPORTED_API_VERSION");
  ExpectFault(Login(right_password, "latest"), "UNSUPPORTED_API_VERSION");
  EXPECT_EQ(Login(right_password, "64.0").status, 200);
  sessions.switches().soap_login = false;
  ExpectFault(Login(right_password), "INVALID_OPERATION");
}

TEST_F(SoapLoginTest, RefusesWrongPasswordsAndOtherMessages) {
  ExpectFault(Login(kPassword), "INVALID_LOGIN");
  ExpectFault(SendXml("no xml"), "INVALID_OPERATION");
  ExpectFault(SendXml(R"(<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>)"
                      R"(<query xmlns="urn:partner.soap.sforce.com"/></e:Body></e:Envelope>)"),
              "INVALID_OPERATION");
  EXPECT_EQ(sessions.sign_ins().refused, 3);
  sessions.ForceError(kSyncName, "LOGIN_RATE_EXCEEDED", "too many logins", 1);
  ExpectFault(Login(right_password), "LOGIN_RATE_EXCEEDED");
}

TEST(XmlTest, ReadsNamespacesTextAndReferences) {
  const auto root = ParseXml(
      "\xef\xbb\xbf<?xml version='1.0'?><!-- a -->\n<a:x xmlns:a='urn:a' xmlns='urn:d'>"
      "<y k=\"&lt;\">1 &amp; <!-- b -->&#x41;&#66;&apos;</y><a:y/><z xmlns=''/></a:x><!-- end -->");
  ASSERT_TRUE(root);
  EXPECT_EQ(root->name_space, "urn:a");
  ASSERT_NE(root->Child("urn:d", "y"), nullptr);
  EXPECT_EQ(root->Child("urn:d", "y")->text, "1 & AB'");
  EXPECT_NE(root->Child("urn:a", "y"), nullptr);
  EXPECT_NE(root->Child("", "z"), nullptr);
  EXPECT_EQ(root->Child("urn:a", "z"), nullptr);
}

TEST(XmlTest, RefusesWhatIsNotWellFormed) {
  for (const char* text :
       {"", "x", "<a>", "<a></b>", "<a/><b/>", "<a b></a>", "<a b=c/>", "<p:a/>", "<a>&nbsp;</a>",
        "<a>&#0;</a>", "<a>& </a>", "<a b='<'/>", "<a><!-- </a>", "<!-- <a/>", "<?xml <a/>",
        "<a><![CDATA[</a>", "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", "<a>\xff</a>", "< a/>"}) {
    EXPECT_FALSE(ParseXml(text)) << text;
  }
  std::string deep;
  for (int level = 0; level < 100; ++level) deep += "<a>";
  for (int level = 0; level < 100; ++level) deep += "</a>";
  EXPECT_FALSE(ParseXml(deep));
}

TEST(XmlTest, EscapedTextComesBackUnchanged) {
  const std::string text = "Tinplate & <archive> \"migration\"\r\n\tÅ '2'";
  const auto root = ParseXml("<a>" + XmlEscape(text) + "</a>");
  ASSERT_TRUE(root);
  EXPECT_EQ(root->text, text);
  EXPECT_EQ(XmlEscape(std::string_view("a\0\x01z", 4)), "az");
}

TEST(RecordIdTest, TheChecksumTellsUpperCaseLetters) {
  EXPECT_EQ(WithChecksum("0065g00000Qm1Kd"), "0065g00000Qm1KdAAJ");
  EXPECT_EQ(WithChecksum("00D5g000004TqAz"), "00D5g000004TqAzEAK");
  EXPECT_EQ(WithChecksum("0065g00000Qm1KdAAJ"), "0065g00000Qm1KdAAJ");
  EXPECT_EQ(WithoutChecksum("0065g00000Qm1KdAAJ"), "0065g00000Qm1Kd");
  EXPECT_EQ(NumberedId("04l", 0), "04l5g0000000000AAA");
  EXPECT_EQ(NumberedId("04l", 36 + 62), "04l5g000000001aAAA");
  EXPECT_EQ(NumberedId("04l", 35), "04l5g000000000ZAAQ");
}

}  // namespace
}  // namespace cosell::sandbox
