#include "index/store/index_info_file.h"

#include <google/protobuf/util/json_util.h>
#include <sys/stat.h>

#include <cerrno>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/status_macros.h"
#include "index/store/file_checksum.h"
#include "index/store/files.h"
#include "index/store/format.h"
#include "index/store/verified_files.h"
#include "kindred/index/v1/index_info.pb.h"

namespace kindred {
namespace {

using google::protobuf::util::JsonParseOptions;
using google::protobuf::util::JsonPrintOptions;
using index::v1::FileInfo;
using index::v1::IndexInfo;

// The 1 is that of this envelope, which every format shares, so that an old program can tell that a format is newer.
constexpr absl::string_view kFirstLine = "kindred-index-info 1 xxh3=";
constexpr size_t kMaxBytes = 16 << 20;

absl::Status VerifyFile(const std::string& folder, const FileInfo& file, bool verify_checksum,
                        absl::FunctionRef<bool()> stop) {
  if (file.name().empty() || absl::StrContains(file.name(), '/')) {
    return absl::DataLossError(absl::StrCat(folder, ": ", kIndexInfoName, " lists a file named \"", file.name(), "\""));
  }
  const std::string path = absl::StrCat(folder, "/", file.name());
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) {
    if (errno == ENOENT) return absl::DataLossError(absl::StrCat(path, ": missing"));
    return ErrnoStatus(errno, path);
  }
  if (!S_ISREG(found.st_mode)) return absl::DataLossError(absl::StrCat(path, ": not a file"));
  if (static_cast<uint64_t>(found.st_size) != file.bytes()) {
    return absl::DataLossError(absl::StrCat(path, ": ", found.st_size, " bytes, but ", file.bytes(), " were written"));
  }
  if (!verify_checksum) return absl::OkStatus();
  ASSIGN_OR_RETURN(const FileChecksum checksum, ChecksumFile(path, stop));
  if (checksum.checksum == file.checksum()) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat(path, ": changed: its checksum is ", checksum.checksum, ", but ", file.checksum(), " was written"));
}

}  // namespace

absl::StatusOr<std::string> EncodeIndexInfo(const IndexInfo& info) {
  JsonPrintOptions options;
  options.add_whitespace = true;
  options.preserve_proto_field_names = true;
  std::string json;
  if (const auto status = google::protobuf::util::MessageToJsonString(info, &json, options); !status.ok()) {
    return absl::InvalidArgumentError(absl::StrCat("the index's record cannot be written: ", status.ToString()));
  }
  return absl::StrCat(kFirstLine, Checksum(json), "\n", json);
}

absl::StatusOr<IndexInfo> DecodeIndexInfo(absl::string_view content) {
  constexpr size_t kDigits = 16;
  if (!absl::ConsumePrefix(&content, kFirstLine) || content.size() <= kDigits || content[kDigits] != '\n') {
    return absl::DataLossError("the first line is not that of an index's record");
  }
  const absl::string_view json = content.substr(kDigits + 1);
  if (Checksum(json) != content.substr(0, kDigits)) return absl::DataLossError("changed: its checksum differs");
  JsonParseOptions options;
  options.ignore_unknown_fields = true;  // Of a newer program.
  IndexInfo info;
  if (const auto status = google::protobuf::util::JsonStringToMessage({json.data(), json.size()}, &info, options);
      !status.ok()) {
    return absl::DataLossError(absl::StrCat("does not parse: ", status.ToString()));
  }
  if (info.format_version() > kIndexFormatVersion) {
    return absl::FailedPreconditionError(absl::StrCat(
        "index format ", info.format_version(), " is newer than this program's ", kIndexFormatVersion, ": upgrade it"));
  }
  if (info.format_version() == 0) return absl::DataLossError("no format version");
  return info;
}

absl::StatusOr<IndexInfo> ReadIndexInfo(const std::string& folder) {
  const std::string path = absl::StrCat(folder, "/", kIndexInfoName);
  ASSIGN_OR_RETURN(const std::string content, ReadFile(path, kMaxBytes));
  absl::StatusOr<IndexInfo> info = DecodeIndexInfo(content);
  if (!info.ok()) return Annotate(info.status(), path);
  return info;
}

absl::Status WriteIndexInfo(const std::string& folder, const IndexInfo& info) {
  ASSIGN_OR_RETURN(const std::string content, EncodeIndexInfo(info));
  return ReplaceFile(folder, kIndexInfoName, content);
}

absl::Status VerifyFiles(const std::string& folder, const IndexInfo& info, Verification verification,
                         absl::FunctionRef<bool()> stop) {
  const std::string verified = verification == Verification::kNotYetVerified ? ReadVerifiedFiles(folder) : "";
  for (const FileInfo& file : info.files()) {
    const bool read = verification != Verification::kSizes && !IsVerified(verified, folder, file);
    RETURN_IF_ERROR(VerifyFile(folder, file, read, stop));
  }
  return absl::OkStatus();
}

}  // namespace kindred
