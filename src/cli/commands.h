#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "cli/session.h"

// One function per command. Each prints its result to standard output (one JSON document with
// --json), messages to standard error, and returns the exit code. They throw Failure.
namespace cosell::cli {

// What `init` was told; empty texts were not.
struct InitChoice {
  std::string folder = ".";
  std::string crm_kind;  // one that has a built-in mapping
  std::string name;
  std::string crm_url;
  std::string tenant_id;
  std::string client_id;
  std::string crm_client_id;
  std::string secrets_folder;
  std::string public_url;
  bool without_leads = false;
};
// Writes cosell-sync.json and the mapping.json of a CRM kind into the folder; never over an
// existing file. What was not told is asked of `person`; without one nothing is asked, and where
// nothing was told the commented example is written.
int Init(const InitChoice& choice, std::istream* person, bool json);
// Every prerequisite, a line each.
int Check(Session& session, const std::string& connection);
int RunMigrate(Session& session);

// Shows what the CRM lacks; with `apply` makes it, up to the first failure.
int PrepareCrm(Session& session, const std::string& connection, bool apply);

// How to sign in interactively.
struct LoginChoice {
  std::string side;  // "partner-center", "crm"; empty: the one whose grant is refresh_token
  bool device_code = false;
  int port = -1;  // of the redirect address; 0: any free one; -1: as the identity provider wants
  bool print = false;
};
// One interactive sign-in; the refresh token goes where the configuration reads it.
int Login(Session& session, const std::string& connection, const LoginChoice& choice);

int ShowStatus(Session& session);
// `id`: referral id, CRM id or link number. `at`: as it was then (times.h); empty: as it is.
int Show(Session& session, const std::string& id, const std::string& at);
// Why a field of a pair has the value it has.
int ExplainField(Session& session, const std::string& id, const std::string& field);

// Against the file of anchors too, unless that is empty.
int VerifyAudit(Session& session, const std::string& anchor_file);
int ShowAuditHead(Session& session);
// To standard output where `out_file` is empty. Empty times: no limit.
int ExportAudit(Session& session, const std::string& from, const std::string& to,
                const std::string& out_file);

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

int Backup(Session& session, const std::string& file, bool overwrite);
int Restore(Session& session, const std::string& file);
struct RebuildArguments {
  std::string connection;            // empty: all
  std::string audit_file;            // empty: none
  std::vector<std::string> confirm;  // rails, as `sync` takes them
};
int Rebuild(Session& session, const RebuildArguments& arguments);
// Erases a person's data in every connection, or lets it in again. `id`: the person's e-mail
// address, or a referral id, CRM id or link number.
int Redact(Session& session, const std::string& id, bool allow);
// The mapping as it works, line by line, each with its origin.
int ShowMapping(Session& session, const std::string& connection);
// A mapping file (empty: the connection's own) against its laws, the stored records and the CRM.
int CheckMapping(Session& session, const std::string& file, const std::string& connection);
// What a mapping file would write, from a copy of the database; as a plan for `apply` too, unless
// `out_file` is empty.
int PreviewMapping(Session& session, const std::string& file, const std::string& connection,
                   const std::string& out_file);

int WebhookShow(Session& session, const std::string& connection);
int WebhookRegister(Session& session, const std::string& connection, bool overwrite);
int WebhookTest(Session& session, const std::string& connection);

}  // namespace cosell::cli
