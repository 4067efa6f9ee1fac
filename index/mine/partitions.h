// Records sorted into partitions, so that each can be counted in a cache, and by a thread of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "index/mine/chunk_pool.h"

namespace kindred {

// Appending is for one thread; reading different partitions, for one thread each. A failure of the disk stays in the
// pool's status(), to be asked for when a stage is done.
template <typename Record>
class Partitions {
  static_assert(std::is_trivially_copyable_v<Record>);

 public:
  Partitions(std::shared_ptr<ChunkPool> pool, uint32_t partitions) : pool_(std::move(pool)), parts_(partitions) {}
  Partitions(Partitions&& other) noexcept = default;
  Partitions& operator=(Partitions&& other) noexcept {
    std::swap(pool_, other.pool_);
    std::swap(parts_, other.parts_);
    return *this;
  }
  ~Partitions() {
    for (Part& part : parts_) Release(part);
  }

  uint32_t partitions() const { return static_cast<uint32_t>(parts_.size()); }
  uint64_t records(uint32_t partition) const {
    uint64_t records = parts_[partition].used;
    for (const Chunk& chunk : parts_[partition].full) records += chunk.records;
    return records;
  }

  void Append(uint32_t partition, const Record& record) {
    Part& part = parts_[partition];
    if (part.current == nullptr || part.used == kPerChunk) Turn(part);
    part.current[part.used++] = record;
  }

  // Takes over the records of another with as many partitions over the same pool.
  void Merge(Partitions&& other) {
    for (uint32_t i = 0; i < parts_.size(); ++i) {
      Part& from = other.parts_[i];
      Close(from);
      parts_[i].full.insert(parts_[i].full.end(), from.full.begin(), from.full.end());
      from.full.clear();
    }
  }

  // Calls visit(span of records) for all of a partition's records, in the order in which one thread appended
  // them; for fewer where the disk fails.
  template <typename Visit>
  void ForEach(uint32_t partition, Visit visit) const {
    const Part& part = parts_[partition];
    char* buffer = nullptr;
    for (const Chunk& chunk : part.full) {
      const char* bytes = chunk.memory;
      if (bytes == nullptr) {
        if (buffer == nullptr) buffer = pool_->Take();
        if (!pool_->Read(chunk.offset, buffer)) continue;
        bytes = buffer;
      }
      visit(absl::MakeConstSpan(reinterpret_cast<const Record*>(bytes), chunk.records));
    }
    if (buffer != nullptr) pool_->Give(buffer);
    if (part.used > 0) visit(absl::MakeConstSpan(part.current, part.used));
  }

  // Gives a partition's memory back.
  void Clear(uint32_t partition) { Release(parts_[partition]); }

 private:
  static constexpr uint32_t kPerChunk = ChunkPool::kChunkBytes / sizeof(Record);

  struct Chunk {
    char* memory;     // nullptr: in the file.
    uint64_t offset;  // In the file.
    uint32_t records;
  };
  struct Part {
    Record* current = nullptr;  // Of `used` records.
    uint32_t used = 0;
    std::vector<Chunk> full;
  };

  void Turn(Part& part) {
    if (part.used > 0 && pool_->full()) {
      part.full.push_back({nullptr, pool_->Write(reinterpret_cast<const char*>(part.current)), part.used});
      part.used = 0;
      return;
    }
    Close(part);
    part.current = reinterpret_cast<Record*>(pool_->Take());
  }
  static void Close(Part& part) {
    if (part.used > 0) part.full.push_back({reinterpret_cast<char*>(part.current), 0, part.used});
    part.current = nullptr;
    part.used = 0;
  }
  void Release(Part& part) {
    Close(part);
    for (const Chunk& chunk : part.full) {
      if (chunk.memory == nullptr) {
        pool_->Free(chunk.offset);
      } else {
        pool_->Give(chunk.memory);
      }
    }
    std::vector<Chunk>().swap(part.full);
  }

  std::shared_ptr<ChunkPool> pool_;
  std::vector<Part> parts_;
};

}  // namespace kindred
