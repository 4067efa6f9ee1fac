#include "server/blocklist_file.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/logging.h"
#include "common/status_macros.h"
#include "index/store/files.h"

namespace kindred {
namespace {

constexpr size_t kMaxFileBytes = 16 << 20;

absl::StatusOr<std::shared_ptr<const Blocklist>> Load(const std::string& path) {
  const auto content = ReadFile(path, kMaxFileBytes);
  if (!content.ok()) return Annotate(content.status(), "--blocklist_file");
  absl::StatusOr<Blocklist> list = Blocklist::Parse(*content);
  if (!list.ok()) return Annotate(list.status(), absl::StrCat("--blocklist_file: ", path));
  return std::make_shared<const Blocklist>(*std::move(list));
}

}  // namespace

absl::StatusOr<BlocklistFile> BlocklistFile::Open(const std::string& path) {
  FileStamp stamp = StampFile(path);
  ASSIGN_OR_RETURN(std::shared_ptr<const Blocklist> list, Load(path));
  return BlocklistFile(path, std::move(stamp), std::move(list));
}

BlocklistFile::BlocklistFile(std::string path, FileStamp stamp, std::shared_ptr<const Blocklist> list)
    : path_(std::move(path)), stamp_(std::move(stamp)), seen_(stamp_), list_(std::move(list)) {}

bool BlocklistFile::Refresh() {
  FileStamp stamp = StampFile(path_);
  const bool settled = stamp == seen_;
  seen_ = stamp;
  if (stamp == stamp_ || !settled) return false;
  auto list = Load(path_);
  if (StampFile(path_) != stamp) return false;
  if (!list.ok()) {
    std::string why(list.status().message());
    // Of what was read; else it may be the machine's fault.
    if (absl::IsInvalidArgument(list.status()) || absl::IsDataLoss(list.status())) stamp_ = std::move(stamp);
    if (why != refused_) LogWarning("blocklist refused, the one before stays", {{"reason", why}});
    refused_ = std::move(why);
    return false;
  }
  stamp_ = std::move(stamp);
  const bool changed = refused() || **list != *list_;
  refused_.clear();
  list_ = *std::move(list);
  return changed;
}

}  // namespace kindred
