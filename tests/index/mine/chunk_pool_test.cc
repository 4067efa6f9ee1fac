#include "index/mine/chunk_pool.h"

#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/open_files.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::kindred::testing::OpenFiles;
using ::kindred::testing::TempDir;
using ::testing::HasSubstr;

uint64_t WriteOne(ChunkPool& pool, char* chunk) { return pool.Write(absl::MakeConstSpan(&chunk, 1)).front(); }

TEST(ChunkPoolTest, IsFullAtItsLimit) {
  ChunkPool pool({.memory_limit_bytes = 2 * ChunkPool::kChunkBytes});
  char* first = pool.Take();
  EXPECT_FALSE(pool.full());
  char* second = pool.Take();
  EXPECT_TRUE(pool.full());
  EXPECT_NE(first, second);
  pool.Give(first);
  EXPECT_FALSE(pool.full());
}

TEST(ChunkPoolTest, ReadsBackWhatItWroteAndUsesFreePlacesAgain) {
  const TempDir dir;
  ChunkPool pool({.memory_limit_bytes = 0, .temp_dir = dir.path()});
  char* chunk = pool.Take();
  std::memset(chunk, 'a', ChunkPool::kChunkBytes);
  const uint64_t a = WriteOne(pool, chunk);
  std::memset(chunk, 'b', ChunkPool::kChunkBytes);
  const uint64_t b = WriteOne(pool, chunk);
  pool.Read(a, chunk);
  EXPECT_EQ(chunk[0], 'a');
  EXPECT_EQ(chunk[ChunkPool::kChunkBytes - 1], 'a');
  pool.Free(a);
  std::memset(chunk, 'c', ChunkPool::kChunkBytes);
  EXPECT_EQ(WriteOne(pool, chunk), a);
  pool.Read(b, chunk);
  EXPECT_EQ(chunk[0], 'b');
  EXPECT_OK(pool.status());
  EXPECT_EQ(pool.bytes_written(), 3 * ChunkPool::kChunkBytes);
  EXPECT_TRUE(std::filesystem::is_empty(dir.path()));  // The files have no names to be left behind.
}

TEST(ChunkPoolTest, ReadsBackChunksThatWereWrittenTogether) {
  ChunkPool pool({.memory_limit_bytes = 0});
  std::vector<char*> chunks;
  for (size_t i = 0; i < ChunkPool::kMostWritten; ++i) chunks.push_back(pool.Take());
  char letter = 0;
  std::vector<std::pair<uint64_t, char>> places;
  for (const size_t size : {ChunkPool::kMostWritten, size_t{1}, size_t{5}, ChunkPool::kMostWritten}) {
    const std::vector<char*> some(chunks.begin(), chunks.begin() + static_cast<ptrdiff_t>(size));
    for (size_t i = 0; i < size; ++i) std::memset(chunks[i], ++letter, ChunkPool::kChunkBytes);
    const std::vector<uint64_t> written = pool.Write(some);
    ASSERT_EQ(written.size(), size);
    for (size_t i = 0; i < size; ++i) places.emplace_back(written[i], chunks[i][0]);
  }
  for (const auto& [place, want] : places) {
    EXPECT_TRUE(pool.Read(place, chunks[0]));
    EXPECT_EQ(chunks[0][0], want);
    EXPECT_EQ(chunks[0][ChunkPool::kChunkBytes - 1], want);
  }
  EXPECT_OK(pool.status());
}

TEST(ChunkPoolTest, TrimGivesTheFilesBackWhereNoPlaceIsInUse) {
  ChunkPool pool({.memory_limit_bytes = 0});
  const auto before = OpenFiles();
  char* const chunk = pool.Take();
  std::vector<uint64_t> places;
  for (char c = 'a'; c <= 'z'; ++c) {
    std::memset(chunk, c, ChunkPool::kChunkBytes);
    places.push_back(WriteOne(pool, chunk));
  }
  const auto written = OpenFiles();
  EXPECT_GT(written, before);
  for (char c = 'a'; c < 'z'; ++c) {
    EXPECT_TRUE(pool.Read(places[c - 'a'], chunk));
    EXPECT_EQ(chunk[ChunkPool::kChunkBytes - 1], c);
    pool.Free(places[c - 'a']);
  }
  pool.Give(chunk);
  pool.Trim(2);
  EXPECT_EQ(OpenFiles(), written);  // One place is in use.
  char* const again = pool.Take();
  EXPECT_TRUE(pool.Read(places.back(), again));
  EXPECT_EQ(again[0], 'z');
  pool.Free(places.back());
  pool.Give(again);
  pool.Trim(2);
  EXPECT_EQ(OpenFiles(), before);
  char* const anew = pool.Take();
  std::memset(anew, 'n', ChunkPool::kChunkBytes);
  const uint64_t place = WriteOne(pool, anew);
  std::memset(anew, 'x', ChunkPool::kChunkBytes);
  EXPECT_TRUE(pool.Read(place, anew));
  EXPECT_EQ(anew[0], 'n');
  pool.Give(anew);
  EXPECT_OK(pool.status());
}

TEST(ChunkPoolTest, AFolderThatCannotBeWrittenToIsNamed) {
  ChunkPool pool({.memory_limit_bytes = 0, .temp_dir = "/nonexistent/folder"});
  WriteOne(pool, pool.Take());
  EXPECT_EQ(pool.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(pool.status().message()), HasSubstr("/nonexistent/folder"));
}

}  // namespace
}  // namespace kindred
