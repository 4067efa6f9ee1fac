// Records sorted into partitions, so that each can be counted in a cache, and by a thread of its own.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "index/mine/chunk_pool.h"

namespace kindred {

// Appending is for one thread, while no other reads or clears; reading or clearing different partitions, for one thread
// each. A failure of the disk stays in the pool's status(), to be asked for when a stage is done.
template <typename Record>
class Partitions {
  static_assert(std::is_trivially_copyable_v<Record>);

 public:
  Partitions(std::shared_ptr<ChunkPool> pool, uint32_t partitions)
      : pool_(std::move(pool)), open_(partitions), full_(partitions) {}
  Partitions(Partitions&& other) noexcept = default;
  Partitions& operator=(Partitions&& other) noexcept {
    std::swap(pool_, other.pool_);
    std::swap(open_, other.open_);
    std::swap(full_, other.full_);
    std::swap(to_file_, other.to_file_);
    return *this;
  }
  ~Partitions() {
    for (uint32_t i = 0; i < partitions(); ++i) Clear(i);
  }

  uint32_t partitions() const { return static_cast<uint32_t>(full_.size()); }
  uint64_t records(uint32_t partition) const {
    uint64_t records = open_[partition].used();
    for (const Chunk& chunk : full_[partition]) records += chunk.records;
    return records;
  }

  void Append(uint32_t partition, const Record& record) {
    Open& open = open_[partition];
    if (open.next == open.end) Turn(partition);
    *open.next++ = record;
    __builtin_prefetch(reinterpret_cast<const void*>(reinterpret_cast<uintptr_t>(open.next) + 64), 1);
  }

  // Likewise, all in one go.
  void Append(uint32_t partition, absl::Span<const Record> records) {
    Open& open = open_[partition];
    while (!records.empty()) {
      if (open.next == open.end) Turn(partition);
      const size_t some = std::min<size_t>(records.size(), static_cast<size_t>(open.end - open.next));
      open.next = std::copy_n(records.data(), some, open.next);
      records.remove_prefix(some);
    }
  }

  // What Append() reads and then writes, brought into the cache in two steps.
  void Prefetch(uint32_t partition) const { __builtin_prefetch(&open_[partition], 1); }
  void PrefetchNext(uint32_t partition) const { __builtin_prefetch(open_[partition].next, 1); }

  // Takes over the records of another with as many partitions over the same pool.
  void Merge(Partitions&& other) {
    other.WriteToFile();
    for (uint32_t i = 0; i < partitions(); ++i) {
      other.Close(i);
      full_[i].insert(full_[i].end(), other.full_[i].begin(), other.full_[i].end());
      other.full_[i].clear();
    }
  }

  // Calls visit(span of records) for all of a partition's records, in the order in which one thread appended
  // them; for fewer where the disk fails.
  template <typename Visit>
  void ForEach(uint32_t partition, Visit visit) const {
    char* buffer = nullptr;
    for (const Chunk& chunk : full_[partition]) {
      const char* bytes = chunk.memory;
      if (bytes == nullptr) {
        if (buffer == nullptr) buffer = pool_->Take();
        if (!pool_->Read(chunk.offset, buffer)) continue;
        bytes = buffer;
      }
      visit(absl::MakeConstSpan(reinterpret_cast<const Record*>(bytes), chunk.records));
    }
    if (buffer != nullptr) pool_->Give(buffer);
    if (const Open& open = open_[partition]; open.used() > 0) visit(absl::MakeConstSpan(open.begin(), open.used()));
  }

  // Gives a partition's memory back.
  void Clear(uint32_t partition) {
    Close(partition);
    for (const Chunk& chunk : full_[partition]) {
      if (chunk.memory == nullptr) {
        pool_->Free(chunk.offset);
      } else {
        pool_->Give(chunk.memory);
      }
    }
    std::vector<Chunk>().swap(full_[partition]);
  }

 private:
  static constexpr uint32_t kPerChunk = ChunkPool::kChunkBytes / sizeof(Record);

  struct Chunk {
    char* memory;     // nullptr: on disk.
    uint64_t offset;  // On disk.
    uint32_t records;
  };
  // The chunk that a partition is appended to: of all that Append() touches, so that many of them fit a cache.
  struct Open {
    Record* next = nullptr;
    Record* end = nullptr;  // nullptr: no chunk.

    Record* begin() const { return end - kPerChunk; }
    uint32_t used() const { return end == nullptr ? 0 : kPerChunk - static_cast<uint32_t>(end - next); }
  };

  void Turn(uint32_t partition) {
    Open& open = open_[partition];
    if (open.end != nullptr) {
      Close(partition);
      if (pool_->full()) to_file_.push_back({partition, full_[partition].size() - 1});
      if (to_file_.size() == ChunkPool::kMostWritten) WriteToFile();
    }
    open.next = reinterpret_cast<Record*>(pool_->Take());
    open.end = open.next + kPerChunk;
  }
  void WriteToFile() {
    std::vector<Chunk*> written;
    std::vector<char*> memory;
    for (const auto& [partition, at] : to_file_) {
      // Cleared since, and maybe filled and named again.
      if (at >= full_[partition].size() || full_[partition][at].memory == nullptr) continue;
      written.push_back(&full_[partition][at]);
      memory.push_back(std::exchange(written.back()->memory, nullptr));
    }
    to_file_.clear();
    if (memory.empty()) return;
    const std::vector<uint64_t> offsets = pool_->Write(memory);
    for (size_t i = 0; i < written.size(); ++i) {
      pool_->Give(memory[i]);
      written[i]->offset = offsets[i];
    }
  }
  void Close(uint32_t partition) {
    Open& open = open_[partition];
    if (open.end != nullptr) full_[partition].push_back({reinterpret_cast<char*>(open.begin()), 0, open.used()});
    open = {};
  }

  std::shared_ptr<ChunkPool> pool_;
  std::vector<Open> open_;
  std::vector<std::vector<Chunk>> full_;
  std::vector<std::pair<uint32_t, size_t>> to_file_;  // Partition and index of full chunks, but for those given back.
};

}  // namespace kindred
