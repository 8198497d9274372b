#include "webhook/dataverse_push_receiver.h"

#include <exception>
#include <utility>

#include "webhook/answers.h"

namespace cosell::webhook {
namespace {

constexpr std::size_t kBodyBytesMax = 524'288;

// Equal for the repeats of one operation; a message without an operation id repeats nothing.
std::string DedupeKey(const PushContext& context, Instant now) {
  const std::string& operation = context.operation;
  return "push|" + context.message + "|" + context.record_id + "|" +
         (operation.empty() ? FormatInstant(now) : operation);
}

}  // namespace

DataversePushReceiver::DataversePushReceiver(const DataversePushOptions& options, Store& store,
                                             const Clock& clock, WakeUp wake_up)
    : connection_(options.connection),
      key_(options.key, options.query_names),
      store_(store),
      clock_(clock),
      wake_up_(std::move(wake_up)) {}

InboundAnswer DataversePushReceiver::Receive(const InboundRequest& request) {
  try {
    return Judge(request);
  } catch (const std::exception& failure) {
    return TryLater("internal_error", failure.what());
  }
}

InboundAnswer DataversePushReceiver::Judge(const InboundRequest& request) {
  if (request.body.size() > kBodyBytesMax) return TooLarge(kBodyBytesMax);
  if (!key_.Opens(request)) {
    return Unauthorized("key_wrong",
                        "The push carries no key or another one than crm.push.key; correct the "
                        "header x-cosell-key of the webhook step in Dynamics 365.");
  }
  const auto context = ParsePushContext(request.body);
  if (!context) {
    return BadRequest("body_unreadable",
                      "The body is no Dataverse execution context; is this the address of "
                      "another webhook?");
  }
  return TakeIn(*context);
}

InboundAnswer DataversePushReceiver::TakeIn(const PushContext& context) {
  if (context.table != "opportunity" && context.table != "lead") return Accepted("ignored_table");
  if (context.record_id.empty()) {
    return BadRequest("record_id_missing", "PrimaryEntityId is not a GUID.");
  }
  Event event;
  event.connection = connection_;
  event.side = Side::crm;
  event.source = "push";
  event.name = context.message;
  event.record_id = context.record_id;
  event.kind = context.table == "lead" ? RecordKind::lead : RecordKind::opportunity;
  event.changed_at = context.modified_at;
  event.received_at = clock_.Now();
  event.dedupe_key = DedupeKey(context, event.received_at);
  return AnswerForAppend([&] { return store_.AppendEvent(event); }, wake_up_);
}

}  // namespace cosell::webhook
