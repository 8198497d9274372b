#include "support/rest_service.h"

#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "net/url.h"

namespace cosell::test {
namespace {

using Json = nlohmann::json;

constexpr const char* kBase = "/api/v1";
constexpr const char* kStages[] = {"on_hold", "open", "won", "lost"};
const std::map<std::string, std::string> kPrefixes = {
    {"deals", "d-"}, {"accounts", "a-"}, {"contacts", "c-"}};

Json NewDeal() {
  return Json::parse(R"({"title": null, "notes": null, "amount": {"value": null, "currency": "EUR"},
      "close_on": null, "stage": "open", "account_id": null, "contact_id": null, "owner_id": "u-avery",
      "cosell": {"sync": false, "visible": false}, "deleted_at": null})");
}

const Json kAvery = {{"id", "u-avery"},
                     {"first_name", "Avery"},
                     {"last_name", "Example"},
                     {"name", "Avery Example"},
                     {"phone", "+44 20 7946 0001"},
                     {"email", "avery.example@contoso.example"}};

std::map<std::string, std::string> ParametersOf(const std::string& query) {
  std::map<std::string, std::string> parameters;
  for (const std::string& part : Split(query, '&')) {
    const auto at = part.find('=');
    if (at == std::string::npos) continue;
    parameters[net::UrlDecode(part.substr(0, at))] = net::UrlDecode(part.substr(at + 1));
  }
  return parameters;
}

std::string At(const std::map<std::string, std::string>& parameters, const std::string& name) {
  const auto found = parameters.find(name);
  return found == parameters.end() ? std::string() : found->second;
}

Json Member(const Json& json, const std::string& pointer) {
  const Json::json_pointer place(pointer);
  return json.contains(place) ? json.at(place) : Json();
}

bool SameText(const Json& json, const std::string& text) {
  return json.is_string() && EqualsIgnoreCase(json.get<std::string>(), text);
}

std::string HeaderOf(const net::Headers& headers, const char* name) {
  return std::string(net::FindHeader(headers, name).value_or(""));
}

}  // namespace

// --- people

std::string RestService::Opens(const Json& deal, const Json& account, const Json& contact) {
  const std::lock_guard lock(mutex_);
  const auto find = [&](const std::string& table, const std::string& member, const Json& value) {
    for (const auto& [id, row] : tables_[table]) {
      if (row.json.value(member, Json()) == value) return id;
    }
    return std::string();
  };
  Json made = NewDeal();
  made.merge_patch(deal);
  if (!account.is_null()) {
    std::string id = find("accounts", "name", account["name"]);
    if (id.empty()) id = Add("accounts", account, "u-avery");
    made["account_id"] = id;
  }
  if (!contact.is_null()) {
    std::string id = find("contacts", "email", contact["email"]);
    Json person = contact;
    person["account_id"] = made["account_id"];
    if (id.empty()) id = Add("contacts", person, "u-avery");
    made["contact_id"] = id;
  }
  return Add("deals", made, "u-avery");
}

void RestService::Sets(const std::string& id, const std::string& pointer, const Json& value) {
  const std::lock_guard lock(mutex_);
  Row& row = tables_["deals"].at(id);
  row.json[Json::json_pointer(pointer)] = value;
  Touch(row);
}

void RestService::Deletes(const std::string& id) {
  const std::lock_guard lock(mutex_);
  Row& row = tables_["deals"].at(id);
  row.deleted = true;
  row.json["deleted_at"] = FormatSeconds(clock_.Now());
  Touch(row);
}

void RestService::Undeletes(const std::string& id) {
  const std::lock_guard lock(mutex_);
  Row& row = tables_["deals"].at(id);
  row.deleted = false;
  row.json["deleted_at"] = nullptr;
  Touch(row);
}

void RestService::BeforeNextWrite(std::function<void()> deed) {
  const std::lock_guard lock(mutex_);
  before_next_write_ = std::move(deed);
}

void RestService::BeforeEveryWrite(std::function<void()> deed) {
  const std::lock_guard lock(mutex_);
  before_every_write_ = std::move(deed);
}

void RestService::LoseNextAnswer(std::size_t writes) {
  const std::lock_guard lock(mutex_);
  lost_answers_ = writes;
}

// --- what is there

RestService::Json RestService::Deal(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto table = tables_.find("deals");
  if (table == tables_.end() || !table->second.contains(id)) return nullptr;
  return table->second.at(id).json;
}

std::vector<std::string> RestService::Deals() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> ids;
  if (!tables_.contains("deals")) return ids;
  for (const auto& [id, row] : tables_.at("deals")) {
    if (!row.deleted) ids.push_back(id);
  }
  return ids;
}

std::size_t RestService::Count(const std::string& table, const std::string& pointer,
                               const Json& value) const {
  const std::lock_guard lock(mutex_);
  if (!tables_.contains(table)) return 0;
  const auto& rows = tables_.at(table);
  return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [&](const auto& each) {
    return !each.second.deleted && Member(each.second.json, pointer) == value;
  }));
}

std::vector<std::string> RestService::Writes() const {
  const std::lock_guard lock(mutex_);
  return writes_;
}

