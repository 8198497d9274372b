#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/mapping_check.h"
#include "app/mapping_preview.h"
#include "app/mapping_source.h"
#include "app/results.h"
#include "base/guid.h"
#include "cli/commands.h"
#include "cli/print_mapping.h"
#include "cli/rounds.h"
#include "cli/text_table.h"
#include "platform/files.h"
#include "store/store_factory.h"
#include "store/store_tools.h"

namespace cosell::cli {
namespace {

using Json = nlohmann::ordered_json;

// The connection with another mapping file, as if it were in place.
app::ConnectionConfig With(app::ConnectionConfig config, const std::string& file) {
  if (!file.empty()) config.mapping_file = std::filesystem::absolute(file).string();
  return config;
}

// A copy of the database beside it, for as long as this lives: the preview takes in what is new on
// both sides, and the daemon's own database must not notice.
class Copy {
 public:
  Copy(Session& session, Random& random)
      : path_(session.config().database_path + ".preview-" + NewGuid(random).substr(0, 8)) {
    try {
      BackupStore(session.config().database_path, path_);
      StoreOptions options;
      options.path = path_;
      options.clock = &session.clock();
      store_ = OpenStore(options);
    } catch (const std::runtime_error& error) {
      Remove();
      throw Failure{kDatabase, error.what()};
    }
  }
  ~Copy() {
    store_.reset();
    Remove();
  }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;

  Store& store() { return *store_; }

 private:
  void Remove() const {
    for (const char* suffix : {"", "-wal", "-shm"}) {
      std::error_code ignored;
      std::filesystem::remove(path_ + suffix, ignored);
    }
  }

  std::string path_;
  std::unique_ptr<Store> store_;
};

struct Line {
  std::string result;  // "ok", "note", "problem", "unreachable"
  std::string text;
};

void AddFindings(const std::vector<app::MappingFinding>& findings, const std::string& if_none,
                 std::vector<Line>* lines) {
  bool problem = false;
  for (const auto& finding : findings) {
    problem |= finding.problem;
    lines->push_back({finding.problem ? "problem" : "note", finding.text});
  }
  if (!problem) lines->push_back({"ok", if_none});
}

void CheckSampled(Session& session, const app::ConnectionConfig& config, const Mapping& mapping,
                  const CrmSchema& schema, std::vector<Line>* lines) {
  if (!std::filesystem::exists(session.config().database_path)) {
    lines->push_back({"note", "there is no database yet, so no stored values were tried"});
    return;
  }
  const auto sampled = app::CheckSampledLens(mapping, schema, session.ReadOnlyStore(), config.name);
  AddFindings(sampled.findings,
              "the values of " + std::to_string(sampled.records) + " stored records come back",
              lines);
}

std::vector<Line> CheckOne(Session& session, const app::ConnectionConfig& config) {
  std::vector<Line> lines;
  const auto mapping = app::LoadMapping(config);
  if (!mapping) throw Failure{kUsage, mapping.error().message};
  lines.push_back({"ok", "the file is understood, and generated values come back as they were"});
  const auto schema = session.ConnectClients(config).crm().Describe(true);
  if (!schema) {
    lines.push_back({"unreachable", Describe(schema.error())});
    return lines;
  }
  CheckSampled(session, config, *mapping, *schema, &lines);
  AddFindings(app::FitToCrm(*mapping, *schema, config.crm.leads()),
              "every column is there, of a fitting type and length", &lines);
  return lines;
}

int CodeOf(const Line& line) {
  if (line.result == "unreachable") return kUnreachable;
  return line.result == "problem" ? kNeedsPerson : kDone;
}

Json PlanOf(Session& session, const app::ConnectionConfig& config, Json* preview) {
  Copy copy(session, session.random());
  const auto connection = session.ConnectTo(copy.store(), config);
  const ProgressLine line(connection->engine(), config.name.text);
  const auto links = connection->engine().DryRun();
  if (!links) throw Failure{kUnreachable, config.name.text + ": " + Describe(links.error())};
  *preview = Json::parse(app::PreviewAsJson(config.name, config.mapping_file, *links));
  return Json::parse(
      app::PlanAsJson(config.name, connection->engine().mapping(), *links, session.clock().Now()));
}

}  // namespace

int ShowMapping(Session& session, const std::string& connection) {
  Json document = Json::array();
  for (const auto& config : session.Select(connection)) {
    const auto lines = app::ShowMapping(config);
    if (!lines) throw Failure{kUsage, lines.error().message};
    Json part = {{"connection", config.name.text}, {"lines", Json::array()}};
    std::vector<std::vector<std::string>> rows = {{"PATH", "VALUE", "ORIGIN"}};
    for (const EffectiveLine& line : *lines) {
      part["lines"].push_back(
          {{"path", line.path}, {"value", Json::parse(line.value)}, {"origin", line.origin}});
      rows.push_back({line.path, line.value, line.origin});
    }
    document.push_back(std::move(part));
    if (!session.json()) std::cout << config.name.text << "\n" << FormatTable(rows);
  }
  if (session.json()) std::cout << document.dump(2) << "\n";
  return kDone;
}

int CheckMapping(Session& session, const std::string& file, const std::string& connection) {
  const auto configs =
      file.empty() ? session.Select(connection) : std::vector{With(session.Find(connection), file)};
  int code = kDone;
  Json document = Json::array();
  std::vector<std::vector<std::string>> rows;
  for (const auto& config : configs) {
    for (const Line& line : CheckOne(session, config)) {
      code = std::max(code, CodeOf(line));
      document.push_back(
          {{"connection", config.name.text}, {"result", line.result}, {"text", line.text}});
      rows.push_back({config.name.text, line.result, line.text});
    }
  }
  std::cout << (session.json() ? document.dump(2) + "\n" : FormatTable(rows));
  return code;
}

int PreviewMapping(Session& session, const std::string& file, const std::string& connection,
                   const std::string& out_file) {
  const app::ConnectionConfig config = With(session.Find(connection), file);
  if (const auto mapping = app::LoadMapping(config); !mapping)
    throw Failure{kUsage, mapping.error().message};
  Json preview;
  const Json plan = PlanOf(session, config, &preview);
  const Json document = {{"made_at", FormatSeconds(session.clock().Now())},
                         {"preview", preview},
                         {"connections", Json::array({plan})}};
  if (!out_file.empty()) {
    const auto written = platform::WriteFileAtomically(out_file, document.dump(2) + "\n",
                                                       platform::FileAccess::owner_only);
    if (!written) throw Failure{kUsage, written.error().message};
    std::cerr << "The plan is in " << out_file << ". Once reviewed: name " << config.mapping_file
              << " as the mapping_file of " << config.name.text
              << ", restart the daemon, then run\n  cosell-sync apply " << out_file << "\n";
  }
  std::cout << (session.json() ? preview.dump(2) + "\n" : PreviewAsText(preview));
  return preview["conflicts"] == 0 ? kDone : kNeedsPerson;
}

}  // namespace cosell::cli
