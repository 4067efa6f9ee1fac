#include "index/store/index_root.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "common/status_macros.h"
#include "index/store/files.h"
#include "index/store/index_info_file.h"
#include "index/store/index_reader.h"
#include "index/store/verified_files.h"
#include "kindred/index/v1/index_info.pb.h"

namespace kindred {
namespace {

constexpr char kActiveName[] = "ACTIVE";
constexpr char kLockName[] = ".LOCK";
constexpr absl::string_view kBuildingPrefix = ".building-";
constexpr absl::string_view kDeletingPrefix = ".deleting-";
constexpr absl::string_view kMeasureSuffix = "-measure";      // Of the build's own measurement, beside its folder.
constexpr absl::string_view kShardsSuffix = "-shards";        // What other machines built of it, likewise.
constexpr absl::string_view kActiveTemporary = "ACTIVE.tmp";  // ReplaceFile() writes it.
constexpr size_t kMaxActiveBytes = 1 << 20;

bool Exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

// The number as it is written: "42", but not "042", "+42" or "0".
std::optional<IndexVersion> ParseVersion(absl::string_view text) {
  IndexVersion version = 0;
  if (!absl::SimpleAtoi(text, &version) || version == 0 || absl::StrCat(version) != text) return std::nullopt;
  return version;
}

// The active version and those before it, newest first; empty where nothing was published.
absl::StatusOr<std::vector<IndexVersion>> ReadActive(const std::string& root) {
  const std::string path = absl::StrCat(root, "/", kActiveName);
  absl::StatusOr<std::string> content = ReadFile(path, kMaxActiveBytes);
  if (absl::IsNotFound(content.status())) return std::vector<IndexVersion>();
  RETURN_IF_ERROR(content.status());
  std::vector<IndexVersion> versions;
  for (const absl::string_view line : absl::StrSplit(absl::StripSuffix(*content, "\n"), '\n')) {
    const std::optional<IndexVersion> version = ParseVersion(line);
    if (!version.has_value()) {
      return absl::DataLossError(
          absl::StrCat(path, ": line ", versions.size() + 1, " is not a version: remove the file, then publish one"));
    }
    versions.push_back(*version);
  }
  return versions;
}

absl::Status WriteActive(const std::string& root, const std::vector<IndexVersion>& versions) {
  return ReplaceFile(root, kActiveName, absl::StrCat(absl::StrJoin(versions, "\n"), "\n"));
}

absl::Status RemoveTree(const std::string& path) {
  std::error_code error;
  std::filesystem::remove_all(path, error);
  return error ? ErrnoStatus(error.value(), path) : absl::OkStatus();
}

absl::Status RenameSynced(const std::string& root, const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return ErrnoStatus(errno, to);
  return SyncPath(root);
}

// Whether a writer made it under this very name: the root may be a folder that others keep their files in.
bool IsLeftover(absl::string_view name) {
  if (name == kActiveTemporary) return true;
  if (absl::ConsumePrefix(&name, kDeletingPrefix)) return ParseVersion(name).has_value();
  if (!absl::ConsumePrefix(&name, kBuildingPrefix)) return false;
  return ParseVersion(absl::StripSuffix(absl::StripSuffix(name, kMeasureSuffix), kShardsSuffix)).has_value();
}

// Of builds, prunes and publications that failed or were killed. REQUIRES: the lock is held.
absl::Status RemoveLeftovers(const std::string& root) {
  ASSIGN_OR_RETURN(const std::vector<std::string> names, ListFolder(root));
  for (const std::string& name : names) {
    if (IsLeftover(name)) RETURN_IF_ERROR(RemoveTree(absl::StrCat(root, "/", name)));
  }
  return absl::OkStatus();
}

// A new root is synced into its parent, so that no power cut takes it with all that is published in it.
absl::Status MakeRoot(const std::string& path) {
  constexpr mode_t kMode = 0755;
  // With the slash at the end, whether it was given or not, the first parent is the root itself.
  const std::filesystem::path parent = (std::filesystem::path(path) / "").parent_path().parent_path();
  if (::mkdir(path.c_str(), kMode) != 0) {
    if (errno == EEXIST) return absl::OkStatus();
    if (errno == ENOENT) {
      return absl::NotFoundError(absl::StrCat(path, ": its parent folder is missing; mkdir -p ", parent.string()));
    }
    if (errno == EACCES) {
      return absl::PermissionDeniedError(absl::StrCat(path, ": may not be made here; sudo install -d -o \"$USER\" ",
                                                      path, ", or name another folder"));
    }
    return ErrnoStatus(errno, path);
  }
  return SyncPath(parent.empty() ? "." : parent.string());
}

// A folder that holds others' files and no index was named by mistake: "/", or that of the logs. What begins with a
// dot, and lost+found, comes with a disk; MEASUREMENTS is what `evaluate` keeps.
absl::Status CheckIsNoOthers(const std::string& path) {
  if (Exists(absl::StrCat(path, "/", kLockName)) || Exists(IndexRoot(path).ActivePath())) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<std::string> names, ListFolder(path));
  std::string other;
  for (const std::string& name : names) {
    if (absl::StartsWith(name, ".") || name == "lost+found" || name == "MEASUREMENTS") continue;
    if (ParseVersion(name).has_value() && ReadIndexInfo(absl::StrCat(path, "/", name)).ok()) return absl::OkStatus();
    other = name;
  }
  if (other.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(path, ": holds no index but other files, such as ", other, "; give the index a folder of its own"));
}

// The record of a folder that is to be `version`.
absl::Status CheckIsVersion(const std::string& folder, const index::v1::IndexInfo& info, IndexVersion version) {
  if (info.version() == version) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(folder, ": holds version ", info.version(), ", not ", version, ": rename it back"));
}

}  // namespace