std::size_t RestService::Reads() const {
  const std::lock_guard lock(mutex_);
  return reads_;
}

std::string RestService::LastHeader(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  return HeaderOf(last_headers_, name.c_str());
}

std::string RestService::Add(const std::string& table, Json json, const std::string& by) {
  const std::string id = kPrefixes.at(table) + std::to_string(next_id_++);
  json["id"] = id;
  json["created_by"] = by;
  json["created_at"] = FormatSeconds(clock_.Now());
  Row& row = tables_[table][id];
  row.json = std::move(json);
  Touch(row);
  return id;
}

void RestService::Touch(Row& row) {
  row.version = ++version_;
  row.changed_at = clock_.Now();
  row.json["version"] = row.version;
  row.json["updated_at"] = FormatSeconds(row.changed_at);
  row.history.emplace_back(row.changed_at, row.json);
}

RestService::Json RestService::Shown(const Row& row) const {
  for (auto each = row.history.rbegin(); each != row.history.rend(); ++each) {
    if (clock_.Now() - each->first >= switches_.lag) return each->second;
  }
  return nullptr;
}

// --- the API

Result<net::HttpResponse> RestService::Send(const net::HttpRequest& request) {
  const bool write = request.method != "GET";
  std::function<void()> next, every;
  if (write) {
    const std::lock_guard lock(mutex_);
    std::swap(next, before_next_write_);
    every = before_every_write_;
  }
  if (next) next();
  if (every) every();
  const std::lock_guard lock(mutex_);
  last_headers_ = request.headers;
  if (switches_.unreachable) {
    return Error{.kind = ErrorKind::unreachable, .message = "The network was told to lose this"};
  }
  if (auto hindrance = Hindrance(request)) return *hindrance;
  net::HttpResponse response = Answer(request);
  if (!write) ++reads_;
  if (write && response.status < 300) {
    const auto url = net::ParseUrl(request.url);
    writes_.push_back(request.method + " " + url->path.substr(std::string(kBase).size()));
  }
  if (switches_.garbled) {
    return net::HttpResponse{200, {{"Content-Type", "text/html"}}, "<html>Gateway</html>"};
  }
  if (!write || lost_answers_ == 0) return response;
  --lost_answers_;
  return Error{.kind = ErrorKind::unknown_outcome, .message = "The answer was told to get lost"};
}

std::optional<net::HttpResponse> RestService::Hindrance(const net::HttpRequest& request) {
  if (switches_.status != 0) {
    net::HttpResponse response = Refuse(switches_.status, "told_to", "This was told to fail");
    if (switches_.status == 429) response.headers.emplace_back("Retry-After", "60");
    return response;
  }
  if (HeaderOf(request.headers, "Authorization") != std::string("Bearer ") + kToken) {
    return Refuse(401, "token", "The token is not known");
  }
  return std::nullopt;
}

net::HttpResponse RestService::Reply(int status, const Json& body) const {
  net::HttpResponse response{status, {{"Content-Type", "application/json"}}, body.dump()};
  if (switches_.dates) response.headers.emplace_back("Date", FormatHttpDate(clock_.Now()));
  return response;
}

net::HttpResponse RestService::Refuse(int status, const std::string& code,
                                      const std::string& message) const {
  return Reply(status, {{"error", {{"code", code}, {"message", message}}}});
}

net::HttpResponse RestService::Answer(const net::HttpRequest& request) {
  const auto url = net::ParseUrl(request.url);
  if (!url || net::Origin(*url) != kOrigin || !url->path.starts_with(kBase)) {
    return Refuse(404, "path", "No such path");
  }
  const auto parts = Split(url->path.substr(std::string(kBase).size() + 1), '/');
  const std::string table = parts[0];
  const std::string id = parts.size() > 1 ? net::UrlDecode(parts[1]) : "";
  const bool get = request.method == "GET";
  if (table == "me" && get) return Reply(200, {{"id", kUser}, {"organization_id", "org-7"}});
  if (table == "users" && get) {
    return id == "u-avery" ? Reply(200, kAvery) : Refuse(404, "missing", "No such user");
  }
  if (!kPrefixes.contains(table)) return Refuse(404, "path", "No such path");
  if (get && id == "deleted") return DeletedList(ParametersOf(url->query));
  if (get && id.empty()) return List(table, ParametersOf(url->query));
  if (get) return Get(table, id);
  if (request.method == "POST" && id.empty()) return Create(table, request);
  if (table == "deals") return Change(id, request);
  return Refuse(405, "method", "Not here");
}

bool RestService::Matches(const std::string& table, const Json& json,
                          const Parameters& query) const {
  const auto asks = [&](const std::string& name, const std::string& pointer) {
    return !query.contains(name) || SameText(Member(json, pointer), query.at(name));
  };
  if (table == "accounts") return asks("name", "/name");
  if (table == "contacts") return asks("email", "/email");
  return asks("referral_id", "/cosell/referral_id");
}

