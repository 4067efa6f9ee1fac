// Versions come, go and come back while callers ask as fast as they can, some of them nonsense: no good call fails,
// every reply holds the rows of the version that it names, none is older than what was served when it was asked, what
// is retired is closed, and memory stays flat. scripts/soak runs it for ten minutes.
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "client/related_search_client.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/test_server.h"

namespace kindred {
namespace {

using ::kindred::testing::AddTinyVersion;
using ::kindred::testing::Asking;
using ::kindred::testing::CallRaw;
using ::kindred::testing::MakeList;
using ::kindred::testing::TestServer;
using ::kindred::testing::TinyLists;

constexpr int kQueries = 150;
constexpr int kKeywords = 9;
constexpr int kCallers = 6;
constexpr absl::Duration kPause = absl::Milliseconds(50);  // Between publications.

// KINDRED_SWAP_SECONDS=60 for the whole promise; CI has no minute for it.
absl::Duration Length() {
  int seconds = 0;
  const char* const text = std::getenv("KINDRED_SWAP_SECONDS");
  return absl::Seconds(text != nullptr && absl::SimpleAtoi(text, &seconds) ? seconds : 2);
}

// --- The model: what version v says. ---

std::string Query(int query) { return absl::StrCat("query", query, " word", query * 7 % 31); }

std::string Keyword(IndexVersion version, int query, int place) {
  return absl::StrCat("version", version, " of", query, " place", place);
}

TinyLists ListsOf(IndexVersion version) {
  TinyLists lists;
  for (int query = 0; query < kQueries; ++query) {
    std::vector<std::string> keywords;
    for (int place = 0; place < kKeywords; ++place) keywords.push_back(Keyword(version, query, place));
    lists.emplace(Query(query), MakeList(Query(query), keywords));
  }
  return lists;
}

// A query as one of those, as a respelling (which gets the same list) or as nothing known.
struct Asked {
  int query;
  enum { kKnown, kRespelt, kUnknown } how;

  std::string text() const {
    const std::string known = Query(query);
    if (how == kUnknown) return "zzzz";
    return how == kKnown ? known : absl::StrCat(known.substr(0, 3), " ", known.substr(3));
  }
};

void ExpectAsModelled(const Asked& asked, const v1::GetRelatedKeywordsResponse& response) {
  IndexVersion version = 0;
  ASSERT_TRUE(absl::SimpleAtoi(response.index_version(), &version));
  if (asked.how == Asked::kUnknown) {
    ASSERT_EQ(response.match(), v1::MATCH_NONE);
    return;
  }
  ASSERT_EQ(response.match(), asked.how == Asked::kKnown ? v1::MATCH_EXACT : v1::MATCH_SIMILAR);
  ASSERT_EQ(response.keywords_size(), 8);
  for (int place = 0; place < response.keywords_size(); ++place) {
    ASSERT_EQ(response.keywords(place).keyword(), Keyword(version, asked.query, place));
  }
}

// Calls that must be refused, and harm no other.
void AskNonsense(TestServer& server, unsigned how) {
  const struct {
    const char* method;
    std::string bytes;
    grpc::StatusCode want;
  } kCases[] = {
      {"GetRelatedKeywords", "\xff", grpc::StatusCode::INVALID_ARGUMENT},
      {"GetRelatedKeywords", Asking(std::string(257, 'a')).SerializeAsString(), grpc::StatusCode::INVALID_ARGUMENT},
      {"GetRelatedKeywords", std::string(300 << 10, 'a'), grpc::StatusCode::RESOURCE_EXHAUSTED},
      {"BatchGetRelatedKeywords", "", grpc::StatusCode::INVALID_ARGUMENT},
      {"NoSuchMethod", "", grpc::StatusCode::UNIMPLEMENTED},
  };
  const auto& chosen = kCases[how % std::size(kCases)];
  const std::string method = absl::StrCat("/kindred.v1.RelatedSearchService/", chosen.method);
  ASSERT_EQ(CallRaw(server, method, chosen.bytes).error_code(), chosen.want) << chosen.method;
}

// --- What is open. ---

// Files of versions under `root` that this process has open or mapped, deleted ones too.
size_t OpenFiles(const std::string& root) {
  size_t open = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code ignored;
    const std::string target = std::filesystem::read_symlink(entry, ignored).string();
    open += absl::StartsWith(target, root) ? 1 : 0;
  }
  return open;
}

size_t ResidentBytes() {
  size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages >> pages;
  return pages * static_cast<size_t>(::sysconf(_SC_PAGESIZE));
}

class SwapUnderLoadTest : public ::testing::Test {
 protected:
  void SetUp() override {
    // Blocks of a retired version leave the shared cache when others need its room: it is full long before half the
    // time.
    server_ = std::make_unique<TestServer>(testing::TinyMarkets{{"", ListsOf(1)}}, Responder::Options(),
                                           GrpcServer::Options{.listen = "127.0.0.1:0"},
                                           SnapshotStore::Options{.block_cache_bytes = 4 << 20});
    served_.push_back(1);
  }

