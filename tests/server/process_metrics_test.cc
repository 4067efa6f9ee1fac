#include "server/process_metrics.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "absl/time/clock.h"
#include "common/version.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::testing::AllOf;
using ::testing::DoubleNear;
using ::testing::Gt;
using ::testing::Le;

std::map<std::string, double> Collect() {
  std::map<std::string, double> values;
  for (const auto& family : MakeProcessMetrics()->Collect()) {
    const auto& metric = family.metric.at(0);
    values[family.name] = metric.counter.value + metric.gauge.value;
  }
  return values;
}

TEST(ProcessMetricsTest, TellsOfThisProcess) {
  std::map<std::string, double> values = Collect();
  EXPECT_THAT(values["process_resident_memory_bytes"],
              AllOf(Gt(1 << 20), Le(values["process_virtual_memory_bytes"]), Le(values["kindred_memory_limit_bytes"])));
  EXPECT_THAT(values["process_start_time_seconds"],
              DoubleNear(absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()), 600));
  EXPECT_THAT(values["process_open_fds"], AllOf(Gt(2), Le(values["process_max_fds"])));
  EXPECT_EQ(values["kindred_build_info"], 1);
  const int fd = ::dup(0);
  EXPECT_EQ(Collect()["process_open_fds"], values["process_open_fds"] + 1);
  ::close(fd);
}

TEST(ProcessMetricsTest, BuildInfoNamesTheBuild) {
  const auto labels = MakeProcessMetrics()->Collect()[0].metric.at(0).label;
  EXPECT_EQ(labels.at(0).value, kVersion);
  EXPECT_EQ(labels.at(1).value, kCommit);
}

TEST(ProcessMetricsTest, StatIsReadWhateverTheProgramsName) {
  const double ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  const std::string stat =
      "7 (a) b (c) R 1 7 7 0 -1 4194304 1 0 0 0 300 100 0 0 20 0 1 0 500 8192 3 18446744073709551615";
  const auto parsed = ParseProcessStat(stat);
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->cpu_seconds, 400 / ticks);
  EXPECT_EQ(parsed->start_seconds_after_boot, 500 / ticks);
  EXPECT_EQ(parsed->virtual_bytes, 8192u);
  EXPECT_EQ(parsed->resident_bytes, 3u * static_cast<uint64_t>(::getpagesize()));
  EXPECT_FALSE(ParseProcessStat("").has_value());
  EXPECT_FALSE(ParseProcessStat(stat.substr(0, stat.find(" 3 "))).has_value());
}

}  // namespace
}  // namespace kindred
