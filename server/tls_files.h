// The server's certificate, its key, and the authorities of its clients' certificates: PEM files, read again when they
// change. What cannot be used is refused and named, and the last good ones stay: a certificate whose key is still to be
// copied harms nobody, nor one that is not valid yet.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/clock.h"
#include "server/folder_stamp.h"

namespace prometheus {
class Collectable;
}

namespace kindred {

struct TlsPaths {
  std::string certificate;  // With the intermediate authorities' behind it.
  std::string key;          // Unencrypted.
  std::string client_ca;    // Empty: clients need no certificate.
};

// Contents that fit each other.
struct TlsMaterial {
  std::string certificate;
  std::string key;
  std::string client_ca;
  absl::Time valid_from;  // When the last certificate of the chain is.
  absl::Time expires;     // When the first certificate of the chain does.
};

// Thread-safe.
class TlsFiles {
 public:
  // One that clients refuse at present, as it has expired or is not valid yet, is taken with a warning.
  //   InvalidArgument: a file does not hold what it should, or the key is another certificate's.  DataLoss: it is too
  //   long.  As ErrnoStatus(): it cannot be read.  Each names the flag, such as --tls_cert, and the file.
  static absl::StatusOr<std::unique_ptr<TlsFiles>> Open(const TlsPaths& paths);
  // `clock` must outlive it.
  static absl::StatusOr<std::unique_ptr<TlsFiles>> Open(const TlsPaths& paths, const Clock* clock);

  // What the files hold now; where that is no good, or is no more, what they held before, with one warning a change.
  // No good is, too, what clients refuse at present, as long as what was before is valid: it is looked at again once
  // the one turns valid or the other expires. Takes a few microseconds where nothing changed.
  std::shared_ptr<const TlsMaterial> Current();
  // The same, but reads the files though they did not change, so that what was refused is tried again.
  std::shared_ptr<const TlsMaterial> Refresh();

  bool wants_client_certificates() const { return !paths_.client_ca.empty(); }

 private:
  using Stamps = std::array<FileStamp, 3>;

  TlsFiles(TlsPaths paths, const Clock* clock, const Stamps& stamps, std::shared_ptr<const TlsMaterial> material);
  static Stamps Stamp(const TlsPaths& paths);
  std::shared_ptr<const TlsMaterial> Read(const Stamps& stamps) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Take(std::shared_ptr<const TlsMaterial> material) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const TlsPaths paths_;
  const Clock* const clock_;
  absl::Mutex mutex_;
  Stamps stamps_ ABSL_GUARDED_BY(mutex_);  // Of the contents that were last looked at, good or not.
  absl::Time look_again_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();  // Though they do not change.
  std::shared_ptr<const TlsMaterial> material_ ABSL_GUARDED_BY(mutex_);
  Stamps stamps_in_use_ ABSL_GUARDED_BY(mutex_);  // Of the contents that `material_` holds.
};

// Tells Prometheus when the certificate expires. `files` must outlive it.
std::shared_ptr<prometheus::Collectable> MakeTlsMetrics(TlsFiles* files);

}  // namespace kindred
