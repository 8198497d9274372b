#pragma once

#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

// How the emulated service says no (contract salesforce.md 14). Thrown anywhere below the router,
// which turns it into an answer and rolls the operation back.
namespace cosell::sandbox::salesforce {

using Json = nlohmann::ordered_json;

struct ServiceError : std::exception {
  ServiceError(int http_status, std::string_view error_code, std::string text)
      : status(http_status), code(error_code), message(std::move(text)) {}
  // An error about fields; `names` may be empty.
  ServiceError(int http_status, std::string_view error_code, std::string text,
               std::vector<std::string> names)
      : status(http_status), code(error_code), message(std::move(text)), fields(std::move(names)) {}
  const char* what() const noexcept override { return message.c_str(); }

  int status;
  std::string code;
  std::string message;
  std::optional<std::vector<std::string>> fields;
  Json duplicates;             // DUPLICATES_DETECTED: the result object (14.3)
  std::string duplicates_key;  // and the name it stands under
  bool before_save = false;    // the body was not understood; no record was looked at
};

// The body of a refused request: an array of one (3.5).
Json ErrorArray(const ServiceError& error);
// The element of `errors` in a collection's result: `statusCode` instead of `errorCode` (12.1).
Json ResultError(const ServiceError& error);

[[noreturn]] void ThrowNotFound();
// 400 INVALID_FIELD: no such column.
[[noreturn]] void ThrowNoColumn(std::string_view field, std::string_view object);
// 400 JSON_PARSER_ERROR.
[[noreturn]] void ThrowBadJson(const std::string& message);

}  // namespace cosell::sandbox::salesforce
