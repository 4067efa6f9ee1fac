#include "index/store/index_reader.h"

#include <fcntl.h>
#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "index/store/files.h"
#include "index/store/format.h"
#include "index/store/index_info_file.h"
#include "index/store/related_list_codec.h"
#include "index/store/rocksdb_border.h"
#include "kindred/index/v1/index_info.pb.h"
#include "tests/index/text/query.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"
#include "tests/testing/tiny_index.h"

namespace kindred {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using testing::HasStatus;
using ::testing::HasSubstr;
using testing::MakeLists;
using testing::OpenTinyIndex;
using testing::Query;
using testing::TempDir;
using testing::TinyMarkets;
using testing::WriteTinyIndex;

TinyMarkets TwoMarkets() {
  return {
      {"", MakeLists({{"tent", {"tent pegs", "camping stove"}}, {"camping stove", {"tent"}}, {"藍牙 耳機", {"耳機"}}})},
      {"us", MakeLists({{"tent", {"camp chair"}}})}};
}

std::vector<std::string> Keywords(const RelatedListView& list) {
  std::vector<std::string> keywords;
  for (const CandidateView& candidate : list.candidates) keywords.emplace_back(candidate.keyword);
  return keywords;
}

TEST(IndexReaderTest, FindsAListByMarketAndQuery) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto reader, OpenTinyIndex(dir, TwoMarkets()));
  ASSERT_OK_AND_ASSIGN(const auto list, reader->Find("", Query("Tent")));
  ASSERT_TRUE(list.has_value());
  EXPECT_EQ(list->display, "tent");
  EXPECT_EQ(list->users, 10U);
  EXPECT_THAT(Keywords(*list), ElementsAre("tent pegs", "camping stove"));
  ASSERT_OK_AND_ASSIGN(const auto other, reader->Find("us", Query("tent")));
  ASSERT_TRUE(other.has_value());
  EXPECT_THAT(Keywords(*other), ElementsAre("camp chair"));
}

TEST(IndexReaderTest, AnUnknownQueryOrMarketIsNormal) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto reader, OpenTinyIndex(dir, TwoMarkets()));
  for (const std::string& market : {std::string("us"), std::string("fr"), std::string(300, 'x')}) {
    ASSERT_OK_AND_ASSIGN(const auto list, reader->Find(market, Query("camping stove")));
    EXPECT_FALSE(list.has_value()) << market;
  }
  ASSERT_OK_AND_ASSIGN(const auto empty, reader->Find("", NormalizedQuery()));
  EXPECT_FALSE(empty.has_value());
  EXPECT_EQ(reader->documents("fr"), 0U);
  EXPECT_TRUE(reader->norms("fr").per_64.empty());
  ASSERT_OK_AND_ASSIGN(const auto grams, reader->GramLists("fr", DistinctGrams(Query("tent"))));
  EXPECT_EQ(grams.size(), DistinctGrams(Query("tent")).size());
  for (const GramList& list : grams) EXPECT_EQ(list.document_frequency(), 0U);
  EXPECT_THAT(reader->DocumentQuery("fr", 0), HasStatus(absl::StatusCode::kDataLoss, HasSubstr("no such row")));
}

TEST(IndexReaderTest, KeepsDecodedGramListsInTheBlockCache) {
  const TempDir dir;
  ASSERT_OK(WriteTinyIndex(dir.File("index"), TwoMarkets()));
  IndexReader::Options options;
  options.block_cache = MakeBlockCache(1 << 20);
  ASSERT_OK_AND_ASSIGN(const auto reader, IndexReader::Open(dir.File("index"), options));
  const Gram known = DistinctGrams(Query("tent")).front(), unknown = ~known;
  for (int i = 0; i < 2; ++i) {
    ASSERT_OK_AND_ASSIGN(const auto lists, reader->GramLists("us", {known, unknown}));
    ASSERT_EQ(lists.size(), 2U);
    EXPECT_EQ(lists[0].document_frequency(), 1U);
    EXPECT_EQ(lists[1].document_frequency(), 0U);
    int kept = 0;
    options.block_cache->ApplyToAllEntries(
        [&](const rocksdb::Slice& key, void*, size_t, rocksdb::Cache::DeleterFn) {
          kept += key.starts_with("gram list ") ? 1 : 0;
        },
        {});
    EXPECT_EQ(kept, 2);
  }
}

TEST(IndexReaderTest, FindsTheQueryOfAStrippedForm) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto reader, OpenTinyIndex(dir, TwoMarkets()));
  ASSERT_OK_AND_ASSIGN(const auto query, reader->FindStripped("", StrippedForm(Query("camp ing stove"))));
  EXPECT_EQ(query, Query("camping stove"));
  ASSERT_OK_AND_ASSIGN(const auto none, reader->FindStripped("us", StrippedForm(Query("camping stove"))));
  EXPECT_FALSE(none.has_value());
}

