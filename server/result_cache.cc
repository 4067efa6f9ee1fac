#include "server/result_cache.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "rocksdb/cache.h"

namespace kindred {
namespace {

using AnswerPointer = std::shared_ptr<const Answer>;

struct Entry {
  AnswerPointer answer;
  std::atomic<uint32_t> finds = 0;
};

// max_keywords, explain, query, line break, market. A normalized query holds no control character.
std::string Key(const Question& question) {
  const char head[] = {static_cast<char>(question.max_keywords), static_cast<char>(question.explain)};
  return absl::StrCat(absl::string_view(head, sizeof(head)), question.query.text(), "\n", question.market);
}

Question ParseKey(absl::string_view key) {
  const size_t line_break = key.find('\n', 2);
  Question question;
  question.max_keywords = static_cast<uint8_t>(key[0]);
  question.explain = key[1] != 0;
  question.market = std::string(key.substr(line_break + 1));
  question.query = NormalizeQuery(key.substr(2, line_break - 2)).value_or(NormalizedQuery());  // It is idempotent.
  return question;
}

void DeleteEntry(const rocksdb::Slice&, void* value) { delete static_cast<Entry*>(value); }

}  // namespace

ResultCache::ResultCache(size_t capacity_bytes) : cache_(rocksdb::NewLRUCache(capacity_bytes)) {}
ResultCache::~ResultCache() = default;

AnswerPointer ResultCache::Find(const Question& question) const {
  rocksdb::Cache::Handle* const handle = cache_->Lookup(Key(question));
  if (handle == nullptr) return nullptr;
  auto* const entry = static_cast<Entry*>(cache_->Value(handle));
  entry->finds.fetch_add(1, std::memory_order_relaxed);
  AnswerPointer answer = entry->answer;
  cache_->Release(handle);
  return answer;
}

void ResultCache::Insert(const Question& question, AnswerPointer answer) const {
  const size_t bytes = answer->bytes() + sizeof(Entry);
  // Without a handle an insertion cannot fail: where there is no room, the entry is dropped and deleted.
  cache_->Insert(Key(question), new Entry{std::move(answer)}, bytes, &DeleteEntry).PermitUncheckedError();
}

size_t ResultCache::capacity_bytes() const { return cache_->GetCapacity(); }
size_t ResultCache::used_bytes() const { return cache_->GetUsage(); }

std::vector<Question> ResultCache::Questions(size_t limit) const {
  std::vector<std::pair<uint32_t, std::string>> keys;
  cache_->ApplyToAllEntries(
      [&keys](const rocksdb::Slice& key, void* value, size_t, rocksdb::Cache::DeleterFn) {
        keys.emplace_back(static_cast<Entry*>(value)->finds.load(std::memory_order_relaxed), key.ToString());
      },
      {});
  std::sort(keys.begin(), keys.end(), std::greater<>());
  keys.resize(std::min(keys.size(), limit));
  std::vector<Question> questions;
  questions.reserve(keys.size());
  for (const auto& [finds, key] : keys) questions.push_back(ParseKey(key));
  return questions;
}

}  // namespace kindred
