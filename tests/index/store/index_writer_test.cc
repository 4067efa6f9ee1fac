#include "index/store/index_writer.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "index/store/files.h"
#include "index/store/index_info_file.h"
#include "index/store/index_reader.h"
#include "index/store/row_file.h"
#include "kindred/index/v1/index_info.pb.h"
#include "tests/index/store/sync_fault.h"
#include "tests/index/text/query.h"
#include "tests/testing/file_size_limit.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"
#include "tests/testing/tiny_index.h"

namespace kindred {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using testing::FileSizeLimit;
using testing::HasStatus;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::MakeList;
using testing::MakeLists;
using ::testing::Not;
using testing::Query;
using testing::SyncFault;
using testing::TempDir;
using testing::TinyLists;
using testing::TinyMarkets;
using testing::WriteTinyIndex;

const TinyLists& Lists() {
  static const auto* const kLists =
      new TinyLists(MakeLists({{"tent", {"tent pegs", "stove"}}, {"stove", {"tent"}}, {"camp bed", {"tent"}}}));
  return *kLists;
}

std::string ChecksumOf(const TinyMarkets& markets) {
  const TempDir dir;
  const auto info = WriteTinyIndex(dir.File("1"), markets);
  EXPECT_OK(info);
  return info.ok() ? info->content_checksum() : "";
}

TEST(IndexWriterTest, FinishCompletesTheRecordAndKeepsTheRest) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto writer, IndexWriter::Create(dir.File("1")));
  ASSERT_OK(writer->Add("", Query("tent"), MakeList("tent", {"a", "b"})));
  ASSERT_OK(writer->Add("jp", Query("tent"), MakeList("tent", {"a"})));
  ASSERT_OK(writer->Add("us", Query("stove"), MakeList("stove", {"a"})));
  ASSERT_OK(writer->Add("us", Query("tent"), MakeList("tent", {"a", "b"})));
  index::v1::IndexInfo info;
  info.set_version(42);
  info.set_builder("0.1.0");
  info.set_bytes(99);
  info.add_files()->set_name("nonsense");
  for (const char* const name : {"us", "de"}) info.add_markets()->set_name(name);
  info.mutable_markets(0)->set_searches(7);
  (*info.mutable_parameters())["min_users"] = "5";
  ASSERT_OK_AND_ASSIGN(const auto finished, writer->Finish(info));

  EXPECT_EQ(finished.version(), 42U);
  EXPECT_EQ(finished.format_version(), 1U);
  EXPECT_EQ(finished.builder(), "0.1.0");
  EXPECT_EQ(finished.parameters().at("min_users"), "5");
  EXPECT_EQ(finished.content_checksum().size(), 32U);
  std::vector<std::string> markets;
  for (const auto& market : finished.markets()) {
    markets.push_back(market.name() + ":" + std::to_string(market.lists()) + "," + std::to_string(market.keywords()));
  }
  EXPECT_THAT(markets, ElementsAre(":1,2", "de:0,0", "jp:1,1", "us:2,3"));
  EXPECT_EQ(finished.markets(3).searches(), 7U);
  // 4 lists, 4 stripped forms, 4 documents, 3 norms, and the grams: ^te ten ent nt$ three times, ^st sto tov ove ve$.
  EXPECT_EQ(finished.rows(), 4U + 4U + 4U + 3U + 3U * 4U + 5U);
  uint64_t bytes = 0;
  for (const auto& file : finished.files()) bytes += file.bytes();
  EXPECT_EQ(finished.bytes(), bytes);
  ASSERT_OK_AND_ASSIGN(const auto read, ReadIndexInfo(dir.File("1")));
  EXPECT_EQ(read.SerializeAsString().size(), finished.SerializeAsString().size());
}

TEST(IndexWriterTest, TheFolderHoldsWhatTheRecordListsAndNothingElse) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto info, WriteTinyIndex(dir.File("1"), Lists()));
  std::vector<std::string> want = {kIndexInfoName};
  for (const auto& file : info.files()) want.push_back(file.name());
  std::sort(want.begin(), want.end());
  EXPECT_EQ(ListFolder(dir.File("1")).value(), want);
}

TEST(IndexWriterTest, AnEncodedListIsStoredAsTheListIs) {
  const RelatedList list = MakeList("tent", {"tent pegs", "stove"});
  std::vector<std::string> checksums;
  for (const bool encoded : {false, true}) {
    const TempDir dir;
    ASSERT_OK_AND_ASSIGN(const auto writer, IndexWriter::Create(dir.File("1")));
    if (encoded) {
      ASSERT_OK(writer->AddEncoded("", Query("tent"), {EncodeRelatedList(list), list.users, 2}));
      EXPECT_THAT(writer->AddEncoded("", Query("tent"), {EncodeRelatedList(list), list.users, 2}),
                  HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("out of order")));
    } else {
      ASSERT_OK(writer->Add("", Query("tent"), list));
    }
    ASSERT_OK_AND_ASSIGN(const auto info, writer->Finish(index::v1::IndexInfo()));
    EXPECT_EQ(info.markets(0).keywords(), 2U);
    checksums.push_back(info.content_checksum());
  }
  EXPECT_EQ(checksums[0], checksums[1]);
}

