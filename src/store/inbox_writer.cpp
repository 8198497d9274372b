#include "store/inbox_writer.h"

#include <exception>
#include <stdexcept>
#include <utility>
#include <vector>

#include "store/connections.h"
#include "store/inbox.h"

namespace cosell::store {
namespace {

constexpr std::size_t kGroupSizeMax = 512;

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

bool InboxWriter::Append(const Event& event) {
  std::future<Outcome> written;
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back({&event, {}});
    ++waiting_;
    written = queue_.back().written.get_future();
  }
  queued_.notify_one();
  const Outcome outcome = written.get();
  if (outcome == Outcome::unknown_connection) {
    throw std::logic_error("the connection '" + event.connection.text + "' was never opened");
  }
  return outcome == Outcome::added;
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
  while (!queue_.empty() && group.size() < kGroupSizeMax) {
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
      for (const Pending& pending : group) outcomes.push_back(WriteOne(*pending.event));
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

InboxWriter::Outcome InboxWriter::WriteOne(const Event& event) {
  const auto connection = FindConnection(session_, event.connection);
  if (!connection) return Outcome::unknown_connection;
  return InsertEvent(session_, *connection, event, clock_.Now()) ? Outcome::added : Outcome::repeat;
}

}  // namespace cosell::store
