#pragma once

#include <cstddef>
#include <string>

#include "crm/salesforce/job.h"
#include "crm/salesforce/target.h"

// How a write ends when the record is not as it must be. Pure functions.
namespace cosell::salesforce {

Error NotThere(const Target& target, const Job& job);
Error Changed(const Target& target, const Job& job);
// The record `id` carries the referral of a create.
Error ExistsAlready(const Target& target, const Job& job, const std::string& id);
Error SeveralCarry(const Target& target, const Job& job, std::size_t count);
// A read that fails after a write leaves the write's outcome open for the engine: it must look
// again, whatever the reason was.
Error ReadBackFailed(const Error& error, const Job& job);

}  // namespace cosell::salesforce