TEST(IndexReaderTest, VisitsAMarketInByteOrderUntilToldToStop) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto reader, OpenTinyIndex(dir, TwoMarkets()));
  std::vector<std::string> seen;
  const auto visit_all = [&](const NormalizedQuery& query, const RelatedList& list) {
    seen.push_back(std::string(query.text()) + ":" + list.candidates[0].keyword);
    return true;
  };
  EXPECT_OK(reader->ForEach("", visit_all));
  EXPECT_THAT(seen,
              ElementsAre("camping stove:tent", "tent:tent pegs", std::string(Query("藍牙耳機").text()) + ":耳機"));
  int visits = 0;
  EXPECT_OK(reader->ForEach("", [&](const auto&, const auto&) { return ++visits < 2; }));
  EXPECT_EQ(visits, 2);
}

TEST(IndexReaderTest, OpenWritesNothingAndNeedsNoRightToWrite) {
  const TempDir dir;
  std::filesystem::permissions(dir.path(), std::filesystem::perms{0755});
  const std::string version = dir.File("1");
  ASSERT_OK(WriteTinyIndex(version, TwoMarkets()));
  ASSERT_OK_AND_ASSIGN(const auto before, ListFolder(version));
  std::filesystem::permissions(version, std::filesystem::perms{0555});
  const pid_t child = ::fork();
  if (child == 0) {  // As another user, where the test may become one.
    if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(2);
    const auto reader = IndexReader::Open(version, IndexReader::Options());
    if (!reader.ok()) std::fprintf(stderr, "%s\n", reader.status().ToString().c_str());
    ::_exit(reader.ok() && (*reader)->Find("", Query("tent")).value().has_value() ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  ASSERT_OK_AND_ASSIGN(const auto after, ListFolder(version));
  EXPECT_EQ(before, after);
  std::filesystem::permissions(version, std::filesystem::perms{0755});
}

TEST(IndexReaderTest, ADeletedFolderStaysReadableWhileOpen) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto reader, OpenTinyIndex(dir, TwoMarkets()));
  std::filesystem::remove_all(dir.File("tiny-index"));
  ASSERT_OK_AND_ASSIGN(const auto list, reader->Find("", Query("tent")));
  EXPECT_TRUE(list.has_value());
  ASSERT_OK_AND_ASSIGN(const auto grams, reader->GramLists("", DistinctGrams(Query("tent"))));
  EXPECT_GT(grams.front().document_frequency(), 0U);
}

TEST(IndexReaderTest, UnknownFilesOfTheFolderAreIgnored) {
  const TempDir dir;
  ASSERT_OK(WriteTinyIndex(dir.File("1"), TwoMarkets()));
  dir.Write("1/notes.txt", "hello");
  EXPECT_OK(IndexReader::Open(dir.File("1"), IndexReader::Options()));
}

TEST(IndexReaderTest, AMissingFolderOrRecordIsNotFound) {
  const TempDir dir;
  EXPECT_THAT(IndexReader::Open(dir.File("7"), IndexReader::Options()),
              HasStatus(absl::StatusCode::kNotFound, HasSubstr("7/INDEX_INFO")));
  ASSERT_OK(WriteTinyIndex(dir.File("1"), TwoMarkets()));
  std::filesystem::remove(dir.File("1/INDEX_INFO"));
  EXPECT_THAT(IndexReader::Open(dir.File("1"), IndexReader::Options()),
              HasStatus(absl::StatusCode::kNotFound, HasSubstr("1/INDEX_INFO")));
}

TEST(IndexReaderTest, ANewerFormatIsRefused) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(auto info, WriteTinyIndex(dir.File("1"), TwoMarkets()));
  info.set_format_version(2);
  ASSERT_OK(WriteIndexInfo(dir.File("1"), info));
  EXPECT_THAT(IndexReader::Open(dir.File("1"), IndexReader::Options()),
              HasStatus(absl::StatusCode::kFailedPrecondition,
                        HasSubstr("index format 2 is newer than this program's 1: upgrade it")));
}

