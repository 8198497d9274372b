#include "app/config_enums.h"

#include <initializer_list>

namespace cosell::app {
namespace {

template <typename Enum>
Enum Named(std::string_view name, std::initializer_list<Enum> members, Enum otherwise) {
  for (const Enum member : members) {
    if (ToString(member) == name) return member;
  }
  return otherwise;
}

}  // namespace

std::string_view ToString(Grant grant) {
  switch (grant) {
    case Grant::refresh_token:
      return "refresh_token";
    case Grant::client_credentials:
      return "client_credentials";
    case Grant::password:
      return "password";
    case Grant::jwt_bearer:
      return "jwt_bearer";
    case Grant::token:
      return "token";
  }
  return "";
}

std::string_view ToString(CrmKind kind) {
  switch (kind) {
    case CrmKind::dynamics365:
      return "dynamics365";
    case CrmKind::salesforce:
      return "salesforce";
    case CrmKind::rest:
      return "rest";
  }
  return "";
}

std::string_view ToString(ConflictPolicy policy) {
  switch (policy) {
    case ConflictPolicy::partner_center_wins:
      return "partner_center_wins";
    case ConflictPolicy::crm_wins:
      return "crm_wins";
    case ConflictPolicy::newest_wins:
      return "newest_wins";
    case ConflictPolicy::ask:
      return "ask";
  }
  return "";
}

std::string_view ToString(ReopenPolicy policy) {
  switch (policy) {
    case ReopenPolicy::reclose:
      return "reclose";
    case ReopenPolicy::unlink:
      return "unlink";
  }
  return "";
}

Grant GrantOf(std::string_view name) {
  return Named(name,
               {Grant::refresh_token, Grant::client_credentials, Grant::password, Grant::jwt_bearer,
                Grant::token},
               Grant::client_credentials);
}

CrmKind CrmKindOf(std::string_view name) {
  return Named(name, {CrmKind::dynamics365, CrmKind::salesforce, CrmKind::rest},
               CrmKind::dynamics365);
}

ConflictPolicy ConflictPolicyOf(std::string_view name) {
  return Named(name,
               {ConflictPolicy::partner_center_wins, ConflictPolicy::crm_wins,
                ConflictPolicy::newest_wins, ConflictPolicy::ask},
               ConflictPolicy::newest_wins);
}

ReopenPolicy ReopenPolicyOf(std::string_view name) {
  return Named(name, {ReopenPolicy::reclose, ReopenPolicy::unlink}, ReopenPolicy::reclose);
}

}  // namespace cosell::app
