// Batches: whatever the blocks and the threads, a log gives the same events and the same report, and both are those of
// a slow reader that takes one character at a time.
#include "index/log/event_batch.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/log/csv_record.h"
#include "index/log/excerpt.h"
#include "index/log/json_line.h"
#include "index/log/search_row.h"
#include "tests/index/log/log_testing.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using testing::HasStatus;
using ::testing::HasSubstr;
using testing::Log;
using testing::OwnedEvent;
using testing::ReadLog;

// All of the log by several threads, put into order by the numbers of the batches.
absl::StatusOr<Log> ReadByThreads(const LogOptions& options, int threads) {
  absl::StatusOr<std::unique_ptr<EventReader>> reader = EventReader::Open(options);
  if (!reader.ok()) return reader.status();
  std::mutex mutex;
  std::map<uint64_t, std::vector<OwnedEvent>> batches;
  absl::Status failure;
  const auto work = [&] {
    EventBatch batch;
    while (true) {
      const absl::StatusOr<bool> more = (*reader)->NextBatch(batch);
      std::vector<OwnedEvent> events;
      for (const SearchEvent& event : batch.events) events.push_back(testing::Own(event));
      const std::lock_guard lock(mutex);
      if (!more.ok()) failure = more.status();
      if (!more.ok() || !*more) return;
      EXPECT_TRUE(batches.emplace(batch.number, std::move(events)).second);
    }
  };
  std::vector<std::thread> workers;
  for (int i = 0; i < threads; ++i) workers.emplace_back(work);
  for (std::thread& worker : workers) worker.join();
  if (!failure.ok()) return failure;
  Log log;
  for (const auto& [number, events] : batches) log.events.insert(log.events.end(), events.begin(), events.end());
  log.report = (*reader)->report();
  return log;
}

// The report and the events as lines.
std::vector<std::string> Shown(const Log& log) {
  std::vector<std::string> lines = ReportLines(log.report);
  for (const OwnedEvent& event : log.events) lines.push_back(::testing::PrintToString(event));
  return lines;
}

// Accounts for rows one by one, as the report is defined.
class SlowReport {
 public:
  SlowReport(std::string file, int64_t latest_ms) : file_(std::move(file)), latest_ms_(latest_ms) {}

  void Judge(const SearchRow& row, uint64_t line) {
    const RowVerdict verdict = JudgeRow(row, latest_ms_);
    if (verdict.kind == RowVerdict::Kind::kEvent) {
      ++log_.report.rows;
      ++log_.report.event_rows;
      ++log_.report.events;
      log_.events.push_back(testing::Own(verdict.event));
    } else if (verdict.reason == kOtherAction) {
      Refuse(log_.report.skipped, absl::StrCat("action ", Excerpt(verdict.value, 40)), line, "");
    } else {
      const bool bad = verdict.kind == RowVerdict::Kind::kBad;
      Refuse(bad ? log_.report.bad : log_.report.skipped, verdict.reason, line, verdict.value);
    }
  }
  void Bad(absl::string_view reason, uint64_t line, absl::string_view detail) {
    Refuse(log_.report.bad, reason, line, detail);
  }
  const Log& log() const { return log_; }

 private:
  void Refuse(std::map<std::string, ReadReport::Reason>& reasons, absl::string_view reason, uint64_t line,
              absl::string_view detail) {
    ++log_.report.rows;
    ReadReport::Reason& counted = reasons[std::string(reason)];
    if (++counted.rows == 1) counted.first = {file_, line, Excerpt(detail, 120)};
  }

  const std::string file_;
  const int64_t latest_ms_;
  Log log_;
};

// user, time, query, item, hits, action, market: the columns of every log here.
constexpr size_t kColumns = 7;
constexpr Role kColumnRoles[kColumns] = {Role::kUser, Role::kTime,   Role::kQuery, Role::kItem,
                                         Role::kHits, Role::kAction, Role::kMarket};
constexpr absl::string_view kNames[kColumns] = {"user", "time", "query", "item", "hits", "action", "market"};

void JudgeFields(const std::vector<std::string>& fields, absl::string_view record, uint64_t line, SlowReport& report) {
  if (fields.size() != kColumns) {
    return report.Bad("wrong number of columns", line,
                      absl::StrCat(fields.size(), " instead of ", kColumns, ": ", record));
  }
  SearchRow row;
  for (size_t i = 0; i < kColumns; ++i) row.values[static_cast<size_t>(kColumnRoles[i])] = fields[i];
  report.Judge(row, line);
}

void SlowTsv(const std::string& text, SlowReport& report) {
  std::vector<std::string> lines = absl::StrSplit(text, '\n');
  for (size_t i = 1; i < lines.size(); ++i) {
    if (absl::EndsWith(lines[i], "\r")) lines[i].pop_back();
    if (lines[i].empty()) continue;
    JudgeFields(absl::StrSplit(lines[i], '\t'), lines[i], i + 1, report);
  }
}

