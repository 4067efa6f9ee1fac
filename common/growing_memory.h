// Memory for tables that grow without being copied, so that no fresh page is touched for what they held: on a virtual
// machine that costs more than to write it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace kindred {

// Bytes, zero until they are written, at a page's start, on large pages where the system gives them. Not thread-safe.
class GrowingMemory {
 public:
  GrowingMemory() = default;
  GrowingMemory(GrowingMemory&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
  GrowingMemory& operator=(GrowingMemory&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~GrowingMemory();

  char* data() const { return data_; }  // Valid until Grow().
  size_t bytes() const { return bytes_; }
  // What it held stays, what comes behind it is zero, and takes no memory until it is written. Throws std::bad_alloc.
  // REQUIRES: bytes >= bytes().
  void Grow(size_t bytes);

 private:
  char* data_ = nullptr;
  size_t bytes_ = 0;
};

// Not thread-safe.
template <typename T>
class GrowingVector {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
  static constexpr size_t kLeastBytes = 4096;
  static_assert(sizeof(T) <= kLeastBytes);

 public:
  GrowingVector() = default;
  GrowingVector(GrowingVector&& other) noexcept
      : memory_(std::move(other.memory_)), size_(std::exchange(other.size_, 0)) {}
  GrowingVector& operator=(GrowingVector&& other) noexcept {
    std::swap(memory_, other.memory_);
    std::swap(size_, other.size_);
    return *this;
  }

  size_t size() const { return size_; }
  T* data() { return reinterpret_cast<T*>(memory_.data()); }
  const T* data() const { return reinterpret_cast<const T*>(memory_.data()); }
  T& operator[](size_t i) { return data()[i]; }
  const T& operator[](size_t i) const { return data()[i]; }
  T* begin() { return data(); }
  T* end() { return data() + size_; }

  void push_back(const T& value) {
    const T copy = value;  // It may be of this vector.
    if ((size_ + 1) * sizeof(T) > memory_.bytes()) memory_.Grow(std::max(kLeastBytes, 2 * memory_.bytes()));
    data()[size_++] = copy;
  }
  // Those that are new are of zero bytes. REQUIRES: size >= size().
  void GrowTo(size_t size) {
    if (size * sizeof(T) > memory_.bytes()) memory_.Grow(size * sizeof(T));
    size_ = size;
  }

 private:
  GrowingMemory memory_;
  size_t size_ = 0;
};

}  // namespace kindred
