#pragma once

#include <gtest/gtest.h>

#include <string>

#include "net/interactive_sign_in.h"
#include "support/fake_clock.h"
#include "support/fake_secrets.h"
#include "support/recording_log.h"
#include "tools/sandbox/world/world.h"

namespace cosell::test {

// A person in front of a browser, and the emulated identity providers behind it.
class LoginTest : public ::testing::Test {
 protected:
  // What the person's browser is sent back with after signing in at `url`: the query.
  std::string Browser(const std::string& url) {
    const auto answer = world.Transport().Send({"GET", url, {}, ""});
    if (!answer || answer->status != 302) {
      ADD_FAILURE() << (answer ? answer->body : Describe(answer.error()));
      return "";
    }
    const std::string location(net::FindHeader(answer->headers, "Location").value_or(""));
    EXPECT_TRUE(location.starts_with(kRedirect)) << location;
    return location.substr(location.find('?') + 1);
  }

  static constexpr const char* kRedirect = "http://localhost:8400";

  FakeClock clock;
  SeededRandom random{7};
  RecordingLog log;
  FakeSecrets secrets;
  sandbox::World world{clock, random};
};

}  // namespace cosell::test
