#include "server/result_cache.h"

#include <algorithm>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/hash/hash.h"
#include "absl/synchronization/mutex.h"

namespace kindred {
namespace {

// So few that going through all answers of one under its lock, as each swap does, takes a millisecond at most; and so
// many that what leads to all shards stays in the processor's caches.
constexpr size_t kShardBytes = 4 << 20;
// Of an entry, beside its own bytes: what the allocator and the table of its shard take for it.
constexpr size_t kOverheadBytes = 80;

size_t HashOf(const Question& question) {
  return absl::HashOf(question.market, question.query, question.max_keywords, question.explain);
}

}  // namespace

// In the order of what Find() looks at.
struct ResultCache::Entry {
  Entry(const Question& asked, size_t hash, Answer given)
      : hash(hash),
        question{std::string(asked.market), std::string(asked.query), asked.max_keywords, asked.explain},
        answer(std::move(given)),
        bytes(sizeof(Entry) + kOverheadBytes + question.market.capacity() + question.query.capacity() + answer.bytes() -
              sizeof(Answer)) {}

  const size_t hash;
  const KeptQuestion question;
  // Guarded by the shard's mutex.
  uint32_t finds = 0;
  bool found_again = false;  // Since the hand passed by.
  const Answer answer;
  const size_t bytes;
  Entry *older = nullptr, *newer = nullptr;  // Likewise.
};

class ResultCache::Shard {
 public:
  explicit Shard(size_t capacity_bytes) : capacity_bytes_(capacity_bytes) {}

  void Prefetch(size_t hash) const ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    static_cast<void>(entries_.contains(AskedSoon{hash}));
  }

  std::shared_ptr<const Answer> Find(const Question& question, size_t hash) ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    const auto it = entries_.find(Asked{question, hash});
    if (it == entries_.end()) return nullptr;
    Entry& entry = **it;
    ++entry.finds;
    entry.found_again = true;
    return {*it, &entry.answer};
  }

  void Insert(std::shared_ptr<Entry> entry) ABSL_LOCKS_EXCLUDED(mutex_) {
    if (entry->bytes > capacity_bytes_) return;
    const absl::MutexLock lock(&mutex_);
    if (const auto it = entries_.find(Asked{entry->question.question(), entry->hash}); it != entries_.end()) Erase(it);
    while (used_bytes_ + entry->bytes > capacity_bytes_) Evict();
    used_bytes_ += entry->bytes;
    entry->older = newest_;
    (newest_ == nullptr ? oldest_ : newest_->newer) = entry.get();
    newest_ = entry.get();
    entries_.insert(std::move(entry));
  }

  size_t entries() const ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    return entries_.size();
  }
  size_t used_bytes() const ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    return used_bytes_;
  }

  void AddQuestions(std::vector<std::pair<uint32_t, std::shared_ptr<const Entry>>>& found) const
      ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    for (const std::shared_ptr<Entry>& entry : entries_) found.emplace_back(entry->finds, entry);
  }

 private:
  struct Asked {
    const Question& question;
    size_t hash;
  };
  // Equals no entry, and brings into the cache those that it is compared with.
  struct AskedSoon {
    size_t hash;
  };
  struct Hash {
    using is_transparent = void;
    size_t operator()(const Asked& asked) const { return asked.hash; }
    size_t operator()(const AskedSoon& asked) const { return asked.hash; }
    size_t operator()(const std::shared_ptr<Entry>& entry) const { return entry->hash; }
  };
  struct Same {
    using is_transparent = void;
    bool operator()(const std::shared_ptr<Entry>& x, const std::shared_ptr<Entry>& y) const { return x == y; }
    bool operator()(const std::shared_ptr<Entry>& entry, const Asked& asked) const {
      return entry->hash == asked.hash && entry->question.question() == asked.question;
    }
    bool operator()(const std::shared_ptr<Entry>& entry, const AskedSoon&) const {
      constexpr size_t kLine = 64;
      const auto* const bytes = reinterpret_cast<const char*>(entry.get());
      for (size_t at = 0; at < sizeof(Entry); at += kLine) __builtin_prefetch(bytes + at, 1);
      return false;
    }
  };
  using Entries = absl::flat_hash_set<std::shared_ptr<Entry>, Hash, Same>;

  void Evict() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    Entry* entry = hand_ == nullptr ? oldest_ : hand_;
    while (entry->found_again) {
      entry->found_again = false;
      entry = entry->newer == nullptr ? oldest_ : entry->newer;
    }
    hand_ = entry;
    Erase(entries_.find(Asked{entry->question.question(), entry->hash}));
  }

  void Erase(Entries::iterator it) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    Entry* const entry = it->get();
    if (hand_ == entry) hand_ = entry->newer;
    (entry->older == nullptr ? oldest_ : entry->older->newer) = entry->newer;
    (entry->newer == nullptr ? newest_ : entry->newer->older) = entry->older;
    used_bytes_ -= entry->bytes;
    entries_.erase(it);
  }

  const size_t capacity_bytes_;
  mutable absl::Mutex mutex_;
  Entries entries_ ABSL_GUARDED_BY(mutex_);
  Entry *oldest_ ABSL_GUARDED_BY(mutex_) = nullptr, *newest_ ABSL_GUARDED_BY(mutex_) = nullptr;
  // Where the next search for one to evict begins; nullptr: the oldest.
  Entry* hand_ ABSL_GUARDED_BY(mutex_) = nullptr;
  size_t used_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

