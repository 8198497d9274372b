#include "store/report_reader.h"

#include "store/connections.h"
#include "store/migrator.h"
#include "store/report_queries.h"

namespace cosell {
namespace store {
namespace {

class ReportReader final : public ReportSource {
 public:
  explicit ReportReader(const std::string& path) : session_(path, Access::read) {
    RequireReadable(session_, Migrations());
  }

  ReportFacts Read(const ReportScope& scope) override {
    return session_.Read([&] {
      ReportFacts facts;
      for (ConnectionStatus& status : ReadStatus(session_, scope.now)) {
        if (scope.connection.empty() || scope.connection == status.name)
          facts.connections.push_back(std::move(status));
      }
      ReadReport(session_, scope, &facts);
      return facts;
    });
  }

 private:
  Session session_;
};

}  // namespace
}  // namespace store

std::unique_ptr<ReportSource> OpenReportSource(const std::string& path) {
  return std::make_unique<store::ReportReader>(path);
}

}  // namespace cosell
