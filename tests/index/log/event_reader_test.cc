// What holds for every format: inputs, their order, compression by content, and errors before the first row.
#include "index/log/event_reader.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/index/log/log_testing.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::Gzipped;
using testing::HasStatus;
using ::testing::HasSubstr;
using ::testing::Pair;
using testing::ReadLog;
using testing::Zstd;

constexpr char kHeader[] = "user\ttime\tquery\n";

std::string Rows(int count) {
  std::string text = kHeader;
  for (int i = 0; i < count; ++i) absl::StrAppend(&text, "u", i, "\t", 1318161600 + i, "\tquery number ", i * i, "\n");
  return text;
}

class EventReaderTest : public ::testing::Test {
 protected:
  testing::TempDir dir_;
};

// Standard input for as long as the object lives.
class StandardInput {
 public:
  explicit StandardInput(const std::string& path) : saved_(::dup(STDIN_FILENO)) {
    const int fd = ::open(path.c_str(), O_RDONLY);
    ::dup2(fd, STDIN_FILENO);
    ::close(fd);
  }
  ~StandardInput() {
    ::dup2(saved_, STDIN_FILENO);
    ::close(saved_);
  }

 private:
  const int saved_;
};

TEST_F(EventReaderTest, CompressionIsToldByContentAndChangesNothing) {
  ASSERT_OK_AND_ASSIGN(const auto plain, ReadLog(dir_.Write("plain.tsv", Rows(20'000))));
  ASSERT_EQ(plain.events.size(), 20'000u);
  const std::string half(Rows(20'000).substr(0, 100'001)), rest(Rows(20'000).substr(100'001));
  const std::pair<const char*, std::string> kCopies[] = {
      {"log.tsv.gz", Gzipped(Rows(20'000))},
      {"named.like.plain.tsv", Gzipped(Rows(20'000))},
      {"members.tsv.gz", absl::StrCat(Gzipped(half), Gzipped(""), Gzipped(rest))},
      {"log.tsv.zst", Zstd(Rows(20'000))},
      {"frames.tsv.zst", absl::StrCat(Zstd(half), Zstd(""), Zstd(rest))},
      {"skippable.tsv.zst", absl::StrCat(std::string("\x50\x2A\x4D\x18\x03\0\0\0abc", 11), Zstd(half), Zstd(rest))},
      {"no.name", Zstd(Rows(20'000))},
  };
  for (const auto& [name, bytes] : kCopies) {
    SCOPED_TRACE(name);
    ASSERT_OK_AND_ASSIGN(const auto log, ReadLog(dir_.Write(name, bytes)));
    EXPECT_TRUE(log.events == plain.events);
    const auto from_standard_input = [&] {
      const StandardInput input(dir_.File(name));
      return ReadLog("-");
    }();
    ASSERT_OK(from_standard_input);
    EXPECT_TRUE(from_standard_input->events == plain.events);
  }
}

TEST_F(EventReaderTest, ATruncatedCompressedLogIsDataLossWhereverItEnds) {
  for (const auto& [name, bytes] :
       {std::pair{"log.tsv.gz", Gzipped(Rows(40))}, std::pair{"log.tsv.zst", Zstd(Rows(40))}}) {
    SCOPED_TRACE(name);
    for (size_t length = 4; length < bytes.size(); ++length) {
      ASSERT_THAT(ReadLog(dir_.Write(name, bytes.substr(0, length))),
                  HasStatus(absl::StatusCode::kDataLoss, AllOf(HasSubstr(dir_.File(name)), HasSubstr("truncated"))))
          << length << " of " << bytes.size();
    }
    EXPECT_OK(ReadLog(dir_.Write(name, bytes)));
  }
}

TEST_F(EventReaderTest, InputsAreReadInOrderAndEachHasItsOwnHeader) {
  LogOptions options;
  options.inputs = {dir_.Write("b.tsv", "user\ttime\tquery\nu\t2011-10-09\tone\n"),
                    dir_.Write("a.tsv", "query\tuid\tts\ntwo\tu\t2011-10-09\nthree\tu\tnever\n")};
  options.max_bad_rows = 0.5;
  ASSERT_OK_AND_ASSIGN(const auto log, ReadLog(options));
  ASSERT_EQ(log.events.size(), 2u);
  EXPECT_EQ(log.events[0].query, "one");
  EXPECT_EQ(log.events[1].query, "two");
  EXPECT_EQ(log.report.bad.at("time").first.file, dir_.File("a.tsv"));
  EXPECT_EQ(log.report.bad.at("time").first.line, 3u);
}

TEST_F(EventReaderTest, ProgressCountsBytesOfTheFiles) {
  LogOptions options;
  options.inputs = {dir_.Write("a.tsv.gz", Gzipped(Rows(10))), dir_.Write("b.tsv", Rows(10))};
  const uint64_t total = std::filesystem::file_size(options.inputs[0]) + std::filesystem::file_size(options.inputs[1]);
  ASSERT_OK_AND_ASSIGN(const auto reader, EventReader::Open(options));
  EXPECT_EQ(reader->bytes_total(), total);
  while (true) {
    ASSERT_OK_AND_ASSIGN(const auto event, reader->Next());
    if (!event.has_value()) break;
  }
  EXPECT_EQ(reader->bytes_read(), total);
  const StandardInput input(options.inputs[1]);
  options.inputs = {"-"};
  ASSERT_OK_AND_ASSIGN(const auto from_standard_input, EventReader::Open(options));
  EXPECT_EQ(from_standard_input->bytes_total(), std::nullopt);
}

TEST_F(EventReaderTest, InputsThatCannotBeReadAreNamed) {
  EXPECT_THAT(ReadLog(dir_.File("none.tsv")), HasStatus(absl::StatusCode::kNotFound, HasSubstr(dir_.File("none.tsv"))));
  EXPECT_THAT(ReadLog(dir_.path()),
              HasStatus(absl::StatusCode::kInvalidArgument, AllOf(HasSubstr(dir_.path()), HasSubstr("folder"))));
  EXPECT_THAT(ReadLog(dir_.Write("empty.tsv", "")),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("empty.tsv: no rows")));
  EXPECT_THAT(ReadLog(dir_.Write("blank.tsv", "\n\n")),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("blank.tsv: no rows")));
  EXPECT_THAT(ReadLog(dir_.Write("empty.tsv.gz", Gzipped(""))),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("empty.tsv.gz: no rows")));
  EXPECT_THAT(ReadLog(dir_.Write("header.tsv", kHeader)),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("header.tsv: no rows")));
  EXPECT_THAT(ReadLog(dir_.Write("odd.tsv", "x")),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("odd.tsv: no column")));
}

// As those of hours in which nobody searched.
TEST_F(EventReaderTest, FilesWithoutRowsAmongOthersAreReportedAndNoError) {
  LogOptions options;
  options.inputs = {dir_.Write("a.tsv", ""), dir_.Write("b.tsv", Rows(2)), dir_.Write("c.tsv", kHeader),
                    dir_.Write("d.ndjson", "\xEF\xBB\xBF\r\n"), dir_.Write("e.tsv.gz", Gzipped(""))};
  ASSERT_OK_AND_ASSIGN(const auto reader, EventReader::Open(options));
  int events = 0;
  while (true) {
    ASSERT_OK_AND_ASSIGN(const auto event, reader->Next());
    if (!event.has_value()) break;
    ++events;
  }
  EXPECT_EQ(events, 2);
  EXPECT_EQ(reader->report().empty_files, 4u);
  EXPECT_THAT(ReportLines(reader->report()), Contains("4 files without a row, first " + dir_.File("a.tsv")));
  options.inputs.erase(options.inputs.begin() + 1);
  ASSERT_OK_AND_ASSIGN(const auto none, EventReader::Open(options));
  EXPECT_THAT(none->Next(),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("a.tsv: no rows, nor has any of 3")));
}

TEST_F(EventReaderTest, ALaterInputThatCannotBeReadFailsNextAndNotOpen) {
  LogOptions options;
  options.inputs = {dir_.Write("a.tsv", Rows(1)), dir_.File("none.tsv")};
  ASSERT_OK_AND_ASSIGN(const auto reader, EventReader::Open(options));
  EXPECT_OK(reader->Next());
  EXPECT_THAT(reader->Next(), HasStatus(absl::StatusCode::kNotFound, HasSubstr("none.tsv")));
  EXPECT_THAT(reader->Next(), HasStatus(absl::StatusCode::kNotFound, HasSubstr("none.tsv")));
}

TEST_F(EventReaderTest, RowsMayBeADayAheadOfTheClock) {
  LogOptions options;
  options.inputs = {dir_.Write("a.tsv", absl::StrCat(kHeader, "u\t1318248000.000\tone\nu\t1318248000.001\ttwo\n"))};
  options.max_bad_rows = 1;
  options.now = absl::FromUnixSeconds(1318248000 - 86400);
  ASSERT_OK_AND_ASSIGN(const auto log, ReadLog(options));
  ASSERT_EQ(log.events.size(), 1u);
  EXPECT_EQ(log.events[0].query, "one");
  EXPECT_EQ(log.report.bad.at("time in the future").first.line, 3u);
}

TEST_F(EventReaderTest, ForeignFormatsAreNamedWithARemedy) {
  const std::pair<std::string, const char*> kCases[] = {
      {"PAR1\x15\x04", "Parquet"},           {"BZh91AY", "bzip2"},      {std::string("\xFD\x37zXZ\0", 6), "xz"},
      {std::string("PK\x03\x04", 4), "zip"}, {"\xFF\xFEu\0", "UTF-16"}, {"\xFE\xFF\0u", "UTF-16"}};
  for (const auto& [bytes, what] : kCases) {
    EXPECT_THAT(ReadLog(dir_.Write("log", bytes)), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr(what)));
  }
}

TEST_F(EventReaderTest, OptionsThatMakeNoSenseAreRefused) {
  LogOptions options;
  EXPECT_THAT(ReadLog(options), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("no log given")));
  options.inputs = {"-", "-"};
  EXPECT_THAT(ReadLog(options), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("named twice")));
  options.inputs = {dir_.Write("log.tsv", Rows(1))};
  for (const double share : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
    options.max_bad_rows = share;
    EXPECT_THAT(ReadLog(options), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("--max_bad_rows")));
  }
}

TEST(ParseColumnsTest, ReadsPairsAndRefusesTheRest) {
  ASSERT_OK_AND_ASSIGN(const auto columns, ParseColumns("user=user_id,time=2,query=a=b,item="));
  EXPECT_THAT(columns, ElementsAre(Pair("item", ""), Pair("query", "a=b"), Pair("time", "2"), Pair("user", "user_id")));
  EXPECT_TRUE(ParseColumns("").value().empty());
  EXPECT_THAT(ParseColumns("usr=1"),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("roles: user, session, time")));
  EXPECT_THAT(ParseColumns("user=1,user=2"), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("twice")));
  for (const char* text : {"user", "user=1,", ",", "=1"}) {
    EXPECT_THAT(ParseColumns(text), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("--columns"))) << text;
  }
}

}  // namespace
}  // namespace kindred
