// Holds docs/operations.md, the alerts and the dashboard to the code: what the server exports and logs, and nothing
// else.
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "kindred/v1/related_search.grpc.pb.h"
#include "tests/server/http_get.h"
#include "tests/testing/child_process.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"
#include "tests/testing/tiny_index.h"

namespace kindred {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSubsetOf;
using Names = std::set<std::string>;

std::string Read(const std::string& file) {
  std::ifstream stream(fs::path(KINDRED_SOURCE_DIR) / file, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(stream), {});
  EXPECT_FALSE(text.empty()) << file;
  return text;
}

// Every .cc of a room, one after the other.
std::string ReadRoom(const std::string& room) {
  std::string text;
  for (const fs::directory_entry& entry : fs::directory_iterator(fs::path(KINDRED_SOURCE_DIR) / room)) {
    const std::string name = entry.path().filename();
    if (absl::EndsWith(name, ".cc")) absl::StrAppend(&text, Read(absl::StrCat(room, "/", name)));
  }
  return text;
}

// What `pattern` matches in `text`: its groups, with a space between.
Names Matches(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  Names found;
  for (std::sregex_iterator it(text.begin(), text.end(), regex), end; it != end; ++it) {
    std::string name = (*it)[1];
    for (size_t group = 2; group < it->size(); ++group) absl::StrAppend(&name, " ", std::string((*it)[group]));
    found.insert(name);
  }
  return found;
}

std::string Page() { return Read("docs/operations.md"); }

// From a heading to the next of its depth.
std::string Section(const std::string& heading) {
  const std::string page = Page();
  const size_t begin = page.find("\n" + heading + "\n");
  EXPECT_NE(begin, std::string::npos) << heading;
  const std::string depth = heading.substr(0, heading.find(' ') + 1);
  return page.substr(begin, page.find("\n" + depth, begin + 1) - begin);
}

Names MetricsInSource() { return Matches(ReadRoom("server"), "\"((?:kindred|process|grpc_server)_[a-z_]+)\""); }

Names Without(Names all, const Names& some) {
  for (const std::string& name : some) all.erase(name);
  return all;
}

TEST(OperationsTest, EveryMetricIsOnThePageAndNoOther) {
  const Names page = Matches(Section("## Metrics"), "\n\\| `([a-z_]+)`");
  EXPECT_THAT(Without(MetricsInSource(), page), IsEmpty()) << "not in docs/operations.md";
  EXPECT_THAT(Without(page, MetricsInSource()), IsEmpty()) << "no longer exported";
}

TEST(OperationsTest, EveryLogLineIsOnThePageAndNoOther) {
  for (const auto& [room, heading] :
       {std::pair("server", "### Of kindred-server"), std::pair("index/build", "### Of kindred-index watch")}) {
    Names source;
    for (const std::string& name : Matches(ReadRoom(room), "Log(Debug|Info|Warning|Error)\\(\\s*\"([^\"]+)\"")) {
      source.insert(absl::AsciiStrToLower(name.substr(0, name.find(' '))) + name.substr(name.find(' ')));
    }
    const Names page = Matches(Section(heading), "\n\\| (debug|info|warning|error) \\| `([^`]+)`");
    EXPECT_THAT(Without(source, page), IsEmpty()) << "not in docs/operations.md";
    EXPECT_THAT(Without(page, source), IsEmpty()) << "no longer logged";
  }
}

// "...End" and "Begin..." stand for a test of the suite named before, or by its first words.
TEST(OperationsTest, EveryTestThatTheThreatTableNamesIsThere) {
  Names tests;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(fs::path(KINDRED_SOURCE_DIR) / "tests")) {
    const std::string name = fs::relative(entry.path(), KINDRED_SOURCE_DIR);
    if (absl::EndsWith(name, ".cc")) tests.merge(Matches(Read(name), "TEST(?:_F|_P)?\\((\\w+),\\s*(\\w+)\\)"));
  }
  ASSERT_GT(tests.size(), 1000u);
  size_t named = 0;
  for (const std::string& name : Matches(Read("docs/security.md"), "`((?:\\w+Test)?(?:\\.{1,3}\\w+)?(?:\\.{3})?)`")) {
    if (!absl::StrContains(name, "Test") && !absl::StartsWith(name, "...")) continue;
    const std::string words = absl::StrReplaceAll(name, {{"...", ""}, {".", " "}});
    EXPECT_TRUE(std::any_of(tests.begin(), tests.end(), [&](const std::string& test) {
      return absl::StrContains(absl::StrCat(test, " "), words);
    })) << name;
    ++named;
  }
  EXPECT_GT(named, 15u);
}

