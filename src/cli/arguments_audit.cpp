#include <memory>

#include "cli/commands.h"
#include "cli/program.h"

namespace cosell::cli {
namespace {

struct Arguments {
  std::string anchor_file;
  std::string out_file;
  std::string from;
  std::string to;
};

}  // namespace

void AddAudit(Program& program) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* audit = program.AddGroup("audit", "what was written, and that nobody has edited it");
  CLI::App* verify =
      audit->add_subcommand("verify", "check the hash chain; name the first bad entry");
  verify->add_option("--anchor", arguments->anchor_file,
                     "also against this file of anchors, so that a cut end is found");
  program.OnSession(verify, [arguments](Session& session) {
    return VerifyAudit(session, arguments->anchor_file);
  });
  CLI::App* out = audit->add_subcommand("export", "every entry with its values, as JSON Lines");
  out->add_option("--from", arguments->from, "from this time on, as of show --at");
  out->add_option("--to", arguments->to, "up to, but not including, this time");
  out->add_option("--out", arguments->out_file,
                  "to this file, which must not exist; for the owner's eyes only");
  program.OnSession(out, [arguments](Session& session) {
    return ExportAudit(session, arguments->from, arguments->to, arguments->out_file);
  });
  program.OnSession(
      audit->add_subcommand("head", "the newest entry's id and hash, to keep as an anchor"),
      [](Session& session) { return ShowAuditHead(session); });
}

}  // namespace cosell::cli
