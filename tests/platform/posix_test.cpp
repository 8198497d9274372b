#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <thread>

#include "platform/folders.h"
#include "platform/notify.h"
#include "platform/run_loop.h"
#include "scratch_folder.h"

namespace cosell::platform {
namespace {

void SendToOurselves(int signal) { ::kill(::getpid(), signal); }

// Blocks before any other thread of the test program exists, as main does.
const bool blocked = [] {
  BlockSignals();
  return true;
}();

TEST(RunLoopTest, SignalsOfStartUpAreNotLost) {
  SendToOurselves(SIGHUP);
  SendToOurselves(SIGTERM);
  RunLoop loop;
  loop.WaitForStop([] {});
  EXPECT_TRUE(loop.stopping());
}

TEST(RunLoopTest, HangUpReloadsAndTheLoopGoesOn) {
  RunLoop loop;
  int reloads = 0;
  SendToOurselves(SIGHUP);
  loop.WaitForStop([&] {
    if (++reloads == 1) SendToOurselves(SIGHUP);
    if (reloads == 2) SendToOurselves(SIGINT);
  });
  EXPECT_EQ(reloads, 2);
}

TEST(RunLoopTest, StopIsRequestedFromAnotherThread) {
  RunLoop loop;
  std::thread other([&] { loop.RequestStop(); });
  loop.WaitForStop({});
  other.join();
  EXPECT_TRUE(loop.stopping());
}

TEST(RunLoopTest, StopRequestedBeforeWaitingIsSeen) {
  RunLoop loop;
  loop.RequestStop();
  loop.WaitForStop({});
}

TEST(RunLoopTest, ThreadsStartedLaterAreNotKilledEither) {
  RunLoop loop;
  std::thread worker([] { SendToOurselves(SIGQUIT); });
  loop.WaitForStop({});
  worker.join();
}

TEST(RunLoopTest, SecondSignalEndsAStopThatHangs) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        RunLoop loop([](int) { ::write(STDERR_FILENO, "forced", 6); });
        SendToOurselves(SIGTERM);
        loop.WaitForStop({});
        SendToOurselves(SIGTERM);
        for (;;) ::pause();
      },
      ::testing::ExitedWithCode(1), "forced");
}

TEST(RunLoopTest, FirstSignalAfterARequestedStopIsForgiven) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        {
          RunLoop loop;
          loop.RequestStop();
          loop.WaitForStop({});
          SendToOurselves(SIGTERM);
        }
        ::_exit(0);
      },
      ::testing::ExitedWithCode(0), "");
}

TEST(RunLoopTest, WritingToAClosedSocketDoesNotKill) {
  int pair[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  ::close(pair[1]);
  EXPECT_EQ(::write(pair[0], "x", 1), -1);
  ::close(pair[0]);
}

TEST(FoldersTest, FoldersOfTheServiceManagerComeFirst) {
  ::setenv("STATE_DIRECTORY", "/srv/state:/srv/other", 1);
  ::setenv("CONFIGURATION_DIRECTORY", "/srv/config", 1);
  EXPECT_EQ(DataFolder(), "/srv/state");
  EXPECT_EQ(DefaultConfigFile(), "/srv/config/cosell-sync.json");
  ::unsetenv("STATE_DIRECTORY");
  ::unsetenv("CONFIGURATION_DIRECTORY");
  EXPECT_EQ(DataFolder(), "/var/lib/cosell-sync");
}

TEST(FilesTest, SecretFileIsForItsOwner) {
  const ScratchFolder scratch;
  ASSERT_TRUE(WriteFileAtomically(scratch.File("secret"), "x", FileAccess::owner_only));
  struct stat found {};
  ASSERT_EQ(::stat(scratch.File("secret").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
}

TEST(FilesTest, SymbolicLinkStaysOneAndItsTargetIsReplaced) {
  const ScratchFolder scratch;
  ASSERT_TRUE(WriteFileAtomically(scratch.File("real"), "old", FileAccess::everyone));
  std::filesystem::create_symlink(ToPath(scratch.File("real")), ToPath(scratch.File("name")));
  ASSERT_TRUE(WriteFileAtomically(scratch.File("name"), "new", FileAccess::everyone));
  EXPECT_TRUE(std::filesystem::is_symlink(ToPath(scratch.File("name"))));
  EXPECT_EQ(*ReadFile(scratch.File("real")), "new");
}

// Plays systemd: a datagram socket whose messages are read back.
class NotifySocket {
 public:
  explicit NotifySocket(const std::string& name)
      : descriptor_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    if (name[0] == '@') address.sun_path[0] = '\0';
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    EXPECT_EQ(::bind(descriptor_, reinterpret_cast<sockaddr*>(&address), length), 0);
    ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
  }
  ~NotifySocket() {
    ::close(descriptor_);
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) ::unsetenv(name);
  }
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;

  std::string Next() const {
    char text[256];
    const ssize_t size = ::recv(descriptor_, text, sizeof text, MSG_DONTWAIT);
    return size < 0 ? "nothing" : std::string(text, static_cast<std::size_t>(size));
  }

 private:
  int descriptor_;
};

TEST(NotifierTest, ServiceManagerHearsEachStep) {
  const ScratchFolder scratch;
  const NotifySocket manager(scratch.File("n"));
  const Notifier notifier;
  notifier.Ready();
  notifier.Status("2 connections\nall ready");
  notifier.Watchdog();
  notifier.Stopping();
  EXPECT_EQ(manager.Next(), "READY=1");
  EXPECT_EQ(manager.Next(), "STATUS=2 connections all ready");
  EXPECT_EQ(manager.Next(), "WATCHDOG=1");
  EXPECT_EQ(manager.Next(), "STOPPING=1");
}

TEST(NotifierTest, AbstractSocketIsReached) {
  const NotifySocket manager("@cosell-test-" + std::to_string(::getpid()));
  Notifier().Ready();
  EXPECT_EQ(manager.Next(), "READY=1");
}

TEST(NotifierTest, WatchdogIsFedTwiceAsOftenAsAsked) {
  const NotifySocket manager("@cosell-test-" + std::to_string(::getpid()));
  ::setenv("WATCHDOG_USEC", "60000000", 1);
  EXPECT_EQ(Notifier().watchdog_interval(), std::chrono::seconds(30));
  ::setenv("WATCHDOG_PID", "1", 1);
  EXPECT_FALSE(Notifier().watchdog_interval());
}

TEST(NotifierTest, WithoutAServiceManagerNothingHappens) {
  const Notifier notifier;
  EXPECT_FALSE(notifier.wanted());
  notifier.Ready();
}

}  // namespace
}  // namespace cosell::platform