TEST(OperationsTest, WhatARunningServerExportsIsOnThePage) {
  const testing::TempDir dir;
  ASSERT_OK(testing::PublishTinyIndex(dir.path(), testing::MakeLists({{"tent", {"stove"}}})));
  testing::ChildProcess server({KINDRED_BINARY_DIR "/bin/kindred-server", "--index", dir.path(), "--listen=127.0.0.1:0",
                                "--metrics_listen=127.0.0.1:0", "--drain_grace=0s"});
  ASSERT_TRUE(server.ReadUntil("metrics_port="));
  ASSERT_TRUE(server.ReadUntil(" index="));
  const Names port = Matches(server.output(), "metrics_port=([0-9]+)");
  const std::string exported = testing::HttpGet(std::atoi(port.begin()->c_str()), "/metrics");
  const Names names = Matches(exported, "# TYPE ([a-z_]+) ");
  EXPECT_THAT(names, Contains("process_resident_memory_bytes"));
  for (const std::string& name : names) EXPECT_THAT(Page(), HasSubstr("`" + name + "`"));
  server.Signal(SIGTERM);
  EXPECT_EQ(server.Wait(), 0);
}

// Names of metrics in PromQL, without what a histogram adds to them.
Names MetricsIn(const std::string& text) {
  Names names;
  for (std::string name : Matches(text, "\\b((?:kindred|process|grpc_server)_[a-z_]+)\\b")) {
    for (const char* suffix : {"_bucket", "_count", "_sum"}) {
      if (absl::EndsWith(name, suffix)) name.resize(name.size() - std::string(suffix).size());
    }
    names.insert(name);
  }
  return names;
}

TEST(OperationsTest, AlertsAndDashboardAskForWhatIsThere) {
  const std::string alerts = Read("docker/prometheus/alerts.yaml");
  const Names recorded = Matches(alerts, "record: ([a-z0-9_:]+)");
  for (const std::string& text : {alerts, Read("docker/grafana/kindred.json")}) {
    EXPECT_THAT(Without(MetricsIn(text), MetricsInSource()), IsEmpty());
    EXPECT_THAT(Without(Matches(text, "\\b(kindred:[a-z0-9_:]+)"), recorded), IsEmpty());
  }
}

// The schemas know nothing of kustomization.yaml, nor of what the server calls itself.
TEST(OperationsTest, ManifestsNameFilesAndServicesThatAreThere) {
  Names files;
  for (const fs::directory_entry& entry : fs::directory_iterator(fs::path(KINDRED_SOURCE_DIR) / "docker/kubernetes")) {
    files.insert(entry.path().filename());
  }
  const Names resources = Matches(Read("docker/kubernetes/kustomization.yaml"), "\n  - ([a-z-]+\\.yaml)");
  EXPECT_EQ(Without(files, resources), Names{"kustomization.yaml"});
  EXPECT_THAT(Without(resources, files), IsEmpty());
  const std::string deployment = Read("docker/kubernetes/deployment.yaml");
  const Names probed = Matches(deployment, "service: ([A-Za-z0-9_.]+)");
  EXPECT_EQ(probed, Names{std::string(v1::RelatedSearchService::service_full_name())});
}

TEST(OperationsTest, EachAlertLeadsToItsEntryInTheRunbookAndIsTested) {
  const std::string alerts = Read("docker/prometheus/alerts.yaml");
  const Names names = Matches(alerts, "- alert: ([A-Za-z]+)");
  EXPECT_EQ(names, Matches(Section("## Runbook"), "\n### ([A-Za-z]+)\n"));
  EXPECT_EQ(names, Matches(Read("docker/prometheus/alerts_test.yaml"), "alertname: ([A-Za-z]+)"));
  for (const std::string& name : names) {
    const size_t begin = alerts.find("- alert: " + name + "\n");
    const std::string alert = alerts.substr(begin, alerts.find("- alert: ", begin + 1) - begin);
    EXPECT_THAT(alert, HasSubstr("runbook_url: docs/operations.md#" + absl::AsciiStrToLower(name) + "\n"));
  }
}

// As GitHub makes a heading's address.
Names Anchors(const std::string& page) {
  Names anchors;
  for (const std::string& heading : Matches(page, "\n#+ ([^\n]+)")) {
    anchors.insert(absl::StrReplaceAll(absl::AsciiStrToLower(heading), {{" ", "-"}, {",", ""}}));
  }
  return anchors;
}

TEST(OperationsTest, LinksOfThePageLeadSomewhere) {
  EXPECT_THAT(Matches(Page(), "\\]\\(#([^)]+)\\)"), IsSubsetOf(Anchors(Page())));
  for (const std::string& link : Matches(Page(), "\\]\\(([^)#]+)(?:#[^)]+)?\\)")) {
    if (absl::StartsWith(link, "https:")) continue;
    EXPECT_TRUE(fs::exists(fs::path(KINDRED_SOURCE_DIR) / "docs" / link)) << link;
  }
  EXPECT_THAT(Matches(Page(), "\\]\\(performance\\.md#([^)]+)\\)"), IsSubsetOf(Anchors(Read("docs/performance.md"))));
}

}  // namespace
}  // namespace kindred
