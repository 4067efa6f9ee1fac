// The answers of one index version that were asked for lately, within a bound of memory. RocksDB's LRU cache keeps
// them: sharded, charged by the byte, and an answer asked for once does not push out those asked for again and again.
#pragma once

#include <memory>
#include <vector>

#include "server/answer.h"

namespace rocksdb {
class Cache;
}

namespace kindred {

// Thread-safe, also through const: a cache is invisible to its owner's meaning.
class ResultCache {
 public:
  // 0 bytes: keeps nothing.
  explicit ResultCache(size_t capacity_bytes);
  ~ResultCache();

  // nullptr: not kept.
  std::shared_ptr<const Answer> Find(const Question& question) const;
  void Insert(const Question& question, std::shared_ptr<const Answer> answer) const;

  size_t capacity_bytes() const;
  size_t used_bytes() const;
  // At most `limit` of the questions whose answers are kept, those found most often first.
  std::vector<Question> Questions(size_t limit) const;

 private:
  std::shared_ptr<rocksdb::Cache> cache_;
};

}  // namespace kindred
