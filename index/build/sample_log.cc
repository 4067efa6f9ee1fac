#include "index/build/sample_log.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "index/build/sample_catalogue.h"
#include "index/build/sample_noise.h"
#include "index/build/sample_random.h"
#include "index/build/sample_shoppers.h"

namespace kindred {
namespace {

constexpr int64_t kDays = 90;
constexpr int64_t kHours = kDays * 24;
constexpr int64_t kMinuteMs = 60'000;
constexpr int64_t kHourMs = 60 * kMinuteMs;
constexpr int64_t kSinglesDay = 71;                      // 11 November, where day 0 is 1 September.
constexpr uint64_t kFirstJapanUser = uint64_t{1} << 31;  // Taiwan has fewer users.
constexpr size_t kBufferBytes = size_t{1} << 20;

// Midnight of 1 September 2025 in Taipei.
int64_t LogStartMs() {
  return absl::ToUnixMillis(absl::FromCivil(absl::CivilHour(2025, 8, 31, 16), absl::UTCTimeZone()));
}

// How busy an hour of the log is, in shares that mean something only beside each other: quiet nights, lunch, long
// evenings.
uint64_t Busyness(int64_t hour) {
  constexpr uint64_t kOfDay[24] = {18, 10, 6,  4,  3,  4,  8,  14, 22, 30, 34, 36,
                                   44, 40, 34, 34, 34, 33, 33, 38, 46, 52, 50, 34};
  constexpr uint64_t kOfWeek[7] = {10, 10, 10, 10, 11, 13, 14};  // From Monday, as 1 September 2025 was.
  const int64_t day = hour / 24;
  return kOfDay[hour % 24] * kOfWeek[day % 7] * (day == kSinglesDay ? 3 : 1);
}

// Writes rows given in any order within a span of time, in order of time.
class RowSorter {
 public:
  explicit RowSorter(std::ostream& out) : out_(out) {}

  void Add(SampleRow row, SampleMarket market) {
    rows_.push_back({std::move(row), market, sequence_++});
    std::push_heap(rows_.begin(), rows_.end(), Later);
  }

  // Writes what is older than `time_ms`. REQUIRES: nothing older is added afterwards.
  void WriteUntil(int64_t time_ms) {
    while (!rows_.empty() && rows_.front().row.time_ms < time_ms) {
      std::pop_heap(rows_.begin(), rows_.end(), Later);
      Write(rows_.back().row, rows_.back().market);
      rows_.pop_back();
    }
    if (buffer_.size() >= kBufferBytes) Flush();
  }

  void Flush() {
    out_.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
    out_.flush();
    buffer_.clear();
  }

  void WriteHeader() { buffer_ = "user_id\ttime\tquery\titem\taction\tmarket\n"; }

 private:
  struct Entry {
    SampleRow row;
    SampleMarket market;
    uint64_t sequence = 0;  // Rows of one time stand in the order in which they were added.
  };
  static bool Later(const Entry& a, const Entry& b) {
    return a.row.time_ms != b.row.time_ms ? a.row.time_ms > b.row.time_ms : a.sequence > b.sequence;
  }

  void Write(const SampleRow& row, SampleMarket market) {
    // A multiplication by an odd number is one to one: ids do not tell who is busy.
    const uint64_t number = row.user + (market == SampleMarket::kJapan ? kFirstJapanUser : 0);
    const auto user = static_cast<uint32_t>(number * 2'654'435'761u + 40'503u);
    const int64_t second = row.time_ms / 1000;
    if (second != second_) {
      second_ = second;
      date_ = absl::FormatTime("%Y-%m-%dT%H:%M:%S", absl::FromUnixSeconds(second), absl::UTCTimeZone());
    }
    absl::StrAppendFormat(&buffer_, "u%08x\t%s.%03dZ\t", user, date_, row.time_ms % 1000);
    absl::StrAppend(&buffer_, row.query, "\t");
    if (row.item != 0) absl::StrAppend(&buffer_, "P", row.item);
    absl::StrAppend(&buffer_, "\t", row.action, "\t", SampleMarketName(market), "\n");
  }

