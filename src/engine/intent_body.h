#pragma once

#include <string>

#include "model/intent.h"
#include "model/link.h"
#include "ports/crm.h"

// What an intent keeps of a CRM write, and how a create is looked up by it. Pure functions.
namespace cosell {

// One JSON object: the columns written; beside them, for a create, "account" and "contact" with
// what they are found by and made of. Personal, and erased with the intent.
std::string BodyOf(const CrmWrite& write);

// What an intent to create a CRM record for this link is looked up by.
CreateSearch SearchFor(const Intent& intent, const Link& link);

}  // namespace cosell
