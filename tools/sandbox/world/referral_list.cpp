#include "tools/sandbox/world/referral_list.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "tools/sandbox/world/encoding.h"
#include "tools/sandbox/world/referral_rules.h"
#include "tools/sandbox/world/referral_schema.h"

namespace cosell::sandbox {
namespace {

using Order = ReferralStore::Order;

Error Invalid(const std::string& message) { return Refused(400, "invalidRequest", message); }

Result<std::size_t> ParseCount(const std::string& name, const std::string& text) {
  std::size_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size())
    return Invalid(name + " must be a whole number.");
  return value;
}

Instant KeyOf(const StoredReferral& referral, Order order) {
  if (order == Order::updated) return referral.updated;
  return order == Order::created ? referral.created : Instant{};
}

Json Selected(const Json& referral, const std::vector<std::string>& members) {
  if (members.empty()) return referral;
  Json out = Json::object();
  for (const std::string& name : members)
    if (referral.contains(name)) out[name] = referral[name];
  return out;
}

bool IsMarketplaceLead(const Json& referral) {
  return TextAt(referral, "type") == "Independent" && TextAt(referral, "qualification") == "Direct";
}

}  // namespace

Result<ReferralListPage> ReferralList::Page(const ReferralStore& store,
                                            const std::map<std::string, std::string>& options,
                                            const Scope& scope) {
  const auto token = options.find("$skiptoken");
  if (token == options.end()) {
    const Result<Query> query = Parse(options);
    if (!query) return query.error();
    return Fill(store, Continuation{*query, 0, Instant::min(), "", clock_.Now()}, scope);
  }
  const auto known = tokens_.find(token->second);
  if (known == tokens_.end() || clock_.Now() - known->second.issued_at >
                                    std::chrono::seconds(switches_.page_token_lifetime_s)) {
    Error expired = Refused(switches_.page_token_expired_status, "invalidRequest",
                            "The continuation token is no longer valid.");
    expired.kind = ErrorKind::cursor_expired;
    return expired;
  }
  return Fill(store, known->second, scope);
}

Result<ReferralList::Query> ReferralList::Parse(
    const std::map<std::string, std::string>& options) const {
  Query query;
  query.page_size = static_cast<std::size_t>(switches_.page_size_max);
  for (const auto& [name, value] : options) {
    if (name == "$filter") {
      auto filter = ParseFilter(value, switches_);
      if (!filter) return filter.error();
      query.filter = *filter;
    } else if (name == "$orderby") {
      const std::vector<std::string> words = Split(Trim(value), ' ');
      const std::string property = ToLower(words[0]);
      if (property == "updateddatetime")
        query.order = Order::updated;
      else if (property == "createddatetime")
        query.order = Order::created;
      else
        return Invalid("$orderby supports createdDateTime and updatedDateTime.");
      if (words.size() > 2 || (words.size() == 2 && words[1] != "asc" && words[1] != "desc"))
        return Invalid("$orderby takes asc or desc.");
      query.descending = words.size() == 2 && words[1] == "desc";
    } else if (name == "$top" || name == "$skip") {
      const Result<std::size_t> count = ParseCount(name, value);
      if (!count) return count.error();
      if (name == "$top")
        query.page_size = std::min(query.page_size, *count);
      else if (switches_.skip_honoured)
        query.skip = *count;
    } else if (name == "$select") {
      for (const std::string& member : Split(value, ',')) {
        const auto path = CanonicalPath(Trim(member));
        if (!path || path->find('/') != std::string::npos)
          return Invalid("$select names an unknown property.");
        query.select.push_back(*path);
      }
    } else if (name.starts_with('$') && name != "$count" && name != "$expand") {
      return Invalid("the query option " + name + " is not supported.");
    }
  }
  return query;
}

ReferralListPage ReferralList::Fill(const ReferralStore& store, Continuation from,
                                    const Scope& scope) {
  const Query& query = from.query;
  auto all = store.Sorted(query.order);
  if (query.descending) std::reverse(all.begin(), all.end());
  const bool first_page = from.last_id.empty();
  const auto already_given = [&](const StoredReferral& referral) {
    if (first_page) return false;
    const auto key = std::pair(KeyOf(referral, query.order), referral.id());
    const auto last = std::pair(from.last_at, from.last_id);
    return query.descending ? key >= last : key <= last;
  };
  ReferralListPage page;
  page.select = query.select;
  const std::size_t start = first_page ? query.skip : from.offset;
  bool more = false;
  for (const StoredReferral* referral : all) {
    const Json* visible = ReferralStore::Visible(*referral, clock_.Now(), switches_.stale_list_s);
    if (visible == nullptr) continue;
    if (query.filter && !query.filter->Matches(*visible)) continue;
    if (!switches_.list_marketplace_leads && IsMarketplaceLead(*visible)) continue;
    if (!scope(*referral)) continue;
    const std::size_t position = page.total++;
    const bool passed =
        first_page || switches_.page_by_offset ? position < start : already_given(*referral);
    if (passed) continue;
    if (page.referrals.size() == query.page_size) {
      more = true;
      if (switches_.count == "page") break;
      continue;
    }
    page.referrals.push_back(Selected(*visible, query.select));
    from.last_at = KeyOf(*referral, query.order);
    from.last_id = referral->id();
    from.offset = position + 1;
  }
  if (more && query.page_size > 0) page.next_token = NewToken(std::move(from));
  return page;
}

// Opaque, about 300 characters, with the characters of base64 that need encoding in a URL.
std::string ReferralList::NewToken(Continuation continuation) {
  std::erase_if(tokens_, [this](const auto& entry) {
    return clock_.Now() - entry.second.issued_at >
           std::chrono::seconds(switches_.page_token_lifetime_s);
  });
  std::string bytes;
  for (int i = 0; i < 28; ++i) {
    const std::uint64_t word = random_.Next();
    for (int shift = 0; shift < 64; shift += 8) bytes += static_cast<char>((word >> shift) & 0xff);
  }
  continuation.issued_at = clock_.Now();
  const std::string token = Base64(bytes);
  tokens_.emplace(token, std::move(continuation));
  return token;
}

}  // namespace cosell::sandbox
