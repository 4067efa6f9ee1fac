#include "index/store/verified_files.h"

#include <sys/stat.h>

#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "index/store/files.h"
#include "kindred/index/v1/index_info.pb.h"

namespace kindred {
namespace {

constexpr absl::Duration kSettled = absl::Seconds(2);
constexpr size_t kMaxBytes = 1 << 20;

struct Seen {
  std::string line;    // Of the record.
  absl::Time changed;  // Last, in any way.
};

// nullopt: there is no such file.
std::optional<Seen> See(const std::string& folder, const index::v1::FileInfo& file) {
  struct stat found {};
  if (::stat(absl::StrCat(folder, "/", file.name()).c_str(), &found) != 0) return std::nullopt;
  const absl::Time changed = absl::TimeFromTimespec(found.st_ctim);
  return Seen{absl::StrCat(file.name(), " ", found.st_ino, " ", found.st_size, " ",
                           absl::ToUnixNanos(absl::TimeFromTimespec(found.st_mtim)), " ", absl::ToUnixNanos(changed),
                           " ", file.checksum(), "\n"),
              changed};
}

}  // namespace

absl::Status WriteVerifiedFiles(const std::string& folder, const index::v1::IndexInfo& info, absl::Time begin) {
  std::string record = "\n";
  for (const index::v1::FileInfo& file : info.files()) {
    const std::optional<Seen> seen = See(folder, file);
    if (seen.has_value() && seen->changed + kSettled <= begin) record += seen->line;
  }
  if (record.size() == 1 || record == ReadVerifiedFiles(folder)) return absl::OkStatus();
  return ReplaceFile(folder, kVerifiedName, record);
}

std::string ReadVerifiedFiles(const std::string& folder) {
  return ReadFile(absl::StrCat(folder, "/", kVerifiedName), kMaxBytes).value_or("");
}

bool IsVerified(absl::string_view record, const std::string& folder, const index::v1::FileInfo& file) {
  const std::optional<Seen> seen = See(folder, file);
  return seen.has_value() && absl::StrContains(record, absl::StrCat("\n", seen->line));
}

}  // namespace kindred
