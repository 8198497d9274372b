#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "net/api_client.h"

// Dataverse's answers as Errors (contract dynamics365.md section 11): decided on the code first,
// then on the status, never on the text, which is localised. Pure functions.
namespace cosell::dataverse {

// What was asked; the same answer means different things. `create` is a PATCH with
// If-None-Match: *, `update` one with If-Match, `action` Win or Lose.
enum class Purpose { read, create, update, action };

constexpr std::string_view kVersionExpired = "0x80044352";
constexpr std::string_view kTextTooLong = "0x80044331";

// "0x80060882" for any of "0x80060882", "0X80060882" and "-2147088254"; other text lower-cased.
std::string NormalizeCode(std::string_view code);

// The error an answer with a status of 300 or more stands for. `what` names what was attempted for
// a person ("update of opportunity 0b00..."). The remote's own words are cut to 300 characters.
// Only for a write can the kind be unknown_outcome (5xx: it may have been done).
Error ErrorFromAnswer(const net::ApiAnswer& answer, Purpose purpose, std::string_view what);

// The same view on an error the API client reported: a write that ended `unavailable` may have been
// done.
Error ErrorFromClient(Error error, Purpose purpose, std::string_view what);

// 2xx with a body that is not what the contract says.
Error UnreadableAnswer(const net::ApiAnswer& answer, std::string_view what);

// Our own refusal, before anything was sent.
Error Refusal(std::string message);

}  // namespace cosell::dataverse
