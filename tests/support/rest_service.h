#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "net/http.h"

namespace cosell::test {

// A small sales service over REST: deals, accounts, contacts and users in JSON, as
// packaging/rest-crm.example.json describes it, with switches for what other services do otherwise.
// People's verbs stand beside the API. Deterministic under its clock; safe from any thread.
class RestService final : public net::HttpTransport {
 public:
  using Json = nlohmann::json;
  static constexpr const char* kOrigin = "https://sales.contoso.example";
  static constexpr const char* kToken = "sales-token-1";
  static constexpr const char* kUser = "u-sync";

  struct Switches {
    std::size_t page_size_max = 100;
    // Lists and searches show what was written only after this.
    std::chrono::seconds lag{0};
    // Older values of updated_since are answered with 410.
    std::chrono::hours horizon{24 * 90};
    bool etags = true;          // else If-Match and If-None-Match mean nothing
    bool versions = false;      // a write must carry the current "version", else 409
    bool unique = true;         // a second deal with one referral is refused with 409
    bool lists_deleted = true;  // with deleted_at set; else they are gone from the list
    bool dates = true;          // answers carry a Date
    bool names_new = true;      // the answer to a create holds the record
    // 0: everything works. Else each call is answered with this status, and nothing is done.
    int status = 0;
    bool unreachable = false;
    bool garbled = false;  // done, and answered with a gateway's page
  };
  explicit RestService(Clock& clock) : clock_(clock) {}

  Result<net::HttpResponse> Send(const net::HttpRequest& request) override;

  // --- people
  std::string Opens(const Json& deal, const Json& account, const Json& contact);
  // One edit of one member.
  void Sets(const std::string& id, const std::string& pointer, const Json& value);
  void Deletes(const std::string& id);
  void Undeletes(const std::string& id);
  // What happens right before the next write arrives, or before each from now on.
  void BeforeNextWrite(std::function<void()> deed);
  void BeforeEveryWrite(std::function<void()> deed);

  // --- trouble
  // To be set while nobody calls.
  Switches& switches() { return switches_; }
  // The next writes take effect; their answers are lost.
  void LoseNextAnswer(std::size_t writes = 1);

  // --- what is there
  Json Deal(const std::string& id) const;
  std::vector<std::string> Deals() const;
  std::size_t Count(const std::string& table, const std::string& pointer, const Json& value) const;
  // "PATCH /deals/d-1", in order, of those that were performed.
  std::vector<std::string> Writes() const;
  std::size_t Reads() const;
  // What a header of the last call was; empty for none.
  std::string LastHeader(const std::string& name) const;

 private:
  struct Row {
    Json json;
    std::vector<std::pair<Instant, Json>> history;  // what it was since when, for lists that lag
    std::uint64_t version = 0;
    Instant changed_at;
    bool deleted = false;
  };
  using Table = std::map<std::string, Row>;
  using Parameters = std::map<std::string, std::string>;

  // All of these require mutex_ held.
  std::optional<net::HttpResponse> Hindrance(const net::HttpRequest& request);
  net::HttpResponse Answer(const net::HttpRequest& request);
  net::HttpResponse List(const std::string& table, const Parameters& query);
  net::HttpResponse DeletedList(const Parameters& query);
  net::HttpResponse Get(const std::string& table, const std::string& id);
  net::HttpResponse Create(const std::string& table, const net::HttpRequest& request);
  net::HttpResponse Change(const std::string& id, const net::HttpRequest& request);
  net::HttpResponse Reply(int status, const Json& body) const;
  net::HttpResponse Refuse(int status, const std::string& code, const std::string& message) const;
  bool Matches(const std::string& table, const Json& json, const Parameters& query) const;
  std::string Add(const std::string& table, Json json, const std::string& by);
  void Touch(Row& row);
  Json Shown(const Row& row) const;

  Clock& clock_;
  mutable std::mutex mutex_;
  Switches switches_;
  std::map<std::string, Table> tables_;
  std::function<void()> before_next_write_;
  std::function<void()> before_every_write_;
  std::uint64_t version_ = 0;
  int next_id_ = 1001;
  std::size_t lost_answers_ = 0;
  std::vector<std::string> writes_;
  std::size_t reads_ = 0;
  net::Headers last_headers_;
};

}  // namespace cosell::test
