#pragma once

#include <string>
#include <vector>

#include "cli/session.h"

// One function per command. Each prints its result to standard output (one JSON document with
// --json), messages to standard error, and returns the exit code. They throw Failure.
namespace cosell::cli {

// Writes cosell-sync.json and the mapping.json of a CRM kind into `folder`; never over an existing
// file. Requires a kind that has a built-in mapping.
int Init(const std::string& folder, const std::string& crm_kind, bool json);
int Check(Session& session, const std::string& connection);
int RunMigrate(Session& session);

int ShowStatus(Session& session);
// A referral id, CRM id or link number.
int Show(Session& session, const std::string& id);

int Sync(Session& session, const std::string& connection, const std::vector<std::string>& confirm);
// A dry run; written to `out_file` too, unless that is empty, for the owner's eyes only.
int MakePlanFile(Session& session, const std::string& connection, const std::string& out_file);
// Carries out a reviewed plan, each connection of it exactly or not at all.
int ApplyPlanFile(Session& session, const std::string& file);

int ListConflicts(Session& session, const std::string& connection);
// `id`: referral id, CRM id or link number; `take`: "partner-center", "crm", "leave", "lost-value".
int ResolveConflict(Session& session, const std::string& id, const std::string& field,
                    const std::string& take);

int ListQuarantine(Session& session, const std::string& connection);
int RetryQuarantine(Session& session, const std::string& id);
int RetryAllQuarantined(Session& session, const std::string& connection);

int WebhookShow(Session& session, const std::string& connection);
int WebhookRegister(Session& session, const std::string& connection, bool overwrite);
int WebhookTest(Session& session, const std::string& connection);

}  // namespace cosell::cli
