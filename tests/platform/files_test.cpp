#include "platform/files.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "platform/folders.h"
#include "scratch_folder.h"

namespace cosell::platform {
namespace {

TEST(FilesTest, WrittenFileIsReadBackByteByByte) {
  const ScratchFolder scratch;
  const std::string content("line one\r\nline two\n\0end", 23);
  ASSERT_TRUE(WriteFileAtomically(scratch.File("note"), content, FileAccess::everyone));
  EXPECT_EQ(*ReadFile(scratch.File("note")), content);
}

TEST(FilesTest, ReplacingLeavesNoTemporaryFileBehind) {
  const ScratchFolder scratch;
  ASSERT_TRUE(WriteFileAtomically(scratch.File("note"), "old", FileAccess::everyone));
  ASSERT_TRUE(WriteFileAtomically(scratch.File("note"), "new", FileAccess::everyone));
  EXPECT_EQ(*ReadFile(scratch.File("note")), "new");
  EXPECT_EQ(scratch.CountFiles(), 1u);
}

TEST(FilesTest, ManyWritersLeaveOneWholeContent) {
  const ScratchFolder scratch;
  const std::string file = scratch.File("note");
  std::vector<std::thread> writers;
  for (char c = 'a'; c < 'i'; ++c) {
    writers.emplace_back([&file, c] {
      EXPECT_TRUE(WriteFileAtomically(file, std::string(5000, c), FileAccess::everyone));
    });
  }
  for (auto& writer : writers) writer.join();
  const std::string content = *ReadFile(file);
  EXPECT_EQ(content, std::string(5000, content.front()));
  EXPECT_EQ(scratch.CountFiles(), 1u);
}

TEST(FilesTest, MissingFileIsNamedWithTheMend) {
  const ScratchFolder scratch;
  const auto read = ReadFile(scratch.File("absent"));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::invalid_input);
  EXPECT_NE(read.error().message.find(scratch.File("absent")), std::string::npos);
  EXPECT_NE(read.error().message.find("create it"), std::string::npos);
}

TEST(FilesTest, FolderIsNotRead) {
  const ScratchFolder scratch;
  EXPECT_FALSE(ReadFile(scratch.folder()));
}

TEST(FilesTest, TooLargeFileIsRefused) {
  const ScratchFolder scratch;
  ASSERT_TRUE(
      WriteFileAtomically(scratch.File("big"), std::string(100, 'x'), FileAccess::everyone));
  EXPECT_TRUE(ReadFile(scratch.File("big"), 100));
  EXPECT_FALSE(ReadFile(scratch.File("big"), 99));
}

TEST(FilesTest, WritingIntoAMissingFolderSaysWhichFile) {
  const ScratchFolder scratch;
  const auto written = WriteFileAtomically(scratch.File("no/such"), "x", FileAccess::everyone);
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().message.find("no/such"), std::string::npos);
}

TEST(FilesTest, RelativeNamesAreRelativeToTheGivenFolder) {
  const ScratchFolder scratch;
  EXPECT_EQ(ResolvePath(scratch.folder(), "keys/../server.pem"), scratch.File("server.pem"));
  EXPECT_EQ(ResolvePath("/elsewhere", scratch.File("server.pem")), scratch.File("server.pem"));
  EXPECT_EQ(ResolvePath(scratch.folder(), ""), "");
}

TEST(FilesTest, FolderOfARelativeFileIsAbsolute) {
  EXPECT_TRUE(ToPath(FolderOf("cosell-sync.json")).is_absolute());
  EXPECT_EQ(ToPath(FolderOf("cosell-sync.json")), std::filesystem::current_path());
}

TEST(FoldersTest, FoldersAreAbsolute) {
  EXPECT_TRUE(ToPath(DataFolder()).is_absolute());
  EXPECT_TRUE(ToPath(ConfigFolder()).is_absolute());
  EXPECT_TRUE(ToPath(DefaultConfigFile()).is_absolute());
}

}  // namespace
}  // namespace cosell::platform
