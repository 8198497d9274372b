#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <string>

#include "platform/files.h"

namespace cosell::platform {

// A folder of a test's own with a name that needs UTF-8, removed at its end.
class ScratchFolder {
 public:
  ScratchFolder() {
    static std::atomic<int> count{0};
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    path_ = std::filesystem::temp_directory_path() /
            ToPath(std::string("cosell \xC5\xBC\xC3\xB3\xC5\x82w ") + test->test_suite_name() +
                   "." + test->name() + std::to_string(++count));
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  std::string File(const std::string& name) const { return ToUtf8(path_ / ToPath(name)); }
  std::string folder() const { return ToUtf8(path_); }
  std::size_t CountFiles() const {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(path_)) ++count;
    return count;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace cosell::platform
