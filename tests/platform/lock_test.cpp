#include "platform/lock.h"

#include <gtest/gtest.h>

#include "platform/files_system.h"
#include "scratch_folder.h"

namespace cosell::platform {
namespace {

TEST(InstanceLockTest, SecondInstanceIsToldWhoHoldsTheDatabase) {
  const ScratchFolder scratch;
  const std::string database = scratch.File("cosell-sync.db");
  const auto first = InstanceLock::Acquire(database);
  ASSERT_TRUE(first);
  const auto second = InstanceLock::Acquire(database);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::already_exists);
  EXPECT_NE(second.error().message.find(database), std::string::npos);
  EXPECT_NE(second.error().message.find(ProcessId()), std::string::npos);
}

TEST(InstanceLockTest, LockEndsWithItsOwner) {
  const ScratchFolder scratch;
  const std::string database = scratch.File("cosell-sync.db");
  ASSERT_TRUE(InstanceLock::Acquire(database));
  EXPECT_FALSE(IsHeld(database));
  EXPECT_TRUE(InstanceLock::Acquire(database));
}

TEST(InstanceLockTest, HolderIsFoundWithoutDisturbingIt) {
  const ScratchFolder scratch;
  const std::string database = scratch.File("cosell-sync.db");
  const auto held = InstanceLock::Acquire(database);
  ASSERT_TRUE(held);
  ASSERT_TRUE(IsHeld(database));
  EXPECT_EQ(FindLockHolder(database)->process_id, ProcessId());
  EXPECT_TRUE(IsHeld(database));
}

TEST(InstanceLockTest, DatabaseThatWasNeverLockedIsFreeAndAskingLeavesNoFile) {
  const ScratchFolder scratch;
  EXPECT_FALSE(IsHeld(scratch.File("cosell-sync.db")));
  EXPECT_EQ(scratch.CountFiles(), 0u);
}

TEST(InstanceLockTest, TwoDatabasesDoNotMeet) {
  const ScratchFolder scratch;
  const auto one = InstanceLock::Acquire(scratch.File("one.db"));
  EXPECT_TRUE(InstanceLock::Acquire(scratch.File("two.db")));
}

TEST(InstanceLockTest, MissingFolderIsAnErrorThatNamesIt) {
  const ScratchFolder scratch;
  const auto lock = InstanceLock::Acquire(scratch.File("absent/cosell-sync.db"));
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().kind, ErrorKind::invalid_input);
  EXPECT_NE(lock.error().message.find("absent"), std::string::npos);
}

}  // namespace
}  // namespace cosell::platform
