#include "index/log/block_reader.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/index/log/string_source.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::testing::ElementsAre;
using testing::NewStringSource;

std::vector<std::string> Blocks(BlockReader& reader) {
  std::vector<std::string> blocks;
  LogBlock block;
  while (true) {
    const auto more = reader.Next(CutLines, block);
    EXPECT_OK(more);
    if (!*more) return blocks;
    blocks.emplace_back(block.text().substr(0, block.records_bytes()));
  }
}

TEST(BlockReaderTest, BlocksHoldWholeLinesWhateverTheSizeOfTheReads) {
  for (const size_t bytes_a_read : {1, 2, 5, 1000}) {
    BlockReader reader(NewStringSource("one\ntwo\nthree and more\n\n\nlast", bytes_a_read), 9);
    EXPECT_THAT(Blocks(reader), ElementsAre("one\ntwo\n", "three and more\n\n\n", "last"));
    EXPECT_EQ(reader.raw_bytes_read(), 29u);
  }
}

TEST(BlockReaderTest, WhatIsPeekedAtIsStillToCome) {
  BlockReader reader(NewStringSource("header\none\ntwo\n", 3), 4);
  EXPECT_EQ(reader.Peek(3).value(), "hea");
  EXPECT_EQ(reader.Peek(1).value(), "h");
  EXPECT_EQ(reader.Peek(9).value(), "header\non");
  reader.Skip(7);
  EXPECT_EQ(reader.Peek(100).value(), "one\ntwo\n");
  EXPECT_THAT(Blocks(reader), ElementsAre("one\n", "two\n"));
  EXPECT_EQ(reader.Peek(100).value(), "");
}

TEST(BlockReaderTest, TheRestOfALineThatIsTooLongIsPassedOver) {
  const std::string limit(kMaxRecordBytes, 'x');
  for (const size_t block_bytes : {1'000, 100'000, 10'000'000}) {
    BlockReader reader(NewStringSource("a\n" + limit + limit + limit + "\nb\n" + limit + "\n" + limit + "x"),
                       block_bytes);
    std::string text;
    size_t most = 0;
    for (const std::string& block : Blocks(reader)) {
      most = std::max(most, block.size());
      text += block.back() == '\n' ? block : block + "\n";
    }
    EXPECT_EQ(text.substr(0, 2), "a\n");
    EXPECT_EQ(text.substr(text.find("\nb\n")), "\nb\n" + limit + "\n" + limit + "x\n");
    EXPECT_LE(most, std::max(block_bytes, 4 * kMaxRecordBytes));
  }
}

}  // namespace
}  // namespace kindred
