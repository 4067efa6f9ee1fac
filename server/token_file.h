// The bearer tokens that callers may show, from a file of one a line, read again when it changes. Blank lines, and
// those that begin with #, are left out.
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "server/folder_stamp.h"
#include "server/rate_limit.h"

namespace kindred {

// Thread-safe. Keeps hashes only.
class TokenFile {
 public:
  // InvalidArgument: it holds no token, or one shorter than 16 bytes, or with bytes that no header can carry.
  // DataLoss: it is too long for tokens.  As ErrnoStatus(): it cannot be read.  Each names --token_file.
  static absl::StatusOr<std::unique_ptr<TokenFile>> Open(const std::string& path);

  // Whether `authorization`, such as "Bearer 3f2a9c1d0b7e4c55", shows one of the tokens. How long it takes does not
  // tell how much of one was right.
  bool Allows(absl::string_view authorization);

  // Reads the file; Allows() does so where it changed, and looks for that once a second. What is no good is refused
  // with a warning, and the tokens before stay.
  void Refresh();

 private:
  using Hash = std::array<unsigned char, 32>;

  TokenFile(std::string path, FileStamp stamp, std::vector<Hash> hashes);
  static absl::StatusOr<std::vector<Hash>> Load(const std::string& path);
  void RefreshIfChanged();
  void Read(FileStamp stamp) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  static Hash HashOf(absl::string_view token);

  const std::string path_;
  RateLimit looks_{std::chrono::seconds(1)};
  absl::Mutex mutex_;
  FileStamp stamp_ ABSL_GUARDED_BY(mutex_);  // Of the content that was last looked at, good or not.
  std::vector<Hash> hashes_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace kindred
