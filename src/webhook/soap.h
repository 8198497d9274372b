#pragma once

#include "webhook/receiver.h"

namespace cosell::webhook {

// `answer` in the form an outbound message's sender expects (contract salesforce.md section 16.1):
// a 200 becomes the acknowledgement, anything else a SOAP 1.1 fault with the answer's text under
// the answer's own status. Salesforce sends again after all of them alike, for a day. Pure.
InboundAnswer AsSoap(InboundAnswer answer);

}  // namespace cosell::webhook
