#include "index/build/log_files.h"

#include <glob.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "common/status_macros.h"
#include "index/store/files.h"
#include "index/store/index_root.h"

namespace kindred {
namespace {

// Clocks of the writer and of this machine may differ by so much; log readers allow events the same.
constexpr absl::Duration kClockSlack = absl::Hours(24);
constexpr absl::Duration kNameSlack = absl::Hours(31 * 24);

absl::string_view NameOf(absl::string_view path) { return path.substr(path.rfind('/') + 1); }

absl::string_view FolderOf(absl::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == absl::string_view::npos ? "" : path.substr(0, slash);
}

bool IsUnfinished(absl::string_view name) {
  return absl::StartsWith(name, ".") || absl::EndsWith(name, ".tmp") || absl::EndsWith(name, ".part");
}

// nullopt: it is not there, or not any more, or cannot be looked at.
std::optional<struct stat> Stat(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return std::nullopt;
  return found;
}

// What is there under the pattern itself is meant, whatever characters its name has.
absl::StatusOr<std::vector<std::string>> Matches(const std::string& pattern) {
  if (Stat(pattern).has_value()) return std::vector<std::string>{pattern};
  glob_t found{};
  const int status = ::glob(pattern.c_str(), GLOB_ERR | GLOB_NOSORT, nullptr, &found);
  const std::unique_ptr<glob_t, void (*)(glob_t*)> freed(&found, ::globfree);
  const bool no_folder = status == GLOB_ABORTED && (errno == ENOENT || errno == ENOTDIR);
  if (status == GLOB_NOMATCH || no_folder) return std::vector<std::string>();
  if (status == GLOB_ABORTED) return ErrnoStatus(errno, pattern);
  if (status != 0) return absl::InternalError(absl::StrCat(pattern, ": too many files"));
  return std::vector<std::string>(found.gl_pathv, found.gl_pathv + found.gl_pathc);
}

// The date that `text` begins with, and how long it is: 2026-01-31, 2026_01_31 or 20260131.
std::optional<std::pair<absl::CivilDay, size_t>> DateAt(absl::string_view text) {
  const bool separated = text.size() >= 10 && (text[4] == '-' || text[4] == '_') && text[7] == text[4];
  const size_t size = separated ? 10 : 8;
  if (text.size() < size || (text.size() > size && absl::ascii_isdigit(text[size]))) return std::nullopt;
  const std::string date =
      absl::StrCat(text.substr(0, 4), "-", text.substr(separated ? 5 : 4, 2), "-", text.substr(separated ? 8 : 6, 2));
  absl::CivilDay day;
  if (!absl::ParseCivilTime(date, &day) || day.year() < 1990 || day.year() > 2100) return std::nullopt;
  return std::make_pair(day, size);
}

std::optional<absl::CivilDay> LastDateIn(absl::string_view name) {
  std::optional<absl::CivilDay> last;
  for (size_t i = 0; i < name.size(); ++i) {
    if (!absl::ascii_isdigit(name[i]) || (i > 0 && absl::ascii_isdigit(name[i - 1]))) continue;
    const auto date = DateAt(name.substr(i));
    if (!date.has_value()) continue;
    last = std::max(last, std::make_optional(date->first));
    i += date->second - 1;
  }
  return last;
}

// The last date in the file's name, or else in those of the nearest folders, of which several may make one: 2026/01/31.
std::optional<absl::CivilDay> DayOf(absl::string_view path) {
  constexpr int kMostFolders = 4;  // Such as the hour's above the day's.
  std::optional<absl::CivilDay> day = LastDateIn(NameOf(path));
  std::string folders;
  for (int i = 0; i < kMostFolders && !day.has_value(); ++i) {
    path = FolderOf(path);
    folders = absl::StrCat(NameOf(path), "-", folders);
    day = LastDateIn(folders);
  }
  return day;
}

// What lies in a log's folder and is none of it: Hadoop's "_temporary" and "_SUCCESS", what a file system keeps.
bool IsOfOthers(absl::string_view name) {
  return IsUnfinished(name) || absl::StartsWith(name, "_") || name == "lost+found";
}

bool IsLink(const std::string& path) {
  struct stat found {};
  return ::lstat(path.c_str(), &found) == 0 && S_ISLNK(found.st_mode);
}

bool IsIndex(const std::string& path) { return Stat(IndexRoot(path).ActivePath()).has_value(); }

// Adds what one pattern matches.
class Matcher {
 public:
  Matcher(const std::string& pattern, std::vector<LogFile>& files) : pattern_(pattern), files_(files) {}

