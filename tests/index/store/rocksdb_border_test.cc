#include "index/store/rocksdb_border.h"

#include "index/store/row_file.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using testing::HasStatus;
using ::testing::HasSubstr;
using testing::TempDir;

TEST(RocksDbBorderTest, ErrorsKeepTheirMeaning) {
  const struct {
    rocksdb::Status status;
    absl::StatusCode code;
  } kCases[] = {
      {rocksdb::Status::Corruption("x"), absl::StatusCode::kDataLoss},
      {rocksdb::Status::NoSpace("x"), absl::StatusCode::kResourceExhausted},
      {rocksdb::Status::IOError("x", "File too large"), absl::StatusCode::kResourceExhausted},
      {rocksdb::Status::IOError("x", "No space left on device"), absl::StatusCode::kResourceExhausted},
      {rocksdb::Status::IOError("x", "Permission denied"), absl::StatusCode::kPermissionDenied},
      {rocksdb::Status::IOError("x", "No such file or directory"), absl::StatusCode::kNotFound},
      {rocksdb::Status::IOError("x", "Input/output error"), absl::StatusCode::kInternal},
      {rocksdb::Status::InvalidArgument("x"), absl::StatusCode::kInternal},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(FromRocksDb(c.status, "index 42"), HasStatus(c.code, HasSubstr("index 42: "))) << c.status.ToString();
  }
  EXPECT_OK(FromRocksDb(rocksdb::Status::OK(), "index 42"));
}

TEST(RowFileTest, RefusesKeysThatDoNotAscend) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto file, RowFile::Create(dir.File("rows"), RowKind::kQuery));
  ASSERT_OK(file->Add("b", "1"));
  for (const char* const key : {"a", "b"}) {
    EXPECT_THAT(file->Add(key, "2"), HasStatus(absl::StatusCode::kInternal, HasSubstr(dir.File("rows"))));
  }
  ASSERT_OK(file->Add("c", "3"));
  EXPECT_OK(file->Finish());
  EXPECT_EQ(file->rows(), 2U);
}

TEST(RowFileTest, NamesAFolderThatIsMissing) {
  const TempDir dir;
  EXPECT_THAT(RowFile::Create(dir.File("none/rows"), RowKind::kGram),
              HasStatus(absl::StatusCode::kNotFound, HasSubstr("none/rows")));
}

}  // namespace
}  // namespace kindred