TEST(IndexWriterTest, AnIndexWithoutRowsOpens) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto info, WriteTinyIndex(dir.File("1"), TinyMarkets{}));
  EXPECT_EQ(info.rows(), 0U);
  ASSERT_OK_AND_ASSIGN(const auto reader, IndexReader::Open(dir.File("1"), IndexReader::Options()));
  EXPECT_FALSE(reader->Find("", Query("tent")).value().has_value());
}

TEST(IndexWriterTest, MarketsComeInByteOrderWhateverTheirSizes) {
  const TinyMarkets markets = {{"", Lists()}, {"aa", Lists()}, {"b", Lists()}, {"ccc", Lists()}};
  const TempDir dir;
  ASSERT_OK(WriteTinyIndex(dir.File("1"), markets));
  ASSERT_OK_AND_ASSIGN(const auto reader, IndexReader::Open(dir.File("1"), IndexReader::Options()));
  for (const auto& [market, lists] : markets) EXPECT_EQ(reader->documents(market), 3U) << market;
}

TEST(IndexWriterTest, EqualRowsHaveEqualContentChecksums) {
  EXPECT_EQ(ChecksumOf({{"", Lists()}}), ChecksumOf({{"", Lists()}}));
}

TEST(IndexWriterTest, OneByteMoreOrLessOrElsewhereChangesTheContentChecksum) {
  TinyLists other_keyword = Lists();
  other_keyword["stove"].candidates[0].keyword = "tens";
  TinyLists other_signal = Lists();
  other_signal["stove"].candidates[0].signals[0] = 1;
  TinyLists fewer = Lists();
  fewer.erase("stove");
  const std::set<std::string> checksums = {
      ChecksumOf({{"", Lists()}}), ChecksumOf({{"", other_keyword}}), ChecksumOf({{"", other_signal}}),
      ChecksumOf({{"", fewer}}),   ChecksumOf({{"us", Lists()}}),     ChecksumOf({{"", Lists()}, {"us", Lists()}})};
  EXPECT_EQ(checksums.size(), 6U);
}

TEST(IndexWriterTest, RefusesWhatIsOutOfOrderAndGoesOn) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto writer, IndexWriter::Create(dir.File("1")));
  const RelatedList list = MakeList("x", {"a"});
  ASSERT_OK(writer->Add("jp", Query("b"), list));
  const auto out_of_order = HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("out of order"));
  EXPECT_THAT(writer->Add("jp", Query("b"), list), out_of_order);
  EXPECT_THAT(writer->Add("jp", Query("a"), list), out_of_order);
  EXPECT_THAT(writer->Add("de", Query("c"), list), out_of_order);
  EXPECT_THAT(writer->Add("jp", NormalizedQuery(), list),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("empty query")));
  EXPECT_THAT(writer->Add(std::string(33, 'm'), Query("c"), list),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("33 bytes: at most 32")));
  EXPECT_THAT(writer->Add("jp", Query("c"), MakeList("c", {})),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("list of \"c\": 0 candidates")));
  ASSERT_OK(writer->Add("us", Query("a"), list));
  ASSERT_OK_AND_ASSIGN(const auto info, writer->Finish({}));
  EXPECT_EQ(info.markets_size(), 2);
}

TEST(IndexWriterTest, TheStampIsSetOnTheOtherwiseCompleteRecordBeforeItIsWritten) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto writer, IndexWriter::Create(dir.File("1")));
  ASSERT_OK(writer->Add("", Query("b"), MakeList("x", {"a"})));
  int stamps = 0;
  ASSERT_OK_AND_ASSIGN(const auto info, writer->Finish({}, [&](index::v1::IndexInfo& done) {
    ++stamps;
    EXPECT_GT(done.rows(), 0U);
    EXPECT_GT(done.files_size(), 0);
    EXPECT_FALSE(std::filesystem::exists(dir.File("1/INDEX_INFO")));
    done.set_build_seconds(7.5);
  }));
  EXPECT_EQ(stamps, 1);
  EXPECT_EQ(info.build_seconds(), 7.5);
  ASSERT_OK_AND_ASSIGN(const auto read, ReadIndexInfo(dir.File("1")));
  EXPECT_EQ(read.build_seconds(), 7.5);
}

TEST(IndexWriterTest, ARecordThatMayNotLastIsTakenBack) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto writer, IndexWriter::Create(dir.File("1")));
  ASSERT_OK(writer->Add("", Query("b"), MakeList("x", {"a"})));
  const std::string folder = std::filesystem::canonical(dir.File("1"));
  const SyncFault fault(
      [&](const std::string& path) { return path == folder && std::filesystem::exists(folder + "/INDEX_INFO"); });
  EXPECT_THAT(writer->Finish({}), HasStatus(absl::StatusCode::kInternal, HasSubstr(dir.File("1"))));
  EXPECT_FALSE(std::filesystem::exists(folder + "/INDEX_INFO"));
}