  std::ostream& out_;
  std::vector<Entry> rows_;
  uint64_t sequence_ = 0;
  std::string buffer_;
  int64_t second_ = -1;
  std::string date_;
};

void AddRobotDay(const RobotDay& day, uint64_t user, const SampleCatalogue& catalogue, RowSorter& sorter) {
  constexpr uint64_t kRepeated = 5;
  const uint64_t queries = catalogue.queries().size();
  for (uint64_t i = 0; i < day.searches; ++i) {
    SampleRow row;
    row.time_ms = LogStartMs() + day.start_ms + static_cast<int64_t>(i) * day.gap_ms;
    row.user = user;
    row.query = catalogue.queries()[(day.first_query + (day.repeats ? i % kRepeated : i)) % queries].text;
    sorter.Add(std::move(row), SampleMarket::kTaiwan);
  }
}

// The visits of one market.
class MarketVisits {
 public:
  MarketVisits(SampleMarket market, const SampleOptions& options)
      : market_(market),
        catalogue_(market, SampleMarketRows(market, options.rows), options.seed),
        shoppers_(SampleMarketRows(market, options.rows), SampleHash(options.seed) + static_cast<uint64_t>(market),
                  catalogue_),
        random_(SampleHash(options.seed) + static_cast<uint64_t>(market)) {}
  MarketVisits(const MarketVisits&) = delete;
  MarketVisits& operator=(const MarketVisits&) = delete;

  const SampleCatalogue& catalogue() const { return catalogue_; }
  const SampleShoppers& shoppers() const { return shoppers_; }

  // Adds visits that start within the hour until there are `wanted` rows in all; the last visit is cut to the row.
  void Add(int64_t hour_ms, uint64_t wanted, RowSorter& sorter) {
    while (rows_ < wanted) {
      const int64_t start_ms = hour_ms + static_cast<int64_t>(random_.Below(kHourMs));
      for (SampleRow& row : shoppers_.Visit(start_ms)) {
        if (rows_ == wanted) break;
        sorter.Add(std::move(row), market_);
        ++rows_;
      }
    }
  }

 private:
  const SampleMarket market_;
  const SampleCatalogue catalogue_;
  SampleShoppers shoppers_;
  SampleRandom random_;
  uint64_t rows_ = 0;
};

}  // namespace

absl::Status WriteSampleLog(const SampleOptions& options, std::ostream& out) {
  if (options.rows == 0 || options.rows > kMaxSampleRows) {
    return absl::InvalidArgumentError(absl::StrCat("--rows ", options.rows, ": not within 1 and ", kMaxSampleRows));
  }
  MarketVisits taiwan(SampleMarket::kTaiwan, options), japan(SampleMarket::kJapan, options);
  SampleRandom random(SampleHash(options.seed ^ 0x726f'626fu));
  const std::vector<RobotDay> robots = RobotDays(options.rows, kDays, taiwan.catalogue().queries().size(), random);
  const uint64_t japan_rows = SampleMarketRows(SampleMarket::kJapan, options.rows);
  uint64_t taiwan_rows = options.rows - japan_rows, busyness = 0, passed = 0;
  for (const RobotDay& robot : robots) taiwan_rows -= robot.searches;
  for (int64_t hour = 0; hour < kHours; ++hour) busyness += Busyness(hour);

  RowSorter sorter(out);
  sorter.WriteHeader();
  auto robot = robots.begin();
  for (int64_t hour = 0; hour < kHours && out.good(); ++hour) {
    const int64_t hour_ms = LogStartMs() + hour * kHourMs;
    passed += Busyness(hour);
    for (; robot != robots.end() && robot->start_ms < (hour + 1) * kHourMs; ++robot) {
      AddRobotDay(*robot, taiwan.shoppers().users() + robot->robot, taiwan.catalogue(), sorter);
    }
    taiwan.Add(hour_ms, taiwan_rows * passed / busyness, sorter);
    japan.Add(hour_ms, japan_rows * passed / busyness, sorter);
    sorter.WriteUntil(hour_ms + kHourMs);
  }
  sorter.WriteUntil(LogStartMs() + 2 * kHours * kHourMs);
  sorter.Flush();
  if (!out.good()) return absl::UnavailableError("cannot write the sample log: the disk is full or the pipe is closed");
  return absl::OkStatus();
}

}  // namespace kindred
