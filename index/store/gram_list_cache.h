// Decoded gram lists in the block cache, beside the blocks that they are read from: grams are few and asked for again
// and again, and to find one here takes a twentieth of reading its row.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "index/store/gram_list.h"

namespace rocksdb {
class Cache;
}

namespace kindred {

// Thread-safe, also through const: a cache is invisible to its owner's meaning. What it keeps is charged to the cache
// by the byte, and holds no block of it. Several may share one cache: each finds only what it kept itself.
class GramListCache {
 public:
  explicit GramListCache(std::shared_ptr<rocksdb::Cache> cache);
  // Gives back what it kept: nobody else would ask for it, and a shared cache outlives many.
  ~GramListCache();
  GramListCache(const GramListCache&) = delete;
  GramListCache& operator=(const GramListCache&) = delete;

  // `key` is a row's. nullopt: not kept.
  std::optional<GramList> Find(const std::string& key) const;
  // REQUIRES: the list has `bytes` bytes, and its owner nothing else.
  void Insert(const std::string& key, const GramList& list, size_t bytes) const;

 private:
  const std::shared_ptr<rocksdb::Cache> cache_;
  const std::string id_;  // Begins each key. Keys are longer than those of blocks.
};

}  // namespace kindred
