#pragma once

#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"
#include "net/api_client.h"

// What the referrals and the webhook registration API have in common: headers, and the many shapes
// of their error answers. Pure; safe from any thread.
namespace cosell {

// A call with the headers of contract partner-center.md section 3.2. Identity, correlation and
// request ids are the ApiClient's.
net::ApiCall MakeCall(std::string method, std::string url, net::Repeat repeat,
                      const CorrelationId& correlation = {});

// What was asked, for the error's message and for what a 5xx means.
struct Question {
  std::string what;       // "creating a referral", "reading referral <id>"
  bool is_write = false;  // a 5xx leaves it unknown whether the write happened
  std::string roles;      // the roles a 403 asks for
};

bool IsSuccess(const net::ApiAnswer& answer);

// The Error an answer outside 2xx stands for. The HTTP status decides; the remote's code refines
// 400, 409 and 422 (section 3.11, "Error body": both hosts' shapes, the gateway's, HTML). `message`
// quotes the remote's message, cut to 300 characters, and never the request.
Error ErrorFromAnswer(const net::ApiAnswer& answer, const Question& question);

// For a write that was answered 2xx with something we cannot use.
Error DoneButUnread(const net::ApiAnswer& answer, const Question& question, std::string_view why);

// invalid_response for a read.
Error Unreadable(const net::ApiAnswer& answer, const Question& question, std::string_view why);

}  // namespace cosell
