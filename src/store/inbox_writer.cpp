#include "store/inbox_writer.h"

#include <exception>
#include <stdexcept>
#include <utility>
#include <vector>

#include "store/connections.h"
#include "store/inbox.h"

namespace cosell::store {
namespace {

constexpr std::size_t kGroupSizeMax = 512;  // events; the last caller's may go beyond it

}  // namespace

InboxWriter::InboxWriter(Session& session, const Clock& clock)
    : session_(session), clock_(clock), thread_([this] { Loop(); }) {}

InboxWriter::~InboxWriter() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  queued_.notify_one();
  thread_.join();
}

std::size_t InboxWriter::Append(std::span<const Event> events) {
  if (events.empty()) return 0;
  std::future<Outcome> written;
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back({events, {}});
    ++waiting_;
    written = queue_.back().written.get_future();
  }
  queued_.notify_one();
  const Outcome outcome = written.get();
  if (outcome.stranger != nullptr) {
    throw std::logic_error("the connection '" + outcome.stranger->connection.text +
                           "' was never opened");
  }
  return outcome.added;
}

std::size_t InboxWriter::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_;
}

void InboxWriter::Loop() {
  for (Group group = NextGroup(); !group.empty(); group = NextGroup()) WriteGroup(group);
}

// Empty only when the writer is to end.
InboxWriter::Group InboxWriter::NextGroup() {
  std::unique_lock lock(mutex_);
  queued_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
  Group group;
  std::size_t events = 0;
  while (!queue_.empty() && events < kGroupSizeMax) {
    events += queue_.front().events.size();
    group.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return group;
}

void InboxWriter::WriteGroup(Group& group) {
  std::vector<Outcome> outcomes;
  std::exception_ptr failure;
  try {
    session_.Write([&] {
      for (const Pending& pending : group) outcomes.push_back(WriteAll(pending.events));
    });
  } catch (...) {
    failure = std::current_exception();
  }
  {
    const std::lock_guard lock(mutex_);
    waiting_ -= group.size();
  }
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (failure) {
      group[i].written.set_exception(failure);
    } else {
      group[i].written.set_value(outcomes[i]);
    }
  }
}

// The connections are looked up before the first insert: the group's transaction goes on for the
// other callers, so a refused message must have left nothing in it.
InboxWriter::Outcome InboxWriter::WriteAll(std::span<const Event> events) {
  std::vector<ConnectionRow> connections;
  connections.reserve(events.size());
  for (const Event& event : events) {
    const auto connection = FindConnection(session_, event.connection);
    if (!connection) return {.added = 0, .stranger = &event};
    connections.push_back(*connection);
  }
  Outcome outcome;
  const Instant now = clock_.Now();
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (InsertEvent(session_, connections[i], events[i], now)) ++outcome.added;
  }
  return outcome;
}

}  // namespace cosell::store