ResultCache::ResultCache(size_t capacity_bytes)
    : capacity_bytes_(capacity_bytes), shards_([capacity_bytes] {
        const size_t number = std::max<size_t>(capacity_bytes / kShardBytes, 1);
        std::vector<std::unique_ptr<Shard>> shards;
        for (size_t i = 0; i < number; ++i) shards.push_back(std::make_unique<Shard>(capacity_bytes / number));
        return shards;
      }()) {}
ResultCache::~ResultCache() = default;

// By bits that the shard's own table does not look at first.
ResultCache::Shard& ResultCache::ShardOf(size_t hash) const { return *shards_[(hash >> 32) % shards_.size()]; }

void ResultCache::Prefetch(const Question& question) const {
  if (capacity_bytes_ == 0) return;
  const size_t hash = HashOf(question);
  ShardOf(hash).Prefetch(hash);
}

std::shared_ptr<const Answer> ResultCache::Find(const Question& question) const {
  if (capacity_bytes_ == 0) return nullptr;
  const size_t hash = HashOf(question);
  return ShardOf(hash).Find(question, hash);
}

std::shared_ptr<const Answer> ResultCache::Insert(const Question& question, Answer answer) const {
  const size_t hash = HashOf(question);
  auto entry = std::make_shared<Entry>(question, hash, std::move(answer));
  std::shared_ptr<const Answer> kept(entry, &entry->answer);
  ShardOf(hash).Insert(std::move(entry));
  return kept;
}

size_t ResultCache::used_bytes() const {
  size_t bytes = 0;
  for (const auto& shard : shards_) bytes += shard->used_bytes();
  return bytes;
}

std::vector<KeptQuestion> ResultCache::Questions(size_t limit) const {
  std::vector<std::pair<uint32_t, std::shared_ptr<const Entry>>> found;
  size_t entries = 0;
  for (const auto& shard : shards_) entries += shard->entries();
  found.reserve(entries + entries / 8);  // So that it mostly does not grow under a lock.
  for (const auto& shard : shards_) shard->AddQuestions(found);
  std::sort(found.begin(), found.end(), [](const auto& x, const auto& y) { return x.first > y.first; });
  found.resize(std::min(found.size(), limit));
  std::vector<KeptQuestion> questions;
  questions.reserve(found.size());
  for (const auto& [finds, entry] : found) questions.push_back(entry->question);
  return questions;
}

}  // namespace kindred