// Of a line by itself; 0: it is no record.
size_t SlowWidth(absl::string_view line) {
  size_t at = 0;
  for (size_t fields = 1;; ++fields, ++at) {
    if (at < line.size() && line[at] == '"') {
      for (++at; at < line.size() && (line[at] != '"' || line.substr(at, 2) == "\"\""); ++at) {
        if (line[at] == '"') ++at;
      }
      if (at >= line.size()) return 0;
      ++at;
      if (line.substr(at) == "\r") ++at;
    } else {
      while (at < line.size() && line[at] != ',') ++at;
    }
    if (at == line.size()) return fields;
    if (line[at] != ',') return 0;
  }
}

// One character at a time; where a quote turns out to be stray, from the next line again.
void SlowCsv(const std::string& text, SlowReport& report) {
  size_t at = text.find('\n') + 1;
  uint64_t line = 2;
  while (at < text.size()) {
    const size_t begin = at;
    const uint64_t first_line = line;
    std::vector<std::string> fields = {""};
    const char* bad = nullptr;
    enum { kStart, kPlain, kQuoted, kClosed } state = kStart;
    bool was_quoted = false, done = false, is_row = false;
    size_t field = 0, line_ends = 0;  // Of a quoted one.
    size_t end = begin;
    for (; !done && bad == nullptr; ++at) {
      const bool over = at == text.size();
      const char c = over ? '\n' : text[at];
      const bool line_end = c == '\n' || (c == '\r' && (at + 1 >= text.size() || text[at + 1] == '\n'));
      if (over && state == kQuoted) {
        bad = "unterminated quote";
      } else if (state == kQuoted) {
        if (c == '\n') {
          ++line;
          const absl::string_view all = text;
          if (++line_ends == 1) is_row = fields.size() - 1 + SlowWidth(all.substr(field, at - field)) >= kColumns;
          const absl::string_view next = all.substr(at + 1, all.find('\n', at + 1) - at - 1);
          if (line_ends > kMaxFieldLineEnds || (is_row && SlowWidth(next) == kColumns)) {
            bad = "quote that is not closed on its line";
          }
        }
        if (c == '"' && at + 1 < text.size() && text[at + 1] == '"') {
          fields.back() += '"';
          ++at;
        } else if (c == '"') {
          state = kClosed;
        } else {
          fields.back() += c;
        }
      } else if (line_end) {
        end = std::min(at, text.size());
        if (c == '\r' && at + 1 < text.size()) ++at;
        if (c == '\r' && over) ++at;
        done = true;
      } else if (c == ',') {
        fields.emplace_back();
        state = kStart;
      } else if (state == kClosed) {
        bad = "text after quote";
      } else if (c == '"' && state == kStart) {
        state = kQuoted;
        was_quoted = true;
        field = at + 1;
        line_ends = 0;
      } else {
        fields.back() += c;
        state = kPlain;
      }
    }
    if (bad != nullptr) {
      const size_t newline = std::min(text.find('\n', begin), text.size());
      report.Bad(bad, first_line, absl::string_view(text).substr(begin, newline - begin));
      at = newline + 1;
      line = first_line + 1;
      continue;
    }
    ++line;
    if (fields.size() == 1 && fields[0].empty() && !was_quoted) continue;
    JudgeFields(fields, absl::string_view(text).substr(begin, end - begin), first_line, report);
  }
}

// The line's first name that is this one but for punctuation and the like, which damage may have put into it.
std::string NameLike(absl::string_view name, const JsonLine& json) {
  for (const std::string& found : json.Names()) {
    std::string plain;
    for (const char c : found) {
      if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || (c & 0x80) != 0) plain += c;
    }
    if (plain == name) return found;
  }
  return std::string(name);
}

void SlowNdjson(const std::string& text, SlowReport& report) {
  const std::vector<std::string> lines = absl::StrSplit(text, '\n');
  for (size_t i = 0; i < lines.size(); ++i) {
    const absl::string_view line = absl::StripAsciiWhitespace(lines[i]);
    if (line.empty()) continue;
    const std::string padded = absl::StrCat(line, std::string(64, '\0'));
    JsonLine json;
    const absl::string_view bad = json.Parse(absl::string_view(padded).substr(0, line.size()));
    if (!bad.empty()) {
      report.Bad(bad, i + 1, line);
      continue;
    }
    SearchRow row;
    std::string of_another_type;
    for (size_t column = kColumns; column-- > 0;) {
      const std::string name = NameLike(kNames[column], json);
      const auto value = json.Text(JsonPath(name));
      const bool optional = kNames[column] == "hits" || kNames[column] == "action";
      // The first role in the order of Role is told.
      if (!value.has_value() && !optional) of_another_type = name;
      row.values[static_cast<size_t>(kColumnRoles[column])] = value.value_or("");
    }
    if (of_another_type.empty()) {
      report.Judge(row, i + 1);
    } else {
      report.Bad("value is no string or number", i + 1, of_another_type);
    }
  }
}

