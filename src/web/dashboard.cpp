#include "web/dashboard.h"

#include <map>
#include <string_view>
#include <utility>

namespace cosell::web {

// Embedded from src/web/dashboard/.
extern const std::string_view kPage;
extern const std::string_view kStyle;
extern const std::string_view kApiScript;
extern const std::string_view kDecideScript;
extern const std::string_view kDomScript;
extern const std::string_view kLinkScript;
extern const std::string_view kLinksScript;
extern const std::string_view kMainScript;
extern const std::string_view kReportScript;
extern const std::string_view kStatusScript;
extern const std::string_view kWaitingScript;

namespace {

constexpr char kScriptType[] = "text/javascript; charset=utf-8";
constexpr char kStyleType[] = "text/css; charset=utf-8";

// Only our own scripts and styles, no frames around us, nothing sent anywhere else.
constexpr char kPolicy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

struct File {
  const char* content_type;
  std::string content;
};

OutboundHttp Serve(const File& file) {
  return OutboundHttp{200,
                      file.content_type,
                      file.content,
                      {{"Content-Security-Policy", kPolicy},
                       {"Referrer-Policy", "no-referrer"},
                       {"X-Frame-Options", "DENY"},
                       {"Cross-Origin-Opener-Policy", "same-origin"}}};
}

std::map<std::string, File> Files(std::string report_style) {
  const auto script = [](std::string_view text) { return File{kScriptType, std::string(text)}; };
  return {{"style.css", {kStyleType, std::string(kStyle)}},
          {"report.css", {kStyleType, std::move(report_style)}},
          {"api.js", script(kApiScript)},
          {"decide.js", script(kDecideScript)},
          {"dom.js", script(kDomScript)},
          {"link.js", script(kLinkScript)},
          {"links.js", script(kLinksScript)},
          {"main.js", script(kMainScript)},
          {"report.js", script(kReportScript)},
          {"status.js", script(kStatusScript)},
          {"waiting.js", script(kWaitingScript)}};
}

}  // namespace

std::vector<Route> DashboardRoutes(std::string report_style) {
  const auto page = [](const InboundHttp&) {
    return Serve({"text/html; charset=utf-8", std::string(kPage)});
  };
  const auto file = [files = Files(std::move(report_style))](const InboundHttp& request) {
    const auto found = files.find(request.parameters.at("file"));
    return found == files.end()
               ? ErrorAnswer(404, ErrorKind::not_found, "the dashboard has no such file")
               : Serve(found->second);
  };
  return {{"GET", "/", Role::none, 0, page}, {"GET", "/dashboard/{file}", Role::none, 0, file}};
}

}  // namespace cosell::web
