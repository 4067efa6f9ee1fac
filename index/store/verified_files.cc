#include "index/store/verified_files.h"

#include <sys/stat.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "index/store/files.h"
#include "kindred/index/v1/index_info.pb.h"

namespace kindred {
namespace {

constexpr absl::Duration kSettled = absl::Seconds(2);
constexpr size_t kMaxBytes = 1 << 20;

// A line of the record; empty where there is no such file.
std::string Line(const std::string& folder, const index::v1::FileInfo& file, absl::Time* changed) {
  struct stat found {};
  if (::stat(absl::StrCat(folder, "/", file.name()).c_str(), &found) != 0) return "";
  *changed = absl::TimeFromTimespec(found.st_ctim);
  return absl::StrCat(file.name(), " ", found.st_ino, " ", found.st_size, " ",
                      absl::ToUnixNanos(absl::TimeFromTimespec(found.st_mtim)), " ", absl::ToUnixNanos(*changed), " ",
                      file.checksum(), "\n");
}

}  // namespace

absl::Status WriteVerifiedFiles(const std::string& folder, const index::v1::IndexInfo& info, absl::Time now) {
  std::string record = "\n";
  for (const index::v1::FileInfo& file : info.files()) {
    absl::Time changed;
    const std::string line = Line(folder, file, &changed);
    if (!line.empty() && changed + kSettled <= now) record += line;
  }
  if (record.size() == 1 || record == ReadVerifiedFiles(folder)) return absl::OkStatus();
  return ReplaceFile(folder, kVerifiedName, record);
}

std::string ReadVerifiedFiles(const std::string& folder) {
  return ReadFile(absl::StrCat(folder, "/", kVerifiedName), kMaxBytes).value_or("");
}

bool IsVerified(absl::string_view record, const std::string& folder, const index::v1::FileInfo& file) {
  absl::Time changed;
  const std::string line = Line(folder, file, &changed);
  return !line.empty() && absl::StrContains(record, absl::StrCat("\n", line));
}

}  // namespace kindred
