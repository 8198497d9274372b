#include "tools/sandbox/salesforce/error.h"

namespace cosell::sandbox::salesforce {

Json ErrorArray(const ServiceError& error) {
  Json item = Json::object();
  if (!error.duplicates.is_null()) item[error.duplicates_key] = error.duplicates;
  item["message"] = error.message;
  item["errorCode"] = error.code;
  if (error.fields) item["fields"] = *error.fields;
  return Json::array({item});
}

Json ResultError(const ServiceError& error) {
  return {{"statusCode", error.code},
          {"message", error.message},
          {"fields", error.fields.value_or(std::vector<std::string>{})}};
}

void ThrowNotFound() {
  throw ServiceError(404, "NOT_FOUND", "The requested resource does not exist");
}

void ThrowNoColumn(std::string_view field, std::string_view object) {
  ServiceError error(
      400, "INVALID_FIELD",
      "No such column '" + std::string(field) + "' on sobject of type " + std::string(object));
  error.before_save = true;
  throw error;
}

void ThrowBadJson(const std::string& message) {
  ServiceError error(400, "JSON_PARSER_ERROR", message);
  error.before_save = true;
  throw error;
}

}  // namespace cosell::sandbox::salesforce
