#pragma once

#include <array>
#include <optional>
#include <string_view>

// Planted bugs: plausible mistakes that the simulation makes on purpose, to show that its checks
// would notice them (`tools/simulate --teeth`). Each stands in the code where the right way stands,
// as a branch on Planted().
//
// In every build without the CMake option COSELL_PLANTED_BUGS, so in everything that is shipped,
// Planted() is a constant false and the branches leave nothing behind. With the option it asks a
// setting of the process, which nobody but the simulation ever sets: the presets `debug` and
// `teeth` have it, `release` and `asan` do not. See docs/CORRECTNESS.md.
namespace cosell {

// The table: a name, and what goes wrong. In the order of the rooms a change passes through.
#define COSELL_PLANTED_BUG_TABLE(BUG)                                                              \
  /* reading */                                                                                    \
  BUG(truncated_page_accepted, "a list that was cut off in the middle passes for a short one")     \
  BUG(stale_read_accepted, "a lagging read of Partner Center replaces a newer snapshot")           \
  BUG(crm_clock_trusted, "a CRM row is thought stale because the CRM's clock was set back")        \
  BUG(sync_change_unseen, "Sync set to Yes or No is no change of the record")                      \
  BUG(sync_flag_ignored, "a record counts as flagged whatever Sync says")                          \
  BUG(mark_taken_for_name, "the mark in front of the name is read as part of it")                  \
  BUG(date_shifted, "a closing date is taken at a local midnight west of Greenwich")               \
  BUG(cursor_before_rows, "the cursor is durable before the rows it stands for")                   \
  BUG(watermark_without_overlap, "a poll asks only for what is newer than the newest stamp seen")  \
  BUG(event_key_too_coarse, "a second change of one record passes for a repeat of the first")      \
  BUG(event_finished_unread, "an event leaves the inbox although its read failed")                 \
  BUG(event_acknowledged_unsaved, "a webhook is answered 200 although it could not be stored")     \
  BUG(unlisted_taken_for_deleted, "what one full list lacks counts as deleted, unasked")           \
  BUG(deletion_missed, "a deleted record goes on as if it were there")                             \
  /* pairing */                                                                                    \
  BUG(microsofts_part_taken_for_ours, "Microsoft's referral of an engagement gets its own record") \
  BUG(identifiers_ignored, "after a lost database the identifiers on both sides are not followed") \
  BUG(shifted_page_linked_twice, "a record that one list shows twice gets two links")              \
  /* deciding */                                                                                   \
  BUG(equal_edits_not_recorded, "where both sides agree again, the base stays what it was")        \
  BUG(cleared_value_unchanged, "a value that was emptied counts as unchanged")                     \
  BUG(set_merged_as_text, "a set is one text: two sides' additions are a conflict")                \
  BUG(set_only_grows, "what one side took out of a set is put in again by the other")              \
  BUG(loser_not_kept, "the value that lost a conflict is kept nowhere")                            \
  BUG(winner_kept_as_loser, "of a conflict the winning value is kept, not the losing one")         \
  BUG(nothing_beats_something, "when two sides meet without a base, an empty value wins")          \
  BUG(order_by_raw_clocks, "two machines' clocks are compared as if they were one")                \
  BUG(edit_sent_before_accept, "fields travel to a referral that was not accepted yet")            \
  BUG(closed_referral_edited, "edits are sent to a closed referral")                               \
  BUG(closed_referral_reopened, "a deal taken up again in the CRM reopens its closed referral")    \
  BUG(accept_skipped, "won in the CRM closes a referral that was never accepted")                  \
  BUG(hold_sent, "put on hold in the CRM takes the accept back")                                   \
  BUG(status_before_fields, "a deal is closed before its last edits have been sent")               \
  BUG(visibility_withdrawn, "a one-way switch is sent backwards")                                  \
  BUG(help_without_consent, "Microsoft is asked for help with a deal it may not see")              \
  BUG(incomplete_deal_shared, "a deal is sent without what Partner Center requires")               \
  BUG(empty_value_sent, "an empty value is sent where Partner Center takes none")                  \
  /* rendering */                                                                                  \
  BUG(cleared_value_not_written, "a write leaves out the columns that are to be emptied")          \
  BUG(referral_marker_missing, "a new referral does not carry the CRM id")                         \
  BUG(record_marker_missing, "a new CRM record carries nothing of the referral it is made for")    \
  BUG(customer_made_again, "every attempt makes an account and a contact of its own")              \
  /* sending */                                                                                    \
  BUG(intent_not_flushed, "a write is sent before its intent is durable")                          \
  BUG(referral_version_unchecked, "a referral is changed with If-Match: *")                        \
  BUG(record_version_unchecked, "a CRM record is changed with If-Match: *")                        \
  BUG(stale_values_kept, "after a 412 the new version is taken over, but not the new values")      \
  BUG(create_repeated, "a create is sent again by itself when its answer is lost")                 \
  BUG(throttled_taken_for_done, "a write that was answered 429 is not tried again")                \
  BUG(unknown_taken_for_failed, "a write without an answer is written off as failed")              \
  BUG(quarantine_never_retried, "what was set aside stays there")                                  \
  /* recording */                                                                                  \
  BUG(base_before_confirmation, "the base moves although the write was not confirmed")             \
  BUG(base_takes_whole_answer, "an answer becomes the base of fields that were not written")       \
  BUG(answer_not_kept, "what a write answered does not become the snapshot")                       \
  BUG(intent_closed_before_record, "the intent is closed in a transaction before the record's")    \
  BUG(audit_before_record, "the audit entry has a transaction of its own")                         \
  BUG(audit_lacks_customers, "accounts and contacts made on the way have no audit entry")          \
  BUG(audit_lacks_failures, "a write that was refused gets no audit entry")                        \
  BUG(audit_lacks_adopted, "what is found to have happened gets no audit entry")                   \
  /* after a crash */                                                                              \
  BUG(in_doubt_unread, "intents that a crash left open are not looked up")                         \
  BUG(unknown_create_repeated, "a create of unknown outcome is repeated without a look")           \
  BUG(unknown_update_repeated, "an update of unknown outcome is repeated without a look")          \
  BUG(effect_assumed, "a moved version is taken for our own write's effect")                       \
  BUG(absent_at_once, "what a lagging list does not show yet is believed absent")                  \
  BUG(lookup_on_our_clock, "the lookup of a create asks from our own clock's time on")             \
  BUG(lookup_first_page, "the lookup of a create reads one page")                                  \
  BUG(adopted_edit_swallowed, "an edit made before a create was adopted becomes the base")

enum class PlantedBug {
#define COSELL_PLANTED_BUG(name, what) name,
  COSELL_PLANTED_BUG_TABLE(COSELL_PLANTED_BUG)
#undef COSELL_PLANTED_BUG
};

struct PlantedBugEntry {
  PlantedBug bug;
  std::string_view name;
  std::string_view what;
};

inline constexpr auto kPlantedBugs = std::to_array<PlantedBugEntry>({
#define COSELL_PLANTED_BUG(name, what) {PlantedBug::name, #name, what},
    COSELL_PLANTED_BUG_TABLE(COSELL_PLANTED_BUG)
#undef COSELL_PLANTED_BUG
});

#ifdef COSELL_PLANTED_BUGS

// Whether this is the bug that is being made now. What else decides stands before it, so that
// nobody asks where the answer makes no difference. Safe from any thread.
bool Planted(PlantedBug bug);

// From now on the process makes this bug, or none. Between histories.
void Plant(std::optional<PlantedBug> bug);

// Whether anybody has asked about the bug since the last Plant(): if not, it would have changed
// nothing.
bool WasAskedFor(PlantedBug bug);

inline constexpr bool kCanPlant = true;

#else

constexpr bool Planted(PlantedBug) { return false; }
constexpr void Plant(std::optional<PlantedBug>) {}
constexpr bool WasAskedFor(PlantedBug) { return false; }

inline constexpr bool kCanPlant = false;

#endif

}  // namespace cosell
