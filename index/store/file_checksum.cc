#include "index/store/file_checksum.h"

#include <fcntl.h>
#include <unistd.h>
#include <xxhash.h>

#include <cerrno>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "index/store/files.h"

namespace kindred {
namespace {

constexpr size_t kReadBytes = 1 << 20;

std::string Hex(XXH64_hash_t hash) { return absl::StrFormat("%016x", hash); }

struct FreeState {
  void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
};

}  // namespace

std::string Checksum(absl::string_view bytes) { return Hex(XXH3_64bits(bytes.data(), bytes.size())); }

absl::StatusOr<FileChecksum> ChecksumFile(const std::string& path, absl::FunctionRef<bool()> stop) {
  ASSIGN_OR_RETURN(const FileDescriptor file, OpenFile(path, O_RDONLY));
  const std::unique_ptr<XXH3_state_t, FreeState> state(XXH3_createState());
  XXH3_64bits_reset(state.get());
  std::vector<char> block(kReadBytes);
  FileChecksum result;
  while (true) {
    if (stop()) return absl::CancelledError(absl::StrCat(path, ": stopped while reading it"));
    const ssize_t size = ::read(file.get(), block.data(), block.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return ErrnoStatus(errno, path);
    if (size == 0) break;
    XXH3_64bits_update(state.get(), block.data(), static_cast<size_t>(size));
    result.bytes += static_cast<uint64_t>(size);
  }
  result.checksum = Hex(XXH3_64bits_digest(state.get()));
  return result;
}

}  // namespace kindred