std::string IndexRoot::VersionPath(IndexVersion version) const { return absl::StrCat(path_, "/", version); }

std::string IndexRoot::ActivePath() const { return absl::StrCat(path_, "/", kActiveName); }

absl::StatusOr<std::optional<IndexVersion>> IndexRoot::Active() const {
  ASSIGN_OR_RETURN(const std::vector<IndexVersion> versions, ReadActive(path_));
  if (versions.empty()) return std::nullopt;
  return versions.front();
}

absl::StatusOr<std::vector<IndexVersion>> IndexRoot::ActiveStack() const { return ReadActive(path_); }

absl::StatusOr<std::vector<IndexVersion>> IndexRoot::Versions() const {
  ASSIGN_OR_RETURN(const std::vector<std::string> names, ListFolder(path_));
  std::vector<IndexVersion> versions;
  for (const std::string& name : names) {
    const std::optional<IndexVersion> version = ParseVersion(name);
    if (version.has_value() && Exists(absl::StrCat(path_, "/", name, "/", kIndexInfoName))) {
      versions.push_back(*version);
    }
  }
  std::sort(versions.begin(), versions.end());
  return versions;
}

IndexRootWriter::IndexRootWriter(IndexRoot root, FileDescriptor lock)
    : root_(std::move(root)), lock_(std::move(lock)) {}

IndexRootWriter::~IndexRootWriter() { RemoveLeftovers(root_.path()).IgnoreError(); }

const IndexRoot& IndexRootWriter::root() const { return root_; }

absl::StatusOr<std::unique_ptr<IndexRootWriter>> IndexRootWriter::Open(const std::string& path) {
  RETURN_IF_ERROR(MakeRoot(path));
  RETURN_IF_ERROR(CheckIsNoOthers(path));
  const std::string lock_path = absl::StrCat(path, "/", kLockName);
  absl::StatusOr<FileDescriptor> opened = OpenFile(lock_path, O_RDWR | O_CREAT);
  if (absl::IsPermissionDenied(opened.status())) {
    return absl::PermissionDeniedError(
        absl::StrCat(opened.status().message(), "; run this as the user who writes this index"));
  }
  ASSIGN_OR_RETURN(FileDescriptor lock, std::move(opened));
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return ErrnoStatus(errno, lock_path);
    return absl::UnavailableError(absl::StrCat(path, ": another process is writing here: wait until it is done"));
  }
  RETURN_IF_ERROR(RemoveLeftovers(path));
  return std::unique_ptr<IndexRootWriter>(new IndexRootWriter(IndexRoot(path), std::move(lock)));
}