using Fields = std::vector<std::string>;

class RandomLog {
 public:
  explicit RandomLog(uint32_t seed) : random_(seed) {}

  std::string Tsv() {
    return Text(absl::StrJoin(kNames, "\t"), [](const Fields& fields) { return absl::StrJoin(fields, "\t"); });
  }
  std::string Csv() {
    return Text(absl::StrJoin(kNames, ","), [this](Fields fields) {
      for (std::string& field : fields) {
        if (OneIn(4)) field = absl::StrCat("\"", field, OneIn(3) ? "\"\"" : "", OneIn(4) ? "\n" : "", "\"");
        if (OneIn(40)) field.insert(random_() % (field.size() + 1), "\"");
      }
      return absl::StrJoin(fields, ",");
    });
  }
  std::string Ndjson() {
    return Text(R"({"user":"u","time":"1318161600","query":"q","item":"i","hits":1,"action":"click","market":"m"})",
                [this](const Fields& fields) {
                  std::vector<std::string> members;
                  for (size_t i = 0; i < std::min(fields.size(), kColumns); ++i) {
                    if (OneIn(6)) continue;
                    const char* const value = OneIn(30) ? "[1]" : OneIn(30) ? "null" : nullptr;
                    members.push_back(absl::StrCat(
                        "\"", kNames[i], "\":", value == nullptr ? absl::StrCat("\"", fields[i], "\"") : value));
                  }
                  return absl::StrCat("{", absl::StrJoin(members, ", "), OneIn(20) ? "" : "}");
                });
  }

 private:
  bool OneIn(uint32_t n) { return random_() % n == 0; }
  const char* Any(std::initializer_list<const char*> of) { return of.begin()[random_() % of.size()]; }

  // Rows of all kinds of damage, in lines of all kinds of ends.
  template <typename Join>
  std::string Text(const std::string& header, Join join) {
    std::string text = header + (OneIn(2) ? "\n" : "\r\n");
    for (size_t rows = random_() % 60 + 1; rows > 0; --rows) {
      std::string row = join(RandomFields());
      if (OneIn(15)) row = Any({"", " ", "\r", "x", "\xFF", "\"", ",", "\t", "\xE8\x97", "[1]", "{"});
      if (OneIn(30)) row.insert(random_() % (row.size() + 1), 1, static_cast<char>(random_()));
      absl::StrAppend(&text, row, OneIn(4) ? "\r\n" : "\n");
    }
    if (OneIn(2)) text.pop_back();
    return text;
  }

  Fields RandomFields() {
    Fields fields = {Any({"u1", "u2", " u3", "", "u\xFF"}),
                     Any({"1318161600", "1318161600000", "2011-10-09T12:00:00.123Z", "2011-10-09 12:00", "", "never",
                          "2199-10-09", "12345", "1.75e+12", "-1318161600"}),
                     Any({"tent", "tent ", "藍牙耳機", "", "  ", "t\xFFnt", "a longer query than most others are"}),
                     Any({"", "", "p1", "NULL"}),
                     Any({"", "12", "3.0", "many"}),
                     Any({"", "", "click", "Add to cart", "impression"}),
                     Any({"", "tw", "a market whose name is far too long to be one"})};
    if (OneIn(3)) fields[2] = std::string(random_() % 300, 'q');
    if (OneIn(20)) fields.resize(random_() % 9 + 1);
    return fields;
  }

  std::mt19937 random_;
};

class EventBatchTest : public ::testing::Test {
 protected:
  // Every way of reading the log gives what the slow one gives, where there is one.
  void ExpectSame(LogOptions options, const std::vector<std::string>& want) {
    for (const size_t block_bytes : {1, 64, 500, 256 << 10}) {
      options.block_bytes = block_bytes;
      ASSERT_OK_AND_ASSIGN(const Log log, ReadLog(options));
      ASSERT_EQ(Shown(log), want) << block_bytes << " bytes a block";
      for (const int threads : {1, 3}) {
        ASSERT_OK_AND_ASSIGN(const Log by_threads, ReadByThreads(options, threads));
        ASSERT_EQ(Shown(by_threads), want) << block_bytes << " bytes a block, " << threads << " threads";
      }
    }
  }

