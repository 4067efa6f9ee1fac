#include "server/token_file.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/logging.h"
#include "common/status_macros.h"
#include "index/store/files.h"

namespace kindred {
namespace {

constexpr size_t kMinTokenBytes = 16;
constexpr size_t kMaxFileBytes = 16 << 20;
constexpr absl::string_view kScheme = "Bearer ";

}  // namespace

absl::StatusOr<std::unique_ptr<TokenFile>> TokenFile::Open(const std::string& path) {
  FileStamp stamp = StampFile(path);
  ASSIGN_OR_RETURN(std::vector<Hash> hashes, Load(path));
  return std::unique_ptr<TokenFile>(new TokenFile(path, std::move(stamp), std::move(hashes)));
}

TokenFile::TokenFile(std::string path, FileStamp stamp, std::vector<Hash> hashes)
    : path_(std::move(path)), stamp_(std::move(stamp)), hashes_(std::move(hashes)) {}

TokenFile::Hash TokenFile::HashOf(absl::string_view token) {
  Hash hash;
  SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), hash.data());
  return hash;
}

absl::StatusOr<std::vector<TokenFile::Hash>> TokenFile::Load(const std::string& path) {
  const auto content = ReadFile(path, kMaxFileBytes);
  if (!content.ok()) return Annotate(content.status(), "--token_file");
  const std::string name = absl::StrCat("--token_file: ", path);
  std::vector<Hash> hashes;
  int number = 0;
  for (const absl::string_view line : absl::StrSplit(*content, '\n')) {
    ++number;
    const absl::string_view token = absl::StripAsciiWhitespace(line);
    if (token.empty() || token[0] == '#') continue;
    if (token.size() < kMinTokenBytes) {
      return absl::InvalidArgumentError(absl::StrCat(name, ":", number, ": a token needs at least ", kMinTokenBytes,
                                                     " bytes; `openssl rand -hex 16` makes one"));
    }
    if (!std::all_of(token.begin(), token.end(), [](unsigned char c) { return absl::ascii_isgraph(c); })) {
      return absl::InvalidArgumentError(absl::StrCat(name, ":", number, ": a token is of visible ASCII characters"));
    }
    hashes.push_back(HashOf(token));
  }
  if (hashes.empty()) return absl::InvalidArgumentError(absl::StrCat(name, ": no token in it; write one a line"));
  return hashes;
}

bool TokenFile::Allows(absl::string_view authorization) {
  if (looks_.Pass(std::chrono::steady_clock::now()).has_value()) RefreshIfChanged();
  if (!absl::StartsWithIgnoreCase(authorization, kScheme)) return false;
  const Hash shown = HashOf(authorization.substr(kScheme.size()));
  const absl::ReaderMutexLock lock(&mutex_);
  int matches = 0;
  for (const Hash& hash : hashes_) matches += CRYPTO_memcmp(hash.data(), shown.data(), hash.size()) == 0 ? 1 : 0;
  return matches > 0;
}

void TokenFile::Refresh() {
  const absl::MutexLock lock(&mutex_);
  Read(StampFile(path_));
}

void TokenFile::RefreshIfChanged() {
  const absl::MutexLock lock(&mutex_);
  FileStamp stamp = StampFile(path_);
  if (stamp != stamp_) Read(std::move(stamp));
}

void TokenFile::Read(FileStamp stamp) {
  stamp_ = std::move(stamp);
  auto hashes = Load(path_);
  if (hashes.ok()) {
    hashes_ = *std::move(hashes);
    LogInfo("tokens reloaded", {{"file", path_}, {"tokens", absl::StrCat(hashes_.size())}});
  } else {
    LogWarning("tokens refused, those before stay", {{"reason", std::string(hashes.status().message())}});
  }
}

}  // namespace kindred