absl::StatusOr<IndexVersion> IndexRootWriter::NextVersion() const {
  IndexVersion newest = 0;
  ASSIGN_OR_RETURN(const std::vector<IndexVersion> published, ReadActive(root_.path()));
  for (const IndexVersion version : published) newest = std::max(newest, version);
  ASSIGN_OR_RETURN(const std::vector<std::string> names, ListFolder(root_.path()));
  for (const std::string& name : names) newest = std::max(newest, ParseVersion(name).value_or(0));
  return newest + 1;
}

std::string IndexRootWriter::BuildPath(IndexVersion version) const {
  return absl::StrCat(root_.path(), "/", kBuildingPrefix, version);
}

absl::Status IndexRootWriter::Complete(IndexVersion version) {
  const std::string built = BuildPath(version);
  const absl::StatusOr<index::v1::IndexInfo> info = ReadIndexInfo(built);
  if (!info.ok()) {
    return absl::FailedPreconditionError(absl::StrCat("not a complete version: ", info.status().message()));
  }
  RETURN_IF_ERROR(CheckIsVersion(built, *info, version));
  return RenameSynced(root_.path(), built, root_.VersionPath(version));
}

absl::Status IndexRootWriter::Publish(IndexVersion version) {
  const std::string folder = root_.VersionPath(version);
  const absl::Time begin = absl::Now();
  ASSIGN_OR_RETURN(const auto reader, IndexReader::Open(folder, IndexReader::Options()));
  RETURN_IF_ERROR(CheckIsVersion(folder, reader->info(), version));
  WriteVerifiedFiles(folder, reader->info(), begin).IgnoreError();  // Without it a server reads all once more.
  ASSIGN_OR_RETURN(const std::vector<IndexVersion> before, ReadActive(root_.path()));
  std::vector<IndexVersion> after = {version};
  for (const IndexVersion old : before) {
    if (old != version && Exists(root_.VersionPath(old))) after.push_back(old);
  }
  return WriteActive(root_.path(), after);
}

absl::StatusOr<IndexVersion> IndexRootWriter::Rollback() {
  ASSIGN_OR_RETURN(std::vector<IndexVersion> versions, ReadActive(root_.path()));
  // The top goes, so that a later rollback does not return to the version that was bad.
  const auto found = std::find_if(versions.begin() + (versions.empty() ? 0 : 1), versions.end(),
                                  [&](IndexVersion version) { return Exists(root_.VersionPath(version)); });
  if (found == versions.end()) {
    return absl::FailedPreconditionError(
        absl::StrCat(root_.path(), ": no version that was active before is left: publish one by its number"));
  }
  const IndexVersion version = *found;
  const std::string folder = root_.VersionPath(version);
  ASSIGN_OR_RETURN(const auto reader, IndexReader::Open(folder, IndexReader::Options()));
  RETURN_IF_ERROR(CheckIsVersion(folder, reader->info(), version));
  versions.erase(versions.begin(), found);
  RETURN_IF_ERROR(WriteActive(root_.path(), versions));
  return version;
}

absl::StatusOr<std::vector<IndexVersion>> IndexRootWriter::Prune(int keep) {
  if (keep < 1) return absl::InvalidArgumentError(absl::StrCat("cannot keep ", keep, " versions: at least 1"));
  ASSIGN_OR_RETURN(std::vector<IndexVersion> versions, root_.Versions());
  ASSIGN_OR_RETURN(std::vector<IndexVersion> active, ReadActive(root_.path()));
  if (versions.size() <= static_cast<size_t>(keep)) return std::vector<IndexVersion>();
  versions.resize(versions.size() - static_cast<size_t>(keep));
  // The active one, and the one that a rollback, or a server that finds the active one damaged, goes back to.
  std::erase_if(active, [&](IndexVersion version) { return !Exists(root_.VersionPath(version)); });
  active.resize(std::min<size_t>(active.size(), 2));
  std::erase_if(versions,
                [&](IndexVersion version) { return std::find(active.begin(), active.end(), version) != active.end(); });
  for (const IndexVersion version : versions) {
    // Renamed first: a prune that is killed half-way leaves no folder that looks complete.
    const std::string doomed = absl::StrCat(root_.path(), "/", kDeletingPrefix, version);
    RETURN_IF_ERROR(RenameSynced(root_.path(), root_.VersionPath(version), doomed));
    RETURN_IF_ERROR(RemoveTree(doomed));
  }
  return versions;
}

}  // namespace kindred