  void ExpectLikeSlow(const std::string& name, const std::string& text, void (*slow)(const std::string&, SlowReport&)) {
    LogOptions options;
    options.inputs = {dir_.Write(name, text)};
    options.max_bad_rows = 1;
    for (const absl::string_view column : kNames) options.columns[std::string(column)] = std::string(column);
    SlowReport report(options.inputs[0], absl::ToUnixMillis(options.now + absl::Hours(24)));
    slow(text, report);
    if (report.log().report.rows == 0) return;
    SCOPED_TRACE(absl::StrCat(name, ": ", text));
    ExpectSame(options, Shown(report.log()));
  }

  testing::TempDir dir_;
};

TEST_F(EventBatchTest, TsvIsReadAsTheSlowReaderDoes) {
  for (uint32_t seed = 0; seed < 200 && !HasFatalFailure(); ++seed) {
    ExpectLikeSlow("log.tsv", RandomLog(seed).Tsv(), SlowTsv);
  }
}

TEST_F(EventBatchTest, CsvIsReadAsTheSlowReaderDoes) {
  for (uint32_t seed = 0; seed < 200 && !HasFatalFailure(); ++seed) {
    ExpectLikeSlow("log.csv", RandomLog(seed).Csv(), SlowCsv);
  }
}

TEST_F(EventBatchTest, NdjsonIsReadAsTheSlowReaderDoes) {
  for (uint32_t seed = 0; seed < 200 && !HasFatalFailure(); ++seed) {
    ExpectLikeSlow("log.ndjson", RandomLog(seed).Ndjson(), SlowNdjson);
  }
}

TEST_F(EventBatchTest, SeveralInputsOfSeveralFormatsGiveTheSameHoweverTheyAreRead) {
  std::string ubi;
  for (int i = 0; i < 300; ++i) {
    absl::StrAppend(&ubi, R"({"action_name":")", i % 7 == 0 ? "impression" : "click", R"(","query_id":"q)", i % 50,
                    R"(","client_id":"c","timestamp":1318161609000,"object_id":"p)", i, "\"}\n");
    if (i % 10 == 3) absl::StrAppend(&ubi, "{\"\n{\"index\":{}}\n");
    if (i % 3 == 0 && i < 100) {
      absl::StrAppend(&ubi, R"({"query_id":"q)", i,
                      R"(","client_id":"c","user_query":"tent","timestamp":"2011-10-09"})", "\n");
    }
  }
  LogOptions options;
  options.inputs = {
      dir_.Write("a.tsv", RandomLog(1).Tsv()), dir_.Write("ubi.ndjson", ubi), dir_.Write("b.csv", RandomLog(2).Csv()),
      dir_.Write("c.tsv.gz", testing::Gzipped(RandomLog(3).Tsv())), dir_.Write("d.ndjson", RandomLog(4).Ndjson())};
  options.max_bad_rows = 1;
  ASSERT_OK_AND_ASSIGN(const Log log, ReadLog(options));
  EXPECT_GT(log.report.skipped.at("event of an unknown query_id").rows, 0u);
  EXPECT_GT(log.report.action_lines, 0u);
  ExpectSame(options, Shown(log));
}

TEST_F(EventBatchTest, AnErrorReachesAThreadAndTheReaderStaysFailed) {
  std::string text = "user\ttime\tquery\n";
  for (int i = 0; i < 20'000; ++i) absl::StrAppend(&text, "u\t2011-10-09\tquery ", i * i, "\n");
  const std::string packed = testing::Gzipped(text);
  LogOptions options;
  options.block_bytes = 1000;
  options.inputs = {dir_.Write("log.tsv.gz", packed.substr(0, packed.size() - 20))};
  EXPECT_THAT(ReadByThreads(options, 3), HasStatus(absl::StatusCode::kDataLoss, HasSubstr("truncated")));
  options.inputs = {dir_.Write("bad.tsv", "user\ttime\tquery\nu\t2011-10-09\tq\nu\tnever\tq\n")};
  options.block_bytes = 1;
  EXPECT_THAT(ReadByThreads(options, 3), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("1 of 2 rows")));
  ASSERT_OK_AND_ASSIGN(const auto reader, EventReader::Open(options));
  EventBatch batch;
  absl::StatusOr<bool> more = true;
  while (more.ok()) more = reader->NextBatch(batch);
  EXPECT_EQ(reader->NextBatch(batch).status(), more.status());
}

TEST_F(EventBatchTest, AReaderMayBeLeftInTheMiddle) {
  LogOptions options;
  options.block_bytes = 1;
  options.inputs = {dir_.Write("log.tsv", "user\ttime\tquery\nu\t2011-10-09\tone\nu\t2011-10-09\ttwo\n")};
  EventBatch batch;
  {
    ASSERT_OK_AND_ASSIGN(const auto reader, EventReader::Open(options));
    EXPECT_TRUE(reader->NextBatch(batch).value());
  }
  ASSERT_EQ(batch.events.size(), 1u);
  EXPECT_EQ(batch.events[0].query, "one");  // A batch outlives its reader.
}

}  // namespace
}  // namespace kindred
