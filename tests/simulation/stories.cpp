#include "stories.h"

namespace cosell::simulation {
namespace {

using Steps = std::vector<Step>;

Step Do(Act act, int deal = 0, int amount = 0) {
  Step step;
  step.act = act;
  step.deal = deal;
  step.amount = amount;
  return step;
}

Step Edit(Act act, Field field, const std::string& value, int deal = 0) {
  Step step = Do(act, deal);
  step.field = field;
  step.value = value;
  return step;
}

Step Seller(Field field, const std::string& value, int deal = 0) {
  return Edit(Act::seller_edits, field, value, deal);
}
Step Partner(Field field, const std::string& value, int deal = 0) {
  return Edit(Act::partner_edits, field, value, deal);
}
Step Sends(int opening = 0, int deal = 0) { return Do(Act::microsoft_sends, deal, opening); }
Step Opens(int opening, int deal = 0) { return Do(Act::seller_opens, deal, opening); }
Step Wait(int seconds) { return Do(Act::time_passes, 0, seconds); }
Step During(int request, Step step) {
  step.during = request;
  return step;
}

Steps operator+(Steps first, const Steps& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

// --- where stories begin

Steps Offered() { return {Sends(), Do(Act::sweep), Do(Act::poll)}; }
Steps Accepted() { return Offered() + Steps{Do(Act::partner_accepts), Do(Act::poll), Wait(60)}; }
Steps Shared(int opening = kFlagged) {
  return {Opens(opening), Do(Act::sweep), Do(Act::poll), Wait(60)};
}
Steps TwoPairs() {
  return {Sends(),       Opens(kFlagged, 1), Do(Act::sweep), Do(Act::partner_accepts),
          Do(Act::poll), Do(Act::poll),      Wait(60)};
}
Steps ClosedAs(Act act) { return Accepted() + Steps{Do(act), Do(Act::poll), Wait(60)}; }
Steps Unflagged() { return Accepted() + Steps{Do(Act::seller_unflags), Do(Act::poll), Wait(60)}; }

std::vector<Story> FromNothing() {
  return {
      {"Microsoft sends a referral", {}, {Sends()}},
      {"Microsoft sends a referral and offers help", {}, {Sends(kAsksHelp)}},
      {"Microsoft sends a referral whose customer did not consent", {}, {Sends(kNoConsent)}},
      {"A flagged deal is shared", {}, {Opens(kFlagged)}},
      {"A flagged deal that asks for help is shared", {}, {Opens(kFlagged + kAsksHelp)}},
      {"A flagged deal on hold waits", {}, {Opens(kFlagged + kOnHold)}},
      {"A flagged deal without a solution is told so", {}, {Opens(kFlagged + kLacksSolution)}},
      {"Two referrals come at once", {}, {Sends(), Sends(0, 1)}},
      {"One deal comes from each side", {}, {Sends(), Opens(kFlagged, 1)}},
      {"Two from each side, two with help",
       {},
       {Sends(), Sends(kAsksHelp, 1), Opens(kFlagged, 2), Opens(kFlagged + kAsksHelp, 3)}},
  };
}

std::vector<Story> FromAnOffer() {
  const Steps offered = Offered();
  return {
      {"Partner Center accepts", offered, {Do(Act::partner_accepts)}},
      {"Partner Center declines", offered, {Do(Act::partner_declines)}},
      {"The offer expires", offered, {Do(Act::referral_expires)}},
      {"The seller takes it up", offered, {Do(Act::seller_takes_up)}},
      {"The seller wins before accepting", offered, {Do(Act::seller_wins)}},
      {"The seller loses before accepting", offered, {Do(Act::seller_loses)}},
      {"The seller edits on hold", offered, {Seller(Field::deal_value, "91000")}},
      {"The seller edits and takes it up",
       offered,
       {Seller(Field::deal_value, "91000"), Do(Act::seller_takes_up)}},
      {"The seller edits, renames and wins before accepting",
       offered,
       {Seller(Field::deal_value, "91000"), Seller(Field::name, "Deal 1 renamed"),
        Do(Act::seller_wins)}},
      {"Partner Center edits an offer", offered, {Partner(Field::notes, "Four plants now")}},
      {"Partner Center edits while the seller takes it up",
       offered,
       {Partner(Field::notes, "Four plants now"), Do(Act::seller_takes_up)}},
      {"The seller deletes what was offered", offered, {Do(Act::seller_deletes)}},
  };
}

std::vector<Story> EditsOfAPair() {
  const Steps pair = Accepted();
  return {
      {"The seller renames", pair, {Seller(Field::name, "Deal 1 renamed")}},
      {"The seller changes the value", pair, {Seller(Field::deal_value, "91000.5")}},
      {"The seller moves the closing date", pair, {Seller(Field::closing_date, "2027-01-15")}},
      {"The seller writes a note", pair, {Seller(Field::notes, "Seller's note")}},
      {"The seller empties the notes", pair, {Seller(Field::notes, "")}},
      {"The seller adds a solution",
       pair,
       {Seller(Field::solutions, "SOL-90210-CTS,SOL-90210-QWK")}},
      {"The seller empties the value", pair, {Seller(Field::deal_value, "")}},
      {"The seller withdraws the visibility", pair, {Seller(Field::visibility, "false")}},
      {"The seller renames and changes the value",
       pair,
       {Seller(Field::name, "Deal 1 renamed"), Seller(Field::deal_value, "91000")}},
      {"The seller asks for help", pair, {Seller(Field::help, "General Or Other")}},
      {"Partner Center renames", pair, {Partner(Field::name, "Deal 1 renamed")}},
      {"Partner Center changes the value", pair, {Partner(Field::deal_value, "77000")}},
      {"Partner Center changes the currency", pair, {Partner(Field::currency, "USD")}},
      {"Partner Center moves the closing date", pair, {Partner(Field::closing_date, "2027-02-28")}},
      {"Partner Center writes a note", pair, {Partner(Field::notes, "Partner's note")}},
      {"Partner Center empties the notes", pair, {Partner(Field::notes, "")}},
      {"Partner Center changes the solutions",
       pair,
       {Partner(Field::solutions, "SOL-77001-ABC,SOL-90210-QWK")}},
      {"The two sides edit different fields",
       pair,
       {Partner(Field::notes, "Partner's note"), Seller(Field::deal_value, "91000")}},
      {"The two sides edit one field, the seller later",
       pair,
       {Partner(Field::notes, "Partner's note"), Wait(30), Seller(Field::notes, "Seller's note")}},
      {"The two sides edit one field, Partner Center later",
       pair,
       {Seller(Field::notes, "Seller's note"), Wait(30), Partner(Field::notes, "Partner's note")}},
      {"The two sides write the same",
       pair,
       {Seller(Field::notes, "The same"), Partner(Field::notes, "The same"),
        Seller(Field::deal_value, "91000")}},
      {"The two sides add a solution each",
       pair,
       {Seller(Field::solutions, "SOL-90210-CTS,SOL-90210-QWK"),
        Partner(Field::solutions, "SOL-77001-ABC,SOL-90210-QWK")}},
      {"Somebody edits the same field while it is sent",
       pair,
       {Seller(Field::deal_value, "91000"), During(3, Partner(Field::deal_value, "77000"))}},
      {"The seller edits another field while one is sent",
       pair,
       {Partner(Field::deal_value, "77000"), During(3, Seller(Field::notes, "Seller's note"))}},
  };
}

std::vector<Story> EndsOfAPair() {
  const Steps pair = Accepted();
  return {
      {"The seller wins", pair, {Do(Act::seller_wins)}},
      {"The seller loses", pair, {Do(Act::seller_loses)}},
      {"Partner Center wins", pair, {Do(Act::partner_wins)}},
      {"Partner Center loses", pair, {Do(Act::partner_loses)}},
      {"The seller edits and wins",
       pair,
       {Seller(Field::deal_value, "91000"), Seller(Field::name, "Deal 1 renamed"),
        Do(Act::seller_wins)}},
      {"Partner Center edits and loses",
       pair,
       {Partner(Field::notes, "Partner's note"), Do(Act::partner_loses)}},
      {"Both close, differently", pair, {Do(Act::partner_wins), Do(Act::seller_loses)}},
      {"The seller puts it on hold again", pair, {Do(Act::seller_holds)}},
      {"The seller deletes it", pair, {Do(Act::seller_deletes)}},
      {"A closed deal is reopened", ClosedAs(Act::partner_loses), {Do(Act::seller_takes_up)}},
      {"A won deal is reopened", ClosedAs(Act::seller_wins), {Do(Act::seller_takes_up)}},
  };
}

std::vector<Story> OfSharingAndOthers() {
  return {
      {"The seller edits a shared deal", Shared(), {Seller(Field::deal_value, "91000")}},
      {"Partner Center wins a shared deal", Shared(), {Do(Act::partner_wins)}},
      {"Microsoft takes its part", Shared(kFlagged + kAsksHelp), {Do(Act::microsoft_accepts)}},
      {"Microsoft declines its part", Shared(kFlagged + kAsksHelp), {Do(Act::microsoft_declines)}},
      {"Help is asked for an invisible deal", Shared(), {Seller(Field::help, "General Or Other")}},
      {"A deal is flagged later", {Opens(0), Do(Act::sweep)}, {Do(Act::seller_flags)}},
      {"An unflagged pair still learns from Partner Center",
       Unflagged(),
       {Partner(Field::notes, "Partner's note"), Seller(Field::deal_value, "91000")}},
      {"A pair is flagged again",
       Unflagged() + Steps{Seller(Field::deal_value, "91000"), Do(Act::poll)},
       {Do(Act::seller_flags)}},
      {"Two pairs are edited, one from each side",
       TwoPairs(),
       {Partner(Field::notes, "Partner's note"), Seller(Field::deal_value, "91000", 1)}},
      {"Two pairs are edited from both sides and one is won",
       TwoPairs(),
       {Partner(Field::notes, "Partner's note"), Seller(Field::deal_value, "91000"),
        Partner(Field::deal_value, "55000", 1), Do(Act::seller_wins, 1)}},
      {"Microsoft sends one more to a pair", Accepted(), {Sends(0, 1)}},
      {"The database is lost", TwoPairs(), {Do(Act::lose_database)}},
      {"The database is lost before an edit arrives",
       TwoPairs(),
       {Seller(Field::deal_value, "91000"), Do(Act::lose_database)}},
      {"An older database is restored",
       Accepted() + Steps{Do(Act::back_up), Seller(Field::deal_value, "91000"), Do(Act::poll)},
       {Do(Act::restore_backup), Seller(Field::notes, "Seller's note")}},
  };
}

}  // namespace

const std::vector<Story>& Stories() {
  static const std::vector<Story> stories = [] {
    std::vector<Story> all;
    for (auto part :
         {FromNothing(), FromAnOffer(), EditsOfAPair(), EndsOfAPair(), OfSharingAndOthers()})
      all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return stories;
}

void PrintTo(const Story& story, std::ostream* out) { *out << '"' << story.name << '"'; }

Script ScriptOf(const Story& story, sandbox::CrmProduct product) {
  Script script;
  script.seed = 1;
  script.product = product;
  script.steps = story.before + story.then + Steps{Do(Act::poll)};
  int number = 0;
  for (Step& step : script.steps) step.number = ++number;
  return script;
}

}  // namespace cosell::simulation