// Rows that no IndexWriter writes, behind right checksums.
TEST(IndexReaderTest, QueriesThatAreNotUtf8AreDataLoss) {
  const TempDir dir;
  rocksdb::Options options = ReadOptionsOfDatabase(MakeBlockCache(1 << 20));
  options.create_if_missing = true;
  rocksdb::DB* opened = nullptr;
  ASSERT_OK(FromRocksDb(rocksdb::DB::Open(options, dir.path(), &opened), "open"));
  std::unique_ptr<rocksdb::DB> db(opened);
  const std::string bad = "caf\xe9";
  const std::pair<std::string, std::string> rows[] = {
      {QueryKey("", bad), EncodeRelatedList(testing::MakeList("tent", {"stove"}))},
      {StrippedKey("", "cafe"), bad},
      {DocumentKey("", 0), bad}};
  for (const auto& [key, value] : rows) ASSERT_OK(FromRocksDb(db->Put(rocksdb::WriteOptions(), key, value), "put"));
  ASSERT_OK(FromRocksDb(db->Flush(rocksdb::FlushOptions()), "flush"));
  db.reset();
  index::v1::IndexInfo info;
  info.set_format_version(kIndexFormatVersion);
  ASSERT_OK(WriteIndexInfo(dir.path(), info));

  ASSERT_OK_AND_ASSIGN(const auto reader, IndexReader::Open(dir.path(), IndexReader::Options()));
  const auto not_utf8 = HasStatus(absl::StatusCode::kDataLoss, HasSubstr("not UTF-8"));
  EXPECT_THAT(reader->ForEach("", [](const auto&, const auto&) { return true; }), not_utf8);
  EXPECT_THAT(reader->FindStripped("", "cafe"), not_utf8);
  EXPECT_THAT(reader->DocumentQuery("", 0), not_utf8);
}

// Damage on purpose: every file of a version, whatever RocksDB names it.
class DamagedIndexTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(WriteTinyIndex(dir_.File("1"), TwoMarkets()));
    ASSERT_OK_AND_ASSIGN(files_, ListFolder(dir_.File("1")));
    ASSERT_GE(files_.size(), 4U);
  }
  std::string Path(const std::string& file) const { return dir_.File("1/" + file); }
  std::string Content(const std::string& file) const { return ReadFile(Path(file), 1 << 24).value(); }
  // The folder is refused, the file named; whole again, it opens.
  void ExpectRefused(const std::string& file, const std::string& damaged) {
    const std::string whole = Content(file);
    dir_.Write("1/" + file, damaged);
    EXPECT_THAT(IndexReader::Open(dir_.File("1"), IndexReader::Options()),
                HasStatus(absl::StatusCode::kDataLoss, HasSubstr("1/" + file)));
    dir_.Write("1/" + file, whole);
  }

  TempDir dir_;
  std::vector<std::string> files_;
};

TEST_F(DamagedIndexTest, ATruncatedFileIsRefusedAndNamed) {
  for (const std::string& file : files_) {
    const std::string content = Content(file);
    for (const size_t size : {size_t{0}, content.size() / 2, content.size() - 1}) {
      SCOPED_TRACE(file + " cut to " + std::to_string(size));
      ExpectRefused(file, content.substr(0, size));
    }
    ExpectRefused(file, content + '\0');
  }
  EXPECT_OK(IndexReader::Open(dir_.File("1"), IndexReader::Options()));
}

TEST_F(DamagedIndexTest, AFlippedBitIsRefusedAndNamed) {
  for (const std::string& file : files_) {
    const std::string content = Content(file);
    for (size_t at = 0; at < content.size(); at += 1 + content.size() / 20) {
      SCOPED_TRACE(file + " flipped at " + std::to_string(at));
      std::string damaged = content;
      damaged[at] = static_cast<char>(damaged[at] ^ 4);
      ExpectRefused(file, damaged);
    }
  }
}

TEST_F(DamagedIndexTest, ADeletedFileIsRefusedAndNamed) {
  for (const std::string& file : files_) {
    const std::string whole = Content(file);
    std::filesystem::remove(Path(file));
    const auto code = file == kIndexInfoName ? absl::StatusCode::kNotFound : absl::StatusCode::kDataLoss;
    EXPECT_THAT(IndexReader::Open(dir_.File("1"), IndexReader::Options()), HasStatus(code, HasSubstr("1/" + file)));
    dir_.Write("1/" + file, whole);
  }
}

TEST_F(DamagedIndexTest, WithoutChecksumsADamagedRowIsStillDataLossWhenItIsRead) {
  IndexReader::Options options;
  options.verification = Verification::kSizes;
  int refused = 0;
  for (const std::string& file : files_) {
    std::string damaged = Content(file);
    const size_t at = damaged.find("camp chair");
    if (at == std::string::npos) continue;
    damaged[at] = 'k';
    dir_.Write("1/" + file, damaged);
    ASSERT_OK_AND_ASSIGN(const auto reader, IndexReader::Open(dir_.File("1"), options));
    EXPECT_THAT(reader->Find("us", Query("tent")), HasStatus(absl::StatusCode::kDataLoss, HasSubstr("index 1")));
    ++refused;
  }
  EXPECT_EQ(refused, 1);
}

}  // namespace
}  // namespace kindred
