// Makes fsync(2) fail on purpose, as a disk does that is dying. Include it in test files only: it takes the place of
// the C library's fsync in the whole program, and passes on what is not to fail.
#pragma once

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <functional>
#include <string>
#include <system_error>
#include <utility>

namespace kindred::testing {

// As long as it lives, fsync of a file or folder whose path `fails` is an input/output error. One at a time.
class SyncFault {
 public:
  using Predicate = std::function<bool(const std::string& canonical_path)>;
  explicit SyncFault(Predicate fails) { fails_ = std::move(fails); }
  ~SyncFault() { fails_ = nullptr; }
  SyncFault(const SyncFault&) = delete;
  SyncFault& operator=(const SyncFault&) = delete;

  static bool Fails(int descriptor) {
    std::error_code ignored;
    return fails_ != nullptr &&
           fails_(std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(descriptor), ignored).string());
  }

 private:
  static inline Predicate fails_;
};

}  // namespace kindred::testing

extern "C" [[gnu::used]] inline int fsync(int descriptor) {
  if (!kindred::testing::SyncFault::Fails(descriptor)) return static_cast<int>(::syscall(SYS_fsync, descriptor));
  errno = EIO;
  return -1;
}