// Ordered by change or by id; the pages go on behind the last one seen, or count from the front.
net::HttpResponse RestService::List(const std::string& table, const Parameters& query) {
  const auto since = ParseInstant(At(query, "updated_since"));
  if (since && clock_.Now() - *since > switches_.horizon) {
    return Refuse(410, "too_old", "Changes are kept for a while only");
  }
  const bool by_id = At(query, "sort") == "id";
  std::map<std::pair<std::string, std::string>, Json> rows;
  for (const auto& [id, row] : tables_[table]) {
    const Json json = Shown(row);
    if (json.is_null() || !Matches(table, json, query)) continue;
    if (!json.value("deleted_at", Json()).is_null() && !switches_.lists_deleted) continue;
    const std::string stamp = json["updated_at"];
    if (since && *ParseInstant(stamp) < *since) continue;
    rows[{by_id ? "" : stamp, id}] = json;
  }
  const std::string limit = At(query, "limit");
  const std::size_t size =
      std::min<std::size_t>(limit.empty() ? 100 : std::stoul(limit), switches_.page_size_max);
  std::size_t skip = 0;
  if (query.contains("offset")) skip = std::stoul(query.at("offset"));
  if (query.contains("page")) skip = (std::stoul(query.at("page")) - 1) * size;
  const std::string cursor = At(query, "cursor");
  Json data = Json::array();
  Json next;
  for (const auto& [key, json] : rows) {
    if (!cursor.empty() && key.first + "|" + key.second <= cursor) continue;
    if (skip > 0) {
      --skip;
      continue;
    }
    if (data.size() == size) {
      next =
          data.back()["updated_at"].get<std::string>() + "|" + data.back()["id"].get<std::string>();
      break;
    }
    data.push_back(json);
  }
  Json body = {{"data", data}, {"next_cursor", next}, {"next_link", nullptr}};
  if (!next.is_null()) {
    body["next_link"] = std::string(kOrigin) + kBase + "/" + table +
                        "?limit=" + std::to_string(size) +
                        "&updated_since=" + At(query, "updated_since") +
                        "&cursor=" + UrlEncode(next.get<std::string>());
  }
  return Reply(200, body);
}

net::HttpResponse RestService::DeletedList(const Parameters& query) {
  const auto since = ParseInstant(At(query, "since"));
  Json data = Json::array();
  for (const auto& [id, row] : tables_["deals"]) {
    if (!row.deleted || (since && row.changed_at < *since)) continue;
    data.push_back({{"id", id}, {"at", FormatSeconds(row.changed_at)}});
  }
  return Reply(200, {{"data", data}});
}

net::HttpResponse RestService::Get(const std::string& table, const std::string& id) {
  const auto row = tables_[table].find(id);
  if (row == tables_[table].end() || row->second.deleted) {
    return Refuse(404, "missing", "No such record");
  }
  net::HttpResponse response = Reply(200, row->second.json);
  if (switches_.etags) {
    response.headers.emplace_back("ETag", "\"v" + std::to_string(row->second.version) + "\"");
  }
  return response;
}

net::HttpResponse RestService::Create(const std::string& table, const net::HttpRequest& request) {
  const Json sent = Json::parse(request.body, nullptr, false);
  if (!sent.is_object()) return Refuse(400, "body", "Not an object");
  const Json marker = Member(sent, "/cosell/referral_id");
  if (table == "deals" && switches_.unique && marker.is_string()) {
    for (const auto& [id, row] : tables_[table]) {
      if (!row.deleted && Member(row.json, "/cosell/referral_id") == marker) {
        return Refuse(409, "duplicate", "A deal with this referral is there");
      }
    }
  }
  Json made = table == "deals" ? NewDeal() : Json::object();
  made.merge_patch(sent);
  const std::string id = Add(table, made, kUser);
  return Reply(201, switches_.names_new ? tables_[table][id].json : Json::object());
}

net::HttpResponse RestService::Change(const std::string& id, const net::HttpRequest& request) {
  const auto found = tables_["deals"].find(id);
  if (found == tables_["deals"].end() || found->second.deleted) {
    return Refuse(404, "missing", "No such record");
  }
  Row& row = found->second;
  const std::string etag = HeaderOf(request.headers, "If-Match");
  if (switches_.etags && !etag.empty() && etag != "\"v" + std::to_string(row.version) + "\"") {
    return Refuse(412, "changed", "The deal has changed");
  }
  const Json sent = Json::parse(request.body, nullptr, false);
  if (!sent.is_object()) return Refuse(400, "body", "Not an object");
  if (switches_.versions && sent.value("version", Json()) != row.version) {
    return Refuse(409, "changed", "The deal has changed");
  }
  const Json stage = sent.value("stage", row.json["stage"]);
  if (std::find(std::begin(kStages), std::end(kStages), stage) == std::end(kStages)) {
    return Refuse(422, "stage", "No such stage");
  }
  if (request.method == "PUT") {
    const Json kept = row.json;
    row.json = sent;
    for (const char* name : {"id", "created_by", "created_at"}) row.json[name] = kept[name];
  } else {
    row.json.merge_patch(sent);
  }
  Touch(row);
  return Reply(200, row.json);
}

}  // namespace cosell::test
