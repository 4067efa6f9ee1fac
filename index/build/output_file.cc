#include "index/build/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"

namespace kindred {
namespace {

class PlainFile final : public OutputFile {
 public:
  PlainFile(std::string path, std::string temporary, FILE* file)
      : path_(std::move(path)), temporary_(std::move(temporary)), file_(file) {}
  ~PlainFile() override {
    if (file_ == nullptr || file_ == stdout) return;
    std::fclose(file_);
    if (!temporary_.empty()) std::remove(temporary_.c_str());
  }

  absl::Status Write(absl::string_view bytes) override {
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) return Failure("cannot write");
    return absl::OkStatus();
  }

  absl::Status Finish() override {
    if (std::fflush(file_) != 0) return Failure("cannot write");
    if (file_ == stdout) return absl::OkStatus();
    // Or a power cut might leave neither the old file nor the new one.
    const bool synced = temporary_.empty() || ::fsync(::fileno(file_)) == 0;
    const bool closed = std::fclose(std::exchange(file_, nullptr)) == 0 && synced;
    if (closed && temporary_.empty()) return absl::OkStatus();
    if (closed && std::rename(temporary_.c_str(), path_.c_str()) == 0) return absl::OkStatus();
    const absl::Status failure = Failure("cannot write");
    if (!temporary_.empty()) std::remove(temporary_.c_str());
    return failure;
  }

 private:
  absl::Status Failure(absl::string_view what) const {
    return absl::ErrnoToStatus(errno, absl::StrCat(path_, ": ", what));
  }

  const std::string path_, temporary_;  // No temporary name: written in place.
  FILE* file_;
};

class ZstdFile final : public OutputFile {
 public:
  explicit ZstdFile(std::unique_ptr<OutputFile> out)
      : out_(std::move(out)), context_(::ZSTD_createCCtx()), buffer_(::ZSTD_CStreamOutSize()) {
    ::ZSTD_CCtx_setParameter(context_.get(), ::ZSTD_c_checksumFlag, 1);
  }

  absl::Status Write(absl::string_view bytes) override { return Compress(bytes, ::ZSTD_e_continue); }
  absl::Status Finish() override {
    RETURN_IF_ERROR(Compress("", ::ZSTD_e_end));
    return out_->Finish();
  }

 private:
  struct FreeContext {
    void operator()(ZSTD_CCtx* context) const { ::ZSTD_freeCCtx(context); }
  };

  absl::Status Compress(absl::string_view bytes, ZSTD_EndDirective end) {
    ZSTD_inBuffer in = {bytes.data(), bytes.size(), 0};
    while (true) {
      ZSTD_outBuffer out = {buffer_.data(), buffer_.size(), 0};
      const size_t left = ::ZSTD_compressStream2(context_.get(), &out, &in, end);
      if (::ZSTD_isError(left)) return absl::InternalError(absl::StrCat("zstd: ", ::ZSTD_getErrorName(left)));
      RETURN_IF_ERROR(out_->Write(absl::string_view(buffer_.data(), out.pos)));
      if (end == ::ZSTD_e_end ? left == 0 : in.pos == in.size) return absl::OkStatus();
    }
  }

  const std::unique_ptr<OutputFile> out_;
  const std::unique_ptr<ZSTD_CCtx, FreeContext> context_;
  std::vector<char> buffer_;
};

// A device or a pipe is written to, not replaced; a link stays one.
bool IsWrittenInPlace(const std::string& path) {
  struct stat found {};
  return ::lstat(path.c_str(), &found) == 0 && !S_ISREG(found.st_mode);
}

absl::Status CannotWrite(int error, const std::string& path) {
  return absl::Status(
      absl::ErrnoToStatusCode(error),
      absl::StrCat(path, ": cannot write: ", std::strerror(error),
                   error == ENOENT ? absl::StrCat("; mkdir -p ", std::filesystem::path(path).parent_path().string())
                   : error == EACCES || error == EISDIR ? "; name a file in a folder that you may write to"
                                                        : ""));
}

}  // namespace

absl::Status OutputFile::CheckWritable(const std::string& path) {
  if (path == "-") return absl::OkStatus();
  if (path.empty()) return absl::InvalidArgumentError("a file without a name cannot be written; name one");
  if (!IsWrittenInPlace(path)) return Create(path).status();  // Unfinished, it leaves nothing.
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) {
    return errno == ENOENT ? absl::OkStatus() : CannotWrite(errno, path);  // A link may lead nowhere yet.
  }
  if (S_ISDIR(found.st_mode)) return CannotWrite(EISDIR, path);
  return ::access(path.c_str(), W_OK) == 0 ? absl::OkStatus() : CannotWrite(errno, path);
}

absl::StatusOr<std::unique_ptr<OutputFile>> OutputFile::Create(const std::string& path) {
  if (path == "-") return std::make_unique<PlainFile>("standard output", "", stdout);
  const bool in_place = IsWrittenInPlace(path);
  std::string temporary = in_place ? "" : path + ".XXXXXX";
  FILE* file = nullptr;
  if (in_place) {
    file = std::fopen(path.c_str(), "wb");
  } else if (const int descriptor = ::mkostemp(temporary.data(), O_CLOEXEC); descriptor >= 0) {
    const mode_t mask = ::umask(0);
    ::umask(mask);
    ::fchmod(descriptor, 0666 & ~mask);
    file = ::fdopen(descriptor, "wb");
  }
  if (file == nullptr) return CannotWrite(errno, path);
  auto plain = std::make_unique<PlainFile>(path, temporary, file);
  if (!absl::EndsWith(path, ".zst")) return plain;
  return std::make_unique<ZstdFile>(std::move(plain));
}

}  // namespace kindred
