#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "model/gap.h"

// The account of a gap, for people and programs. Pure functions.
namespace cosell::app {

// The columns of the view gap_certificates, as one object.
nlohmann::ordered_json CertificateAsJson(const GapCertificate& certificate);

// A few lines; every sentence is a count. Takes what CertificateAsJson gives, so that the command
// line prints what a daemon has answered.
std::string CertificateAsText(const nlohmann::ordered_json& certificate);

}  // namespace cosell::app
