// The server's certificate, its key, and the authorities of its clients' certificates: PEM files, read again when they
// change. What cannot be used is refused and named, and the last good ones stay: a certificate whose key is still to be
// copied harms nobody.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
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
  absl::Time expires;  // When the first certificate of the chain does.
};

// Thread-safe.
class TlsFiles {
 public:
  // NotFound: no such file.  InvalidArgument: it does not hold what it should, or the key is another certificate's.
  static absl::StatusOr<std::unique_ptr<TlsFiles>> Open(const TlsPaths& paths);

  // What the files hold now; where that is no good, or is no more, what they held before, with one warning a change.
  // Takes a few microseconds where nothing changed.
  std::shared_ptr<const TlsMaterial> Current();

  bool wants_client_certificates() const { return !paths_.client_ca.empty(); }

 private:
  using Stamps = std::array<FileStamp, 3>;

  TlsFiles(TlsPaths paths, const Stamps& stamps, std::shared_ptr<const TlsMaterial> material);
  static Stamps Stamp(const TlsPaths& paths);

  const TlsPaths paths_;
  absl::Mutex mutex_;
  Stamps stamps_ ABSL_GUARDED_BY(mutex_);  // Of the contents that were last looked at, good or not.
  std::shared_ptr<const TlsMaterial> material_ ABSL_GUARDED_BY(mutex_);
};

// Tells Prometheus when the certificate expires. `files` must outlive it.
std::shared_ptr<prometheus::Collectable> MakeTlsMetrics(TlsFiles* files);

}  // namespace kindred
