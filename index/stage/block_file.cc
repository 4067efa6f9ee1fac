#include "index/stage/block_file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "common/version.h"

namespace kindred {
namespace {

constexpr char kMagic[8] = {'K', 'N', 'D', 'B', 'L', 'O', 'C', 'K'};
constexpr uint32_t kBlockVersion = 2;
constexpr size_t kBufferBytes = 1 << 20;

struct Header {
  char magic[8];
  uint32_t version, kind;
  uint64_t bytes, checksum;
};
static_assert(sizeof(Header) == 32);

std::string Builder() { return absl::StrCat(kVersion, " (", kCommit, ")"); }

}  // namespace

BlockFileWriter::BlockFileWriter(const std::string& path, BlockKind kind)
    : path_(path), kind_(kind), checksum_(XXH3_createState()) {
  XXH3_64bits_reset(checksum_);
  absl::StatusOr<FileDescriptor> file = OpenFile(path, O_CREAT | O_TRUNC | O_WRONLY);
  if (file.ok()) {
    file_ = *std::move(file);
  } else {
    status_ = file.status();
  }
  buffer_.assign(sizeof(Header), '\0');  // Until Finish(), no reader takes it.
  Text(Builder());
}

BlockFileWriter::~BlockFileWriter() { XXH3_freeState(checksum_); }

void BlockFileWriter::Append(const void* bytes, size_t size) {
  if (size == 0) return;
  XXH3_64bits_update(checksum_, bytes, size);
  bytes_ += size;
  if (buffer_.size() + size > kBufferBytes) Flush();
  if (size > kBufferBytes) return WriteOut({static_cast<const char*>(bytes), size});
  buffer_.append(static_cast<const char*>(bytes), size);
}

void BlockFileWriter::EndArray() {
  if (values_left_ != 0 && status_.ok()) status_ = absl::InternalError(absl::StrCat(path_, ": not all of an array"));
  constexpr char kZeros[kBlockAlignment] = {};
  if (bytes_ % kBlockAlignment > 0) Append(kZeros, kBlockAlignment - bytes_ % kBlockAlignment);
}

void BlockFileWriter::Flush() {
  WriteOut(buffer_);
  buffer_.clear();
}

void BlockFileWriter::WriteOut(absl::string_view bytes) {
  while (!bytes.empty() && status_.ok()) {
    const ssize_t n = ::write(file_.get(), bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      status_ = ErrnoStatus(errno, path_);
    } else {
      bytes.remove_prefix(static_cast<size_t>(n));
    }
  }
}

absl::Status BlockFileWriter::Finish() {
  Flush();
  if (!status_.ok()) return status_;
  Header header{.magic = {},
                .version = kBlockVersion,
                .kind = static_cast<uint32_t>(kind_),
                .bytes = bytes_,
                .checksum = XXH3_64bits_digest(checksum_)};
  std::memcpy(header.magic, kMagic, sizeof(kMagic));
  if (::pwrite(file_.get(), &header, sizeof(header), 0) != sizeof(header)) return ErrnoStatus(errno, path_);
  return absl::OkStatus();
}

absl::StatusOr<BlockFileReader> BlockFileReader::Open(const std::string& path, BlockKind kind) {
  ASSIGN_OR_RETURN(MappedFile file, MappedFile::Open(path));
  BlockFileReader reader(path, std::move(file));
  RETURN_IF_ERROR(reader.CheckHeader(kind));
  if (const absl::string_view builder = reader.Text(); reader.status_.ok() && builder != Builder()) {
    return absl::FailedPreconditionError(absl::StrCat(path, ": written by kindred-index ", builder, ", read by ",
                                                      Builder(), "; put one program on all machines"));
  }
  return reader;
}

absl::Status BlockFileReader::CheckHeader(BlockKind kind) {
  Header header;
  if (bytes_.size() < sizeof(header)) return absl::DataLossError(absl::StrCat(path_, ": too short for a block"));
  std::memcpy(&header, bytes_.data(), sizeof(header));
  at_ = sizeof(header);
  if (std::memcmp(header.magic, kMagic, sizeof(kMagic)) != 0) {
    return absl::DataLossError(absl::StrCat(path_, ": not a block, or not written to its end"));
  }
  if (header.version != kBlockVersion) {
    return absl::FailedPreconditionError(
        absl::StrCat(path_, ": a block of version ", header.version, "; this program reads ", kBlockVersion));
  }
  if (header.kind != static_cast<uint32_t>(kind)) {
    return absl::DataLossError(absl::StrCat(path_, ": a block of kind ", header.kind, " where one of kind ",
                                            static_cast<uint32_t>(kind), " is needed"));
  }
  const absl::string_view payload = bytes_.substr(at_);
  if (header.bytes != payload.size() || header.checksum != XXH3_64bits(payload.data(), payload.size())) {
    return absl::DataLossError(absl::StrCat(path_, ": the block is damaged: its checksum differs"));
  }
  return absl::OkStatus();
}

uint64_t BlockFileReader::Number() {
  uint64_t number = 0;
  const absl::string_view bytes = Bytes(1, sizeof(number));
  if (!bytes.empty()) std::memcpy(&number, bytes.data(), sizeof(number));
  return number;
}

absl::string_view BlockFileReader::Text() { return Bytes(Number(), 1); }

absl::string_view BlockFileReader::Bytes(uint64_t count, size_t size_of_each) {
  if (!status_.ok()) return {};
  if (count > (bytes_.size() - at_) / size_of_each) {
    Fail(absl::StrCat("an array of ", count, " is longer than the rest of the block"));
    return {};
  }
  const absl::string_view bytes = bytes_.substr(at_, count * size_of_each);
  at_ = std::min(bytes_.size(), (at_ + bytes.size() + kBlockAlignment - 1) / kBlockAlignment * kBlockAlignment);
  return bytes;
}

void BlockFileReader::Fail(absl::string_view what) {
  if (status_.ok()) status_ = absl::DataLossError(absl::StrCat(path_, ": ", what));
}

absl::Status BlockFileReader::Finish() {
  if (status_.ok() && at_ < bytes_.size()) Fail("bytes are left over");
  return status_;
}

}  // namespace kindred