TEST(IndexWriterTest, FinishesOnce) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto writer, IndexWriter::Create(dir.File("1")));
  ASSERT_OK(writer->Add("", Query("b"), MakeList("x", {"a"})));
  ASSERT_OK(writer->Finish({}));
  EXPECT_THAT(writer->Finish({}), HasStatus(absl::StatusCode::kFailedPrecondition, HasSubstr("finished")));
  EXPECT_THAT(writer->Add("", Query("c"), MakeList("x", {"a"})),
              HasStatus(absl::StatusCode::kFailedPrecondition, HasSubstr("finished")));
}

TEST(IndexWriterTest, CreateNamesWhatIsWrongWithTheFolder) {
  const TempDir dir;
  EXPECT_THAT(IndexWriter::Create(dir.path()), HasStatus(absl::StatusCode::kAlreadyExists, HasSubstr(dir.path())));
  EXPECT_THAT(IndexWriter::Create(dir.File("none/1")), HasStatus(absl::StatusCode::kNotFound, HasSubstr("none/1")));
}

TEST(IndexWriterTest, DestroyedBeforeFinishItLeavesNoRecord) {
  const TempDir dir;
  {
    ASSERT_OK_AND_ASSIGN(const auto writer, IndexWriter::Create(dir.File("1")));
    ASSERT_OK(writer->Add("", Query("tent"), MakeList("tent", {"a"})));
  }
  EXPECT_FALSE(std::filesystem::exists(dir.File("1/INDEX_INFO")));
}

TEST(IndexWriterTest, AFullDiskIsResourceExhaustedAndLeavesNoRecord) {
  std::string messages;
  for (rlim_t bytes = 0; bytes <= 2400; bytes += 200) {
    SCOPED_TRACE(bytes);
    const TempDir dir;
    absl::Status status;
    {
      const FileSizeLimit limit(bytes);
      status = WriteTinyIndex(dir.File("1"), Lists()).status();
    }
    if (status.ok()) continue;  // The limit is above every file.
    EXPECT_THAT(status, HasStatus(absl::StatusCode::kResourceExhausted, HasSubstr(dir.path())));
    EXPECT_FALSE(std::filesystem::exists(dir.File("1/INDEX_INFO")));
    messages += std::string(status.message()) + "\n";
  }
  EXPECT_THAT(messages, AllOf(HasSubstr("rows-Q"), HasSubstr("rows-G")));
}

TEST(IndexWriterTest, ADiskThatIsFullAtTheRecordLeavesNone) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto writer, IndexWriter::Create(dir.File("1")));
  ASSERT_OK(writer->Add("", Query("tent"), MakeList("tent", {"a"})));
  index::v1::IndexInfo info;
  info.add_inputs(std::string(100'000, 'x'));
  absl::Status status;
  {
    const FileSizeLimit limit(50'000);
    status = writer->Finish(info).status();
  }
  EXPECT_THAT(status, HasStatus(absl::StatusCode::kResourceExhausted, HasSubstr("1/INDEX_INFO")));
  ASSERT_OK_AND_ASSIGN(const auto files, ListFolder(dir.File("1")));
  for (const std::string& file : files) EXPECT_THAT(file, Not(HasSubstr("INDEX_INFO")));
}

ino_t FileNumber(const std::string& path) {
  struct stat file {};
  EXPECT_EQ(::stat(path.c_str(), &file), 0) << path;
  return file.st_ino;
}

TEST(IndexWriterTest, RowFilesOfOthersAreTakenAsTheyAre) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto writer, IndexWriter::Create(dir.File("1")));
  std::map<NormalizedQuery, const RelatedList*> sorted;
  std::set<ino_t> given;  // None is written anew, not even as a copy.
  for (const auto& [typed, list] : Lists()) sorted.emplace(Query(typed), &list);
  for (const auto& [query, list] : sorted) {
    const std::string path = dir.File(std::string(query.text()));
    ASSERT_OK_AND_ASSIGN(const auto file, RowFile::Create(path, RowKind::kQuery));
    ASSERT_OK(file->Add(QueryKey("", query.text()), EncodeRelatedList(*list)));
    ASSERT_OK(file->Finish());
    const IndexWriter::Row row{query, list->users, static_cast<uint32_t>(list->candidates.size())};
    given.insert(FileNumber(path));
    ASSERT_OK(writer->AddRowFile("", path, {row}));
  }
  ASSERT_OK_AND_ASSIGN(const index::v1::IndexInfo info, writer->Finish({}));
  EXPECT_EQ(info.content_checksum(), ChecksumOf({{"", Lists()}}));
  EXPECT_EQ(info.markets(0).lists(), 3u);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(dir.File("1"))) {
    given.erase(FileNumber(entry.path()));
  }
  EXPECT_THAT(given, IsEmpty());
}

TEST(IndexWriterTest, RowFilesMustBeInOrder) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto writer, IndexWriter::Create(dir.File("1")));
  const NormalizedQuery tent = Query("tent"), boots = Query("boots");
  const IndexWriter::Row rows[] = {{tent, 1, 1}, {boots, 1, 1}};
  EXPECT_THAT(writer->AddRowFile("", dir.File("rows"), rows),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("out of order")));
}

}  // namespace
}  // namespace kindred
