#pragma once

#include "tools/sandbox/salesforce/call.h"

// What the organisation tells about its objects (contract section 13).
namespace cosell::sandbox::salesforce {

Json DescribeGlobal(const ReadContext& context);
Json DescribeObject(const ReadContext& context, const Table& table);

}  // namespace cosell::sandbox::salesforce
