// The answers of one index version that were asked for lately, within a bound of memory.
//
// Made for finding: a call finds none of this in the processor's caches, and each place in memory that it looks at
// costs a tenth of a microsecond or more. So what is found moves in no list. Which answer goes is SIEVE's choice (Zhang
// et al., "SIEVE is Simpler than LRU", NSDI 2024): going from old to new, the first that was not found since it was
// last passed by; an answer asked for once does not push out those asked for again and again.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "server/answer.h"

namespace kindred {

// A Question that owns its texts.
struct KeptQuestion {
  std::string market, query;
  uint32_t max_keywords = 0;
  bool explain = false;

  Question question() const { return {market, query, max_keywords, explain}; }
};

// Thread-safe, also through const: a cache is invisible to its owner's meaning.
class ResultCache {
 public:
  // 0 bytes: keeps nothing.
  explicit ResultCache(size_t capacity_bytes);
  ~ResultCache();

  // Brings into the processor's caches what Find() will look at: worth it before several of them.
  void Prefetch(const Question& question) const;
  // nullptr: not kept.
  std::shared_ptr<const Answer> Find(const Question& question) const;
  // Keeps it, if there is room, in the place of an earlier one.
  std::shared_ptr<const Answer> Insert(const Question& question, Answer answer) const;

  size_t capacity_bytes() const { return capacity_bytes_; }
  size_t used_bytes() const;
  // At most `limit` of the questions whose answers are kept, those found most often first.
  std::vector<KeptQuestion> Questions(size_t limit) const;

 private:
  struct Entry;
  class Shard;
  Shard& ShardOf(size_t hash) const;

  const size_t capacity_bytes_;
  const std::vector<std::unique_ptr<Shard>> shards_;
};

}  // namespace kindred
