#include "platform/secrets.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "platform/files.h"
#include "scratch_folder.h"

namespace cosell::platform {
namespace {

class ListLog final : public Log {
 public:
  void Write(LogLevel, std::string_view message, Fields fields) override {
    std::string line(message);
    for (const auto& [name, value] : fields) line += " " + std::string(name) + "=" + value;
    lines.push_back(line);
  }
  std::vector<std::string> lines;
};

class SecretsTest : public ::testing::Test {
 protected:
  SecretSource FileWith(const std::string& content, FileAccess access = FileAccess::owner_only) {
    EXPECT_TRUE(WriteFileAtomically(file(), content, access));
    return SecretSource{"", file(), ""};
  }
  std::string file() const { return scratch_.File("refresh-token"); }

  ScratchFolder scratch_;
  ListLog log_;
  std::unique_ptr<Secrets> secrets_ = MakeSecrets(log_);
};

TEST_F(SecretsTest, FileLosesExactlyOneLineEnd) {
  EXPECT_EQ(*secrets_->Read(FileWith("open sesame\n")), "open sesame");
  EXPECT_EQ(*secrets_->Read(FileWith("open sesame\r\n")), "open sesame");
  EXPECT_EQ(*secrets_->Read(FileWith("open sesame \n\n")), "open sesame \n");
}

TEST_F(SecretsTest, MendedFileCountsAtOnce) {
  const SecretSource source = FileWith("old");
  ASSERT_EQ(*secrets_->Read(source), "old");
  FileWith("new");
  EXPECT_EQ(*secrets_->Read(source), "new");
}

TEST_F(SecretsTest, RotatedTokenReplacesTheFileForItsOwnerOnly) {
  const SecretSource source = FileWith("old");
  ASSERT_TRUE(secrets_->Replace(source, "rotated"));
  EXPECT_EQ(*secrets_->Read(source), "rotated");
  EXPECT_FALSE(IsReadableByOthers(file()));
  EXPECT_EQ(*MakeSecrets(log_)->Read(source), "rotated");
}

TEST_F(SecretsTest, TokenThatCannotBeSavedIsKeptUntilTheFileIsMended) {
  const SecretSource source{"", scratch_.File("absent/refresh-token"), ""};
  EXPECT_FALSE(secrets_->Replace(source, "rotated"));
  EXPECT_EQ(*secrets_->Read(source), "rotated");
  std::filesystem::create_directories(ToPath(scratch_.File("absent")));
  ASSERT_TRUE(WriteFileAtomically(source.file, "mended", FileAccess::owner_only));
  EXPECT_EQ(*secrets_->Read(source), "mended");
}

TEST_F(SecretsTest, LiteralIsReplacedInMemory) {
  const SecretSource source{"", "", "first"};
  EXPECT_EQ(*secrets_->Read(source), "first");
  EXPECT_TRUE(secrets_->Replace(source, "second"));
  EXPECT_EQ(*secrets_->Read(source), "second");
}

TEST_F(SecretsTest, UnsetVariableIsNamed) {
  const auto read = secrets_->Read({"COSELL_NO_SUCH_VARIABLE", "", ""});
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::invalid_input);
  EXPECT_NE(read.error().message.find("COSELL_NO_SUCH_VARIABLE"), std::string::npos);
}

TEST_F(SecretsTest, EmptySecretsAreErrors) {
  EXPECT_FALSE(secrets_->Read(FileWith("\n")));
  EXPECT_FALSE(secrets_->Read({}));
  EXPECT_FALSE(secrets_->Replace(FileWith("old"), ""));
}

TEST_F(SecretsTest, FileOthersMayReadIsWarnedAboutOnceWithoutItsContent) {
  const SecretSource source = FileWith("open sesame", FileAccess::everyone);
  std::filesystem::permissions(ToPath(file()), std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  if (!IsReadableByOthers(file())) GTEST_SKIP() << "this system does not tell who may read a file";
  EXPECT_TRUE(secrets_->Read(source));
  EXPECT_TRUE(secrets_->Read(source));
  ASSERT_EQ(log_.lines.size(), 1u);
  EXPECT_NE(log_.lines[0].find(file()), std::string::npos);
  EXPECT_EQ(log_.lines[0].find("sesame"), std::string::npos);
}

}  // namespace
}  // namespace cosell::platform