  // One caller, until told to stop.
  void Ask(int seed, const std::stop_token& stop) {
    const RelatedSearchClient client({.server = server_->address(), .deadline = absl::Seconds(60), .max_attempts = 1});
    std::mt19937 random(static_cast<unsigned>(seed));
    while (!stop.stop_requested() && !::testing::Test::HasFailure()) {
      if (random() % 16 == 0) {
        ASSERT_NO_FATAL_FAILURE(AskNonsense(*server_, static_cast<unsigned>(random())));
      }
      std::vector<Asked> asked(random() % 8 == 0 ? 20 : 1);
      v1::BatchGetRelatedKeywordsRequest batch;
      for (Asked& one : asked) {
        one.query = static_cast<int>(random() % kQueries);
        one.how = random() % 10 == 0 ? Asked::kUnknown : random() % 5 == 0 ? Asked::kRespelt : Asked::kKnown;
        *batch.add_requests() = Asking(one.text());
      }
      const size_t first = swapped_.load();
      v1::BatchGetRelatedKeywordsResponse responses;
      if (asked.size() == 1) {
        ASSERT_OK_AND_ASSIGN(*responses.add_responses(), client.GetRelatedKeywords(batch.requests(0)));
      } else {
        ASSERT_OK_AND_ASSIGN(responses, client.BatchGetRelatedKeywords(batch));
      }
      const size_t last = swapping_.load();
      for (size_t i = 0; i < asked.size(); ++i) {
        ASSERT_NO_FATAL_FAILURE(ExpectAsModelled(asked[i], responses.responses(static_cast<int>(i))));
        ASSERT_EQ(responses.responses(static_cast<int>(i)).index_version(), responses.responses(0).index_version());
      }
      ExpectServedBetween(responses.responses(0).index_version(), first, last);
      calls_ += 1;
    }
  }

  void ExpectServedBetween(const std::string& version, size_t first, size_t last) {
    const absl::MutexLock lock(&mutex_);
    for (size_t i = first; i <= last; ++i) {
      if (absl::StrCat(served_[i]) == version) return;
    }
    ADD_FAILURE() << "a reply of version " << version << " where " << served_[first] << " was served before it and "
                  << served_[last] << " after";
  }

  // Points ACTIVE to another version, by one of the ways that there are, and has the server follow.
  void Change(std::mt19937& random) {
    ASSERT_OK_AND_ASSIGN(const auto root, IndexRootWriter::Open(server_->root()));
    IndexVersion version = 0;
    ASSERT_OK_AND_ASSIGN(const auto versions, root->root().Versions());
    const auto how = random() % 4;
    const auto rolled_back = how == 0 ? root->Rollback() : absl::StatusOr<IndexVersion>(absl::NotFoundError(""));
    if (rolled_back.ok()) {
      version = *rolled_back;
    } else if (how == 1) {
      version = versions[random() % versions.size()];
      ASSERT_OK(root->Publish(version));
    } else {
      ASSERT_OK_AND_ASSIGN(version, root->NextVersion());
      ASSERT_OK(AddTinyVersion(*root, {{"", ListsOf(version)}}));
      ASSERT_OK(root->Publish(version));
    }
    ASSERT_OK(root->Prune(3));
    {
      const absl::MutexLock lock(&mutex_);
      served_.push_back(version);
    }
    ++swapping_;
    server_->watcher().PollOnce();
    ++swapped_;
    EXPECT_EQ(server_->store().Current()->version(), version);
  }

  std::unique_ptr<TestServer> server_;
  absl::Mutex mutex_;
  std::vector<IndexVersion> served_ ABSL_GUARDED_BY(mutex_);  // In the order of time.
  std::atomic<size_t> swapping_ = 0;                          // The last of them that may be served already.
  std::atomic<size_t> swapped_ = 0;                           // The last of them that surely is.
  std::atomic<int64_t> calls_ = 0;
};

TEST_F(SwapUnderLoadTest, NoCallFailsAndEveryReplyIsThatOfTheVersionThatItNames) {
  const size_t files_at_first = OpenFiles(server_->root());
  std::vector<std::jthread> callers;
  for (int i = 0; i < kCallers; ++i) {
    callers.emplace_back([this, i](const std::stop_token& stop) { Ask(i, stop); });
  }
  std::mt19937 random(1);
  const absl::Time start = absl::Now();
  size_t resident_half_way = 0;
  while ((absl::Now() < start + Length() || swapped_ < 3) && !HasFailure()) {
    ASSERT_NO_FATAL_FAILURE(Change(random));
    if (resident_half_way == 0 && absl::Now() > start + Length() / 2) resident_half_way = ResidentBytes();
    absl::SleepFor(kPause);
  }
  callers.clear();
  server_->watcher().PollOnce();  // Every call has ended, so that nothing keeps what is retired.
  EXPECT_EQ(server_->watcher().retired(), 0U);
  EXPECT_EQ(OpenFiles(server_->root()), files_at_first);
#ifndef KINDRED_SANITIZED  // Sanitizers keep what was freed for a while.
  EXPECT_LT(ResidentBytes(), resident_half_way + (32 << 20));
#endif
  std::cout << calls_ << " calls over " << swapped_ << " changes of version\n";
  EXPECT_GE(calls_, 100);
}

}  // namespace
}  // namespace kindred
