// The INDEX_INFO file of a version: written last, read first. Layout: index/store/FORMAT.md.
#pragma once

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace kindred::index::v1 {
class IndexInfo;
}

namespace kindred {

inline constexpr char kIndexInfoName[] = "INDEX_INFO";

// InvalidArgument: a text of the record is not UTF-8.
absl::StatusOr<std::string> EncodeIndexInfo(const index::v1::IndexInfo& info);
// DataLoss: the checksum differs, the JSON does not parse.  FailedPrecondition: the format is newer than this
// program's.
absl::StatusOr<index::v1::IndexInfo> DecodeIndexInfo(absl::string_view content);

// As the two above, of the file in `folder`, which the message names. Write: synced, all or nothing.
//   NotFound: folder or file missing.  Other codes: ErrnoStatus().
absl::StatusOr<index::v1::IndexInfo> ReadIndexInfo(const std::string& folder);
absl::Status WriteIndexInfo(const std::string& folder, const index::v1::IndexInfo& info);

// How much of a version's files is compared with INDEX_INFO.
enum class Verification {
  kSizes,
  kNotYetVerified,  // Sizes, and every byte of the files that the record of verified_files.h does not vouch for.
  kEveryByte,
};

// Whether every file that `info` lists is in the folder with its size and, where asked, its checksum. Others are
// ignored. `stop` is asked before each block that is read.
//   DataLoss: the first that is not, named.  Cancelled: `stop` said so.  Other codes: ErrnoStatus().
absl::Status VerifyFiles(
    const std::string& folder, const index::v1::IndexInfo& info, Verification verification,
    absl::FunctionRef<bool()> stop = [] { return false; });

}  // namespace kindred
