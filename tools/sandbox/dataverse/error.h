#pragma once

#include <exception>
#include <optional>
#include <string>
#include <string_view>

// How the emulated service says no (contract dynamics365.md section 11). Thrown anywhere below the
// router, which turns it into an answer and rolls the operation back.
namespace cosell::sandbox::dataverse {

inline constexpr std::string_view kInvalidArgument = "0x80040203";
inline constexpr std::string_view kValidation = "0x80044331";
inline constexpr std::string_view kBadQuery = "0x80060888";
inline constexpr std::string_view kBadBody = "0x80048d19";
inline constexpr std::string_view kBadState = "0x80048408";
inline constexpr std::string_view kStampExpired = "0x80044352";
inline constexpr std::string_view kNoRecordWithKey = "0x80060891";
inline constexpr std::string_view kNoPrivilege = "0x80040220";
inline constexpr std::string_view kNotAMember = "0x80072560";
inline constexpr std::string_view kNotFound = "0x80040217";
inline constexpr std::string_view kVersionMismatch = "0x80060882";
inline constexpr std::string_view kKeyTaken = "0x80060892";
inline constexpr std::string_view kDuplicateKey = "0x80040237";
inline constexpr std::string_view kDuplicateFound = "0x80040333";
inline constexpr std::string_view kNoConcurrency = "0x80060883";

struct ServiceError : std::exception {
  ServiceError(int status_code, std::string_view error_code, std::string text)
      : status(status_code), code(error_code), message(std::move(text)) {}
  const char* what() const noexcept override { return message.c_str(); }
  int status;
  std::string code;
  std::string message;
  std::optional<int> retry_after_s;
};

// 400 for something wrong with the URL or its options.
[[noreturn]] void ThrowBadQuery(const std::string& message);
// 400 for something wrong with the body.
[[noreturn]] void ThrowBadBody(const std::string& message);
// "Could not find a property named 'x' on type 'Microsoft.Dynamics.CRM.opportunity'."
[[noreturn]] void ThrowNoProperty(std::string_view property, std::string_view type);

}  // namespace cosell::sandbox::dataverse