  // A folder that the pattern names itself is taken whatever its name: "." is one.
  absl::Status AddMatch(const std::string& path) {
    const auto found = Stat(path);
    if (!found.has_value()) return absl::OkStatus();
    const bool is_named = path == pattern_;
    named_bytes_ = pattern_.rfind('/', is_named ? path.size() : pattern_.find_first_of("*?[")) + 1;  // No slash: 0.
    if (!S_ISDIR(found->st_mode)) {
      AddFile(path, *found);
      return absl::OkStatus();
    }
    if (is_named) named_bytes_ = path.size() + (absl::EndsWith(path, "/") ? 0 : 1);
    return is_named || IsPartOfLog(path) ? AddFolder(path) : absl::OkStatus();
  }

 private:
  // Not of links to folders ("latest"), whose files would count twice, nor of an index.
  static bool IsPartOfLog(const std::string& folder) {
    return !IsOfOthers(NameOf(folder)) && !IsLink(folder) && !IsIndex(folder);
  }

  void AddFile(const std::string& path, const struct stat& found) {
    if (!S_ISREG(found.st_mode) || found.st_size == 0 || IsUnfinished(NameOf(path))) return;
    files_.push_back({path, static_cast<uint64_t>(found.st_size), absl::TimeFromTimespec(found.st_mtim), named_bytes_});
  }

  absl::Status AddFolder(const std::string& path) {
    ASSIGN_OR_RETURN(const std::vector<std::string> names, ListFolder(path));
    for (const std::string& name : names) {
      const std::string inside = absl::StrCat(path, absl::EndsWith(path, "/") ? "" : "/", name);
      const auto found = Stat(inside);
      if (IsOfOthers(name) || !found.has_value()) continue;
      if (!S_ISDIR(found->st_mode)) {
        AddFile(inside, *found);
      } else if (IsPartOfLog(inside)) {
        const absl::Status added = AddFolder(inside);
        if (!absl::IsNotFound(added)) RETURN_IF_ERROR(added);  // Gone since it was listed.
      }
    }
    return absl::OkStatus();
  }

  const std::string& pattern_;
  std::vector<LogFile>& files_;
  size_t named_bytes_ = 0;  // LogFile's, of this match.
};

}  // namespace

absl::StatusOr<std::vector<LogFile>> ListLogFiles(const std::vector<std::string>& patterns) {
  std::vector<LogFile> files;
  for (const std::string& pattern : patterns) {
    ASSIGN_OR_RETURN(const std::vector<std::string> paths, Matches(pattern));
    Matcher matcher(pattern, files);
    for (const std::string& path : paths) RETURN_IF_ERROR(matcher.AddMatch(path));
  }
  std::sort(files.begin(), files.end(), [](const LogFile& x, const LogFile& y) { return x.path < y.path; });
  files.erase(
      std::unique(files.begin(), files.end(), [](const LogFile& x, const LogFile& y) { return x.path == y.path; }),
      files.end());
  return files;
}

bool MayHoldEventsSince(const LogFile& file, absl::Time since) {
  if (file.modified + kClockSlack < since) return false;
  const std::optional<absl::CivilDay> day = DayOf(absl::string_view(file.path).substr(file.named_bytes));
  return !day.has_value() || absl::FromCivil(*day + 1, absl::UTCTimeZone()) + kNameSlack >= since;
}

}  // namespace kindred
