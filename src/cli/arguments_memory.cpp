#include <memory>

#include "cli/commands.h"
#include "cli/program.h"

namespace cosell::cli {
namespace {

void AddBackup(Program& program) {
  CLI::App* backup =
      program.Add("backup", "copy the database, checked, also while the service runs");
  const auto file = std::make_shared<std::string>();
  const auto overwrite = std::make_shared<bool>(false);
  backup->add_option("FILE", *file, "where to")->required();
  backup->add_flag("--overwrite", *overwrite, "replace a file that is there");
  program.OnSession(
      backup, [file, overwrite](Session& session) { return Backup(session, *file, *overwrite); });
}

void AddRestore(Program& program) {
  CLI::App* restore = program.Add(
      "restore", "put a backup in the place of the database, which is kept under a dated name");
  const auto file = std::make_shared<std::string>();
  restore->add_option("FILE", *file, "what `backup` wrote")->required();
  program.OnSession(restore, [file](Session& session) { return Restore(session, *file); });
}

void AddRebuild(Program& program) {
  CLI::App* rebuild = program.Add(
      "rebuild",
      "bring links and bases back from both sides; save what can be read of a damaged database");
  const auto arguments = std::make_shared<RebuildArguments>();
  rebuild->add_option("CONNECTION", arguments->connection, "only this one");
  rebuild->add_option("--from-audit", arguments->audit_file,
                      "an exported audit, from which the bases come back as they were");
  rebuild
      ->add_option("--confirm", arguments->confirm,
                   "mass-change, empty-side, first-share or fingerprint")
      ->expected(1);
  program.OnSession(rebuild,
                    [arguments](Session& session) { return Rebuild(session, *arguments); });
}

}  // namespace

void AddMemory(Program& program) {
  AddRebuild(program);
  AddBackup(program);
  AddRestore(program);
}

}  // namespace cosell::cli
