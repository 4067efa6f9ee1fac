#include "index/rank/sparse_rows.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::kindred::testing::TempDir;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

TEST(SparseRowsTest, GroupIsStableAndKeepsEmptyRows) {
  const std::vector<std::pair<uint32_t, int>> values = {{2, 7}, {0, 5}, {2, 6}};
  const auto rows = SparseRows<int>::Group(
      4, values, [](const auto& v) { return v.first; }, [](const auto& v) { return v.second; });
  EXPECT_EQ(rows.rows(), 4u);
  EXPECT_THAT(rows[0], ElementsAre(5));
  EXPECT_THAT(rows[1], IsEmpty());
  EXPECT_THAT(rows[2], ElementsAre(7, 6));
  EXPECT_THAT(rows[3], IsEmpty());
}

TEST(SparseRowsTest, AppendedRowsReadBack) {
  SparseRows<int> rows;
  rows.Append(std::vector<int>{1, 2});
  rows.Append(std::vector<int>{});
  EXPECT_EQ(rows.rows(), 2u);
  EXPECT_THAT(rows[0], ElementsAre(1, 2));
  EXPECT_THAT(rows[1], IsEmpty());
}

TEST(SparseRowsTest, CollectsWhatIsPutTwice) {
  const std::vector<std::pair<uint32_t, int>> values = {{2, 7}, {0, 5}, {2, 6}};
  const auto rows = SparseRows<int>::Collect(4, [&](const auto& put) {
    for (const auto& value : values) put(value.first, [&] { return value.second; });
  });
  EXPECT_EQ(rows.rows(), 4u);
  EXPECT_THAT(rows[0], ElementsAre(5));
  EXPECT_THAT(rows[1], IsEmpty());
  EXPECT_THAT(rows[2], ElementsAre(7, 6));
  EXPECT_THAT(rows[3], IsEmpty());
  EXPECT_EQ(SparseRows<int>::Collect(0, [](const auto&) {}).rows(), 0u);
}

TEST(SparseRowsTest, TrimmedRowsKeepTheirFronts) {
  SparseRows<int> rows;
  for (const auto& row : {std::vector<int>{1, 2, 3}, std::vector<int>{}, std::vector<int>{4, 5}, std::vector<int>{6}}) {
    rows.Append(row);
  }
  rows.Trim([](absl::Span<int> row) { return std::min<size_t>(row.size(), 1); });
  EXPECT_EQ(rows.rows(), 4u);
  EXPECT_EQ(rows.entries(), 3u);
  EXPECT_THAT(rows[0], ElementsAre(1));
  EXPECT_THAT(rows[1], IsEmpty());
  EXPECT_THAT(rows[2], ElementsAre(4));
  EXPECT_THAT(rows[3], ElementsAre(6));
}

TEST(SparseRowsTest, AppendedBlocksAreOneTable) {
  SparseRows<int> all, block;
  block.Append(std::vector<int>{1, 2});
  block.Append(std::vector<int>{});
  all.AppendAll(block);
  all.AppendAll(SparseRows<int>());
  all.AppendAll(block);
  EXPECT_EQ(all.rows(), 4u);
  EXPECT_THAT(all[0], ElementsAre(1, 2));
  EXPECT_THAT(all[1], IsEmpty());
  EXPECT_THAT(all[2], ElementsAre(1, 2));
}

// All rows, so that tables compare.
template <typename Entry>
std::vector<std::vector<Entry>> RowsOf(const SparseRows<Entry>& table) {
  std::vector<std::vector<Entry>> rows;
  for (uint32_t row = 0; row < table.rows(); ++row) rows.emplace_back(table[row].begin(), table[row].end());
  return rows;
}

