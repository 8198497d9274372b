#include <gtest/gtest.h>

#include "partner_center/partner_center_client.h"
#include "tests/partner_center/scripted_api.h"

namespace cosell {
namespace {

constexpr const char* kBase = "https://api.partnercenter.microsoft.com/webhooks/v1/registration";
constexpr const char* kCamel =
    R"({"subscriberId":"5d0f6a1c-7e35-4f0b-9d55-0c1e5a7f2b11","webhookUrl":"https://hooks.tailspin.example/pc",)"
    R"("webhookEvents":["referral-created","test-created"],"signatureTokenToMsSignatureHeader":true,)"
    R"("lastModifiedTimestamp":"2024-05-13T14:58:00.12Z"})";
constexpr const char* kPascal =
    R"({"WebhookUrl":"https://hooks.tailspin.example/pc","WebhookEvents":["referral-created","test-created"],)"
    R"("SignatureTokenToMsSignatureHeader":true,"LastModifiedTimestamp":"2024-05-13T14:58:00.12Z"})";

class WebhookRegistrarTest : public testing::Test {
 protected:
  test::ScriptedApi api;
  std::unique_ptr<WebhookRegistrar> registrar =
      MakeWebhookRegistrar(api, "https://api.partnercenter.microsoft.com");
  WebhookRegistration ours{"https://hooks.tailspin.example/pc", {"referral-updated"}, true, ""};
};

TEST_F(WebhookRegistrarTest, RegistrationInEitherCase) {
  for (const char* body : {kCamel, kPascal}) {
    api.Answer(200, body);
    const auto registration = registrar->Get();
    ASSERT_TRUE(registration);
    ASSERT_TRUE(registration->has_value());
    EXPECT_EQ((*registration)->url, "https://hooks.tailspin.example/pc");
    EXPECT_EQ((*registration)->events,
              (std::vector<std::string>{"referral-created", "test-created"}));
    EXPECT_TRUE((*registration)->ms_signature_header);
    EXPECT_EQ((*registration)->last_modified, "2024-05-13T14:58:00.12Z");
  }
  EXPECT_EQ(api.last().url, kBase);
}

TEST_F(WebhookRegistrarTest, NoRegistration) {
  api.Answer(404, "");
  const auto registration = registrar->Get();
  ASSERT_TRUE(registration);
  EXPECT_FALSE(registration->has_value());
}

TEST_F(WebhookRegistrarTest, CreateSendsPascalCase) {
  api.Answer(200, kCamel);
  ASSERT_TRUE(registrar->Create(ours));
  EXPECT_EQ(api.last().method, "POST");
  EXPECT_EQ(api.last().url, kBase);
  EXPECT_EQ(api.last().body,
            R"({"SignatureTokenToMsSignatureHeader":true,"WebhookEvents":["referral-updated"],)"
            R"("WebhookUrl":"https://hooks.tailspin.example/pc"})");
  EXPECT_EQ(api.calls.back().repeat, net::Repeat::never);
}

TEST_F(WebhookRegistrarTest, CreateWhereOneExists) {
  api.Answer(
      409,
      R"({"code":"409","description":"This tenant already has a registration.","data":[],"source":"webhooks"})");
  const Error error = registrar->Create(ours).error();
  EXPECT_EQ(error.kind, ErrorKind::already_exists);
  EXPECT_EQ(error.code, "409");
  EXPECT_NE(error.message.find("already has a registration"), std::string::npos);
}

TEST_F(WebhookRegistrarTest, ReplaceIsRepeatable) {
  api.Answer(200, kPascal);
  const auto registration = registrar->Replace(ours);
  ASSERT_TRUE(registration);
  EXPECT_EQ(registration->url, "https://hooks.tailspin.example/pc");
  EXPECT_EQ(api.last().method, "PUT");
  EXPECT_EQ(api.calls.back().repeat, net::Repeat::safe);
}

TEST_F(WebhookRegistrarTest, WriteAnsweredWithoutARegistration) {
  api.Answer(200, "");
  EXPECT_EQ(registrar->Create(ours).error().kind, ErrorKind::unknown_outcome);
}

TEST_F(WebhookRegistrarTest, EventNames) {
  api.Answer(200, R"(["referral-created","test-created",17])");
  const auto events = registrar->Events();
  ASSERT_TRUE(events);
  EXPECT_EQ(*events, (std::vector<std::string>{"referral-created", "test-created"}));
  EXPECT_EQ(api.last().url, std::string(kBase) + "/events");
  api.Answer(200, "{}");
  EXPECT_EQ(registrar->Events().error().kind, ErrorKind::invalid_response);
}

TEST_F(WebhookRegistrarTest, ValidationEventAsObjectOrBareString) {
  for (const char* body : {R"({"CorrelationId":"6c7d0b1a-90a1-4c0e-b1f2-0a9b8c7d6e5f"})",
                           R"("6c7d0b1a-90a1-4c0e-b1f2-0a9b8c7d6e5f")"}) {
    api.Answer(200, body);
    const auto id = registrar->SendValidationEvent();
    ASSERT_TRUE(id);
    EXPECT_EQ(*id, "6c7d0b1a-90a1-4c0e-b1f2-0a9b8c7d6e5f");
  }
  EXPECT_EQ(api.last().method, "POST");
  EXPECT_EQ(api.last().url, std::string(kBase) + "/validationEvents");
  EXPECT_EQ(api.last().body, "");
  EXPECT_EQ(api.Sent("Content-Length"), "0");
  api.Answer(200, "");
  EXPECT_EQ(registrar->SendValidationEvent().error().kind, ErrorKind::unknown_outcome);
}

TEST_F(WebhookRegistrarTest, ValidationReport) {
  api.Answer(
      200,
      R"({"correlationId":"6c7d0b1a","partnerId":"p","status":"completed","callbackUrl":"https://hooks.tailspin.example/pc",)"
      R"("results":[{"responseCode":"OK","responseMessage":"","systemError":false,"dateTimeUtc":"2024-05-13T14:58:21.3340012"},)"
      R"({"responseCode":503,"responseMessage":"later","systemError":true}]})");
  const auto report = registrar->ValidationReport("6c7d0b1a/../x");
  ASSERT_TRUE(report);
  EXPECT_EQ(api.last().url, std::string(kBase) + "/validationEvents/6c7d0b1a%2F..%2Fx");
  EXPECT_EQ(report->status, "completed");
  EXPECT_EQ(report->callback_url, "https://hooks.tailspin.example/pc");
  ASSERT_EQ(report->deliveries.size(), 2u);
  EXPECT_EQ(report->deliveries[0].response_code, "OK");
  EXPECT_EQ(report->deliveries[1].response_code, "503");
  EXPECT_TRUE(report->deliveries[1].system_error);
}

TEST_F(WebhookRegistrarTest, ForbiddenNamesTheRoles) {
  api.Answer(403,
             R"({"code":"900329","description":"The resource does not take app-only tokens."})");
  const Error error = registrar->Get().error();
  EXPECT_EQ(error.kind, ErrorKind::forbidden);
  EXPECT_EQ(error.code, "900329");
  EXPECT_NE(error.message.find("Admin agent"), std::string::npos);
}

}  // namespace
}  // namespace cosell
