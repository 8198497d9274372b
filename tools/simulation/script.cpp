#include "tools/simulation/script.h"

#include <algorithm>

namespace cosell::simulation {
namespace {

std::string Deal(const Step& step) { return "deal " + std::to_string(step.deal + 1); }

std::string Edit(const Step& step) {
  const std::string value = step.value.empty() ? "nothing" : "'" + step.value + "'";
  return std::string(ToString(step.field)) + " of " + Deal(step) + " to " + value;
}

std::string Openings(int amount) {
  std::string text;
  if ((amount & kFlagged) != 0) text += ", flagged";
  if ((amount & kOnHold) != 0) text += ", on hold";
  if ((amount & kAsksHelp) != 0) text += ", asking for help";
  if ((amount & kLacksSolution) != 0) text += ", without a solution";
  if ((amount & kNoConsent) != 0) text += ", without consent";
  return text;
}

std::string DescribeSeller(const Step& step) {
  switch (step.act) {
    case Act::seller_opens:
      return "a seller opens " + Deal(step) + Openings(step.amount);
    case Act::seller_flags:
      return "the seller sets Sync of " + Deal(step) + " to Yes";
    case Act::seller_unflags:
      return "the seller sets Sync of " + Deal(step) + " to No";
    case Act::seller_edits:
      return "the seller sets " + Edit(step);
    case Act::seller_holds:
      return "the seller puts " + Deal(step) + " on hold";
    case Act::seller_takes_up:
      return "the seller takes up " + Deal(step);
    case Act::seller_wins:
      return "the seller wins " + Deal(step);
    case Act::seller_loses:
      return "the seller loses " + Deal(step);
    case Act::seller_deletes:
      return "the seller deletes " + Deal(step);
    case Act::seller_undeletes:
      return "the seller takes " + Deal(step) + " out of the recycle bin";
    case Act::seller_merges_customers:
      return "the seller merges the customer of deal " + std::to_string(step.amount + 1) +
             " into that of " + Deal(step);
    case Act::seller_deletes_customer:
      return "the seller deletes the customer of " + Deal(step);
    default:
      return "an automation sets " + Edit(step) + " after each of " + std::to_string(step.amount) +
             " rounds";
  }
}

std::string DescribePartner(const Step& step) {
  switch (step.act) {
    case Act::microsoft_sends:
      return "Microsoft sends " + Deal(step) + Openings(step.amount);
    case Act::partner_edits:
      return "in Partner Center somebody sets " + Edit(step);
    case Act::partner_accepts:
      return "in Partner Center " + Deal(step) + " is accepted";
    case Act::partner_declines:
      return "in Partner Center " + Deal(step) + " is declined";
    case Act::partner_wins:
      return "in Partner Center " + Deal(step) + " is won";
    case Act::partner_loses:
      return "in Partner Center " + Deal(step) + " is lost";
    case Act::microsoft_accepts:
      return "Microsoft accepts its part of " + Deal(step);
    case Act::microsoft_declines:
      return "Microsoft declines its part of " + Deal(step);
    default:
      return "the referral of " + Deal(step) + " expires";
  }
}

std::string DescribeCrm(const Step& step) {
  const std::string amount = std::to_string(step.amount);
  const std::string now = step.amount == 0 ? " no longer" : "";
  switch (step.act) {
    case Act::pushes_get_lost:
      return "the CRM's messages get lost" + now;
    case Act::pushes_double:
      return "the CRM's messages come twice" + now;
    case Act::pushes_late:
      return "the CRM's messages are late by " + amount + " s";
    case Act::pushes_shuffle:
      return "the CRM's messages come in another order" + now;
    case Act::crm_commits_late:
      return "what people do in the CRM shows " + amount + " s after its stamp";
    case Act::crm_locks_rows:
      return "the CRM locks the next " + amount + " records";
    default:
      return "the CRM forgets its change cursors";
  }
}

std::string DescribeWorld(const Step& step) {
  const std::string amount = std::to_string(step.amount);
  switch (step.act) {
    case Act::time_passes:
      return amount + " s pass";
    case Act::second_strikes:
      return "the next second begins";
    case Act::our_clock_is_off:
      return "our clock is off by " + amount + " s";
    case Act::crm_clock_is_off:
      return "the CRM's clock is off by " + amount + " s";
    case Act::partner_clock_is_off:
      return "Partner Center's clock is off by " + amount + " s";
    case Act::reads_lag:
      return "reads of Partner Center lag by " + amount + " s";
    case Act::pages_shift:
      return "lists come in shifting pages of " + amount;
    case Act::webhooks_get_lost:
      return amount + " % of the webhooks get lost";
    case Act::webhooks_double:
      return amount + " % of the webhooks come twice";
    case Act::webhooks_late:
      return "webhooks are late by " + amount + " s";
    case Act::webhooks_shuffle:
      return "webhooks come in another order, up to " + amount + " s late";
    default:
      return DescribeCrm(step);
  }
}

std::string DescribeService(const Step& step) {
  switch (step.act) {
    case Act::poll:
      return "the service polls";
    case Act::sweep:
      return "the service sweeps";
    case Act::events:
      return "the service follows its events";
    case Act::deliver:
      return "webhooks are delivered";
    case Act::restart:
      return "the service is killed and started";
    case Act::lose_database:
      return "the database is lost";
    case Act::back_up:
      return "the database is backed up";
    default:
      return "the last backup is restored";
  }
}

std::string Text(const sandbox::FaultRule& rule) {
  std::string text = "the ";
  if (rule.skip > 0) text += std::to_string(rule.skip + 1) + ". ";
  text += rule.method.empty() ? "request" : rule.method;
  text += " to " + rule.service + " meets " + std::string(sandbox::ToString(rule.kind));
  if (rule.kind == sandbox::FaultKind::status) text += " " + std::to_string(rule.status);
  if (!rule.code.empty()) text += " " + rule.code;
  if (rule.retry_after_s) {
    text += ", Retry-After " + std::to_string(*rule.retry_after_s);
    text += rule.retry_after_as_date ? " as a date" : " s";
  }
  if (rule.times != 1) text += ", " + std::to_string(rule.times) + " times";
  return text;
}

}  // namespace

bool IsRound(Act act) { return act == Act::poll || act == Act::sweep || act == Act::events; }

std::set<int> Numbers(const Script& script) {
  std::set<int> numbers;
  for (const Step& step : script.steps) numbers.insert(step.number);
  for (const Trouble& trouble : script.troubles) numbers.insert(trouble.number);
  return numbers;
}

Script Keep(const Script& script, const std::set<int>& numbers) {
  Script kept = script;
  std::erase_if(kept.steps, [&](const Step& step) { return !numbers.contains(step.number); });
  std::erase_if(kept.troubles, [&](const Trouble& trouble) {
    return !numbers.contains(trouble.number) || !numbers.contains(trouble.step);
  });
  return kept;
}

std::string Describe(const Step& step) {
  std::string text;
  if (step.act <= Act::rival_rewrites) {
    text = DescribeSeller(step);
  } else if (step.act <= Act::referral_expires) {
    text = DescribePartner(step);
  } else if (step.act <= Act::crm_forgets_changes) {
    text = DescribeWorld(step);
  } else {
    text = DescribeService(step);
  }
  if (step.during > 0)
    text += " (during request " + std::to_string(step.during) + " of the next round)";
  return text;
}

std::string Describe(const Trouble& trouble) {
  const std::string nth = std::to_string(trouble.nth);
  switch (trouble.spot) {
    case Spot::remote:
      return Text(trouble.rule);
    case Spot::store_busy:
      return "the database is locked from file call " + nth + " on";
    case Spot::store_full:
      return "the disk is full at file write " + nth;
    case Spot::store_broken:
      return "the disk fails at file write " + nth;
    case Spot::crash_before_send:
      return "crash before remote write " + nth + " is sent";
    case Spot::crash_after_effect:
      return "crash after remote write " + nth + " took effect, before its answer";
    case Spot::crash_after_answer:
      return "crash after the answer to remote write " + nth + ", before it is recorded";
    case Spot::crash_after_commit:
      return "crash after remote write " + nth + " was recorded";
    case Spot::crash_before_store_write:
      return "crash before durable write " + nth;
    case Spot::crash_after_store_write:
      return "crash after durable write " + nth;
  }
  return "";
}

std::string Describe(const Script& script) {
  std::string text;
  for (const Step& step : script.steps) {
    text += "  " + std::to_string(step.number) + ". " + Describe(step) + "\n";
    for (const Trouble& trouble : script.troubles) {
      if (trouble.step != step.number) continue;
      text += "     " + std::to_string(trouble.number) + ". meanwhile " + Describe(trouble) + "\n";
    }
  }
  return text;
}

}  // namespace cosell::simulation