TEST(SparseRowsTest, TablesInFilesHoldWhatThoseInMemoryHold) {
  const TempDir dir;
  const auto files =
      std::make_shared<SpillMemory>(SpillMemory::Options{.budget_bytes = 1 << 20, .temp_dir = dir.path()});
  std::mt19937 random(3);
  for (int round = 0; round < 20; ++round) {
    const uint32_t rows = 1 + random() % 5000;
    std::vector<std::pair<uint32_t, uint64_t>> values(random() % 20000);
    for (auto& [row, entry] : values) row = random() % rows, entry = random();
    std::vector<std::vector<std::vector<uint64_t>>> made;
    for (const std::shared_ptr<SpillMemory>& memory : {std::shared_ptr<SpillMemory>(), files}) {
      auto grouped = SparseRows<uint64_t>::Group(
          rows, values, [](const auto& v) { return v.first; }, [](const auto& v) { return v.second; }, memory);
      made.push_back(RowsOf(grouped));
      SparseRows<uint64_t> appended(memory);
      for (uint32_t row = 0; row < rows; ++row) appended.Append(grouped[row]);
      appended.AppendAll(grouped);
      made.push_back(RowsOf(appended));
      grouped.Trim([](absl::Span<uint64_t> row) { return row.size() / 2; });
      made.push_back(RowsOf(grouped));
    }
    for (size_t i = 0; i < 3; ++i) EXPECT_EQ(made[i], made[i + 3]) << round << " " << i;
  }
  EXPECT_GT(files->bytes_spilled(), 1u << 20);
  EXPECT_OK(files->status());
}

struct Cell {
  uint32_t id = 0;
  int sum = 0;
};

TEST(AccumulatorTest, SumsByIdInOrderOfFirstTouch) {
  Accumulator<Cell> cells(10);
  cells.at(3).sum += 2;
  cells.at(0).sum += 1;
  cells.at(3).sum += 2;
  ASSERT_EQ(cells.touched().size(), 2u);
  EXPECT_EQ(cells.touched()[0].id, 3u);
  EXPECT_EQ(cells.touched()[0].sum, 4);
  EXPECT_EQ(cells.touched()[1].id, 0u);
  EXPECT_EQ(cells.Find(3)->sum, 4);
  EXPECT_EQ(cells.Find(4), nullptr);
}

TEST(AccumulatorTest, KeepsItsSumsWhileItGrows) {
  Accumulator<Cell> cells(100);
  for (uint32_t id = 0; id < 100; ++id) {
    cells.at(99 - id).sum += 1;
    cells.at(99).sum += 1;
  }
  ASSERT_EQ(cells.touched().size(), 100u);
  for (uint32_t id = 0; id < 100; ++id) EXPECT_EQ(cells.Find(id)->sum, id == 99 ? 101 : 1);
}

TEST(AccumulatorTest, ClearForgetsWhatWasTouched) {
  Accumulator<Cell> cells(10);
  cells.at(3).sum += 2;
  cells.at(1).sum += 1;
  cells.Clear();
  EXPECT_THAT(cells.touched(), IsEmpty());
  EXPECT_EQ(cells.Find(3), nullptr);
  cells.at(1);
  EXPECT_EQ(cells.Find(3), nullptr);  // Though its slot still points to the cell that is now another's.
  EXPECT_EQ(cells.at(3).sum, 0);
}

TEST(KeepBestTest, CutsToTheBestAndSaysSo) {
  std::vector<int> row = {3, 1, 4, 1, 5};
  EXPECT_TRUE(KeepBest(row, 2, [](int a, int b) { return a > b; }));
  EXPECT_THAT(row, UnorderedElementsAre(4, 5));
  EXPECT_FALSE(KeepBest(row, 2, [](int a, int b) { return a > b; }));
  EXPECT_FALSE(KeepBest(row, 0, [](int a, int b) { return a > b; }));
}

TEST(SmallAccumulatorTest, SumsAndForgetsAsTheLargeOneDoes) {
  std::mt19937 random(3);
  SmallAccumulator<Cell> small;
  Accumulator<Cell> large(100000);
  for (const size_t calls : {1u, 700u, 0u, 40u, 5000u, 700u}) {
    small.Clear(calls);
    large.Clear();
    std::vector<uint32_t> ids;
    for (size_t i = 0; i < calls; ++i) ids.push_back(random() % 1000 * 97);
    small.Sum(
        ids, [](uint32_t id) { return id; }, [](Cell& cell, uint32_t) { cell.sum += 1; });
    for (const uint32_t id : ids) large.at(id).sum += 1;
    ASSERT_EQ(small.touched().size(), large.touched().size());
    for (size_t i = 0; i < large.touched().size(); ++i) {
      EXPECT_EQ(small.touched()[i].id, large.touched()[i].id);
      EXPECT_EQ(small.touched()[i].sum, large.touched()[i].sum);
      EXPECT_EQ(small.Find(large.touched()[i].id), &small.touched()[i]);
    }
    EXPECT_EQ(small.Find(96), nullptr);
  }
}

}  // namespace
}  // namespace kindred
