#include <fstream>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/anchors.h"
#include "cli/commands.h"
#include "cli/inspect.h"
#include "cli/times.h"
#include "platform/files.h"
#include "store/store_tools.h"

namespace cosell::cli {
namespace {

using Json = nlohmann::ordered_json;

Json AnchorAsJson(const std::optional<AuditAnchor>& anchor) {
  return anchor ? Json::parse(app::AnchorLine(*anchor)) : Json(nullptr);
}

std::vector<AuditAnchor> ReadAnchors(const std::string& file) {
  if (file.empty()) return {};
  const auto text = platform::ReadFile(file, app::kAnchorFileBytesMax);
  if (!text) throw Failure{kUsage, text.error().message};
  const auto anchors = app::ParseAnchors(*text);
  if (!anchors) throw Failure{kUsage, file + ": " + anchors.error().message};
  return *anchors;
}

std::string ExtentInWords(const AuditExtent& extent) {
  if (!extent.head) return "no entry yet";
  std::string text = std::to_string(extent.entries) +
                     (extent.entries == 1 ? " entry, the newest " : " entries, the newest ") +
                     std::to_string(extent.head->id) + " of " + FormatSeconds(extent.head->at);
  if (extent.checkpoint) {
    text +=
        "; those up to " + std::to_string(extent.checkpoint->id) + " were removed for their age";
  }
  return text;
}

}  // namespace

int VerifyAudit(Session& session, const std::string& anchor_file) {
  const auto anchors = ReadAnchors(anchor_file);
  std::optional<AuditProblem> problem;
  const AuditExtent extent = Inspecting(session, [&](StoreInspector& inspector) {
    problem = inspector.VerifyAudit(anchors);
    return inspector.Extent();
  });
  if (session.json()) {
    Json json = {{"intact", !problem},
                 {"entries", extent.entries},
                 {"head", AnchorAsJson(extent.head)},
                 {"checkpoint", AnchorAsJson(extent.checkpoint)},
                 {"anchors", anchors.size()},
                 {"first_bad_entry", problem ? Json(problem->entry_id) : Json(nullptr)},
                 {"problem", problem ? Json(problem->what) : Json(nullptr)}};
    std::cout << json.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
  } else if (problem) {
    std::cout << "The audit was changed. First bad entry: " << problem->entry_id << ": "
              << problem->what << ".\n";
  } else {
    std::cout << "The audit is intact: " << ExtentInWords(extent);
    if (!anchor_file.empty()) std::cout << "; " << anchors.size() << " anchors fit";
    std::cout << ".\n";
    if (anchor_file.empty()) {
      std::cout
          << "Only an anchor that is kept elsewhere shows that nothing was cut off its end or "
             "all of it written anew: --anchor FILE\n";
    }
  }
  return problem ? kNeedsPerson : kDone;
}

int ShowAuditHead(Session& session) {
  const AuditExtent extent =
      Inspecting(session, [](StoreInspector& inspector) { return inspector.Extent(); });
  if (session.json()) {
    std::cout << AnchorAsJson(extent.head).dump() << "\n";
  } else if (extent.head) {
    std::cout << app::AnchorLine(*extent.head) << "\n";
  } else {
    std::cout << "The audit has no entry yet.\n";
  }
  return kDone;
}

int ExportAudit(Session& session, const std::string& from, const std::string& to,
                const std::string& out_file) {
  AuditPeriod period;
  if (!from.empty()) period.from = ParseTime(from, "--from");
  if (!to.empty()) period.to = ParseTime(to, "--to");
  std::ofstream file;
  if (!out_file.empty()) {
    if (platform::ReadFile(out_file, 1) || std::filesystem::exists(platform::ToPath(out_file)))
      throw Failure{kUsage, "'" + out_file + "' is there already; name a new file"};
    const auto made = platform::WriteFileAtomically(out_file, "", platform::FileAccess::owner_only);
    if (!made) throw Failure{kUsage, made.error().message};
    file.open(platform::ToPath(out_file), std::ios::binary | std::ios::app);
  }
  std::ostream& out = out_file.empty() ? std::cout : file;
  std::int64_t lines = 0;
  Inspecting(session, [&](StoreInspector& inspector) {
    inspector.ExportAudit(period, [&](const std::string& line) {
      out << line << '\n';
      ++lines;
    });
  });
  out.flush();
  if (!out) throw Failure{kUsage, "the export could not be written whole; is the disk full?"};
  if (!out_file.empty() && !session.json())
    std::cout << lines << " lines written to " << out_file
              << ". It holds deal and contact data: keep it as the database is kept.\n";
  return kDone;
}

}  // namespace cosell::cli
