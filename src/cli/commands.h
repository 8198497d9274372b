#pragma once

#include <string>
#include <vector>

#include "cli/session.h"

// One function per command. Each prints its result to standard output (one JSON document with
// --json), messages to standard error, and returns the exit code. They throw Failure.
namespace cosell::cli {

// Writes cosell-sync.json and mapping.json into `folder`; never over an existing file.
int Init(const std::string& folder, bool json);
int Check(Session& session, const std::string& connection);
int RunMigrate(Session& session);

int ShowStatus(Session& session);
// A referral id, CRM id or link number.
int Show(Session& session, const std::string& id);

int Sync(Session& session, const std::string& connection, const std::vector<std::string>& confirm);
int MakePlanFile(Session& session, const std::string& connection, const std::string& out_file);

int WebhookShow(Session& session, const std::string& connection);
int WebhookRegister(Session& session, const std::string& connection, bool overwrite);
int WebhookTest(Session& session, const std::string& connection);

}  // namespace cosell::cli
