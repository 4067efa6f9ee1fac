#include "index/store/row_file.h"

#include <rocksdb/options.h>
#include <rocksdb/sst_file_reader.h>

#include <memory>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::testing::HasSubstr;

TEST(RowFileTest, HoldsItsRowsInOrder) {
  const testing::TempDir dir;
  ASSERT_OK_AND_ASSIGN(const std::unique_ptr<RowFile> file, RowFile::Create(dir.File("rows.sst"), RowKind::kQuery));
  EXPECT_EQ(file->path(), dir.File("rows.sst"));
  ASSERT_OK(file->Add("a", "1"));
  ASSERT_OK(file->Add("b", std::string("\0\xff", 2)));
  EXPECT_EQ(file->rows(), 2U);
  ASSERT_OK(file->Finish());

  rocksdb::SstFileReader reader{rocksdb::Options()};
  ASSERT_TRUE(reader.Open(file->path()).ok());
  const std::unique_ptr<rocksdb::Iterator> row(reader.NewIterator(rocksdb::ReadOptions()));
  row->SeekToFirst();
  ASSERT_TRUE(row->Valid());
  EXPECT_EQ(row->key().ToString(), "a");
  EXPECT_EQ(row->value().ToString(), "1");
  row->Next();
  ASSERT_TRUE(row->Valid());
  EXPECT_EQ(row->key().ToString(), "b");
  EXPECT_EQ(row->value().ToString(), std::string("\0\xff", 2));
  row->Next();
  EXPECT_FALSE(row->Valid());
}

TEST(RowFileTest, RefusesKeysThatDoNotAscendAndDoesNotCountThem) {
  const testing::TempDir dir;
  ASSERT_OK_AND_ASSIGN(const std::unique_ptr<RowFile> file, RowFile::Create(dir.File("rows.sst"), RowKind::kQuery));
  ASSERT_OK(file->Add("b", "1"));
  for (const char* key : {"a", "b"}) {
    EXPECT_THAT(file->Add(key, "2"), testing::HasStatus(absl::StatusCode::kInternal, HasSubstr("rows.sst"))) << key;
  }
  EXPECT_EQ(file->rows(), 1U);
}

TEST(RowFileTest, NamesAPathThatCannotBeWritten) {
  const testing::TempDir dir;
  const auto file = RowFile::Create(dir.File("none/rows.sst"), RowKind::kQuery);
  ASSERT_FALSE(file.ok());
  EXPECT_THAT(std::string(file.status().message()), HasSubstr("none/rows.sst"));
}

}  // namespace
}  // namespace kindred
