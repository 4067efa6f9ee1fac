// kindred-server, the program: how it starts, follows its index, and stops.
#include <atomic>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "client/related_search_client.h"
#include "gmock/gmock.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "kindred/v1/related_search.grpc.pb.h"
#include "tests/server/http_get.h"
#include "tests/server/index_damage.h"
#include "tests/server/wait_until.h"
#include "tests/testing/certificates.h"
#include "tests/testing/child_process.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"
#include "tests/testing/tiny_index.h"

namespace kindred {
namespace {

using ::kindred::testing::CertificateAuthority;
using ::kindred::testing::ChildProcess;
using ::kindred::testing::DamageVersion;
using ::kindred::testing::HasStatus;
using ::kindred::testing::HttpGet;
using ::kindred::testing::MakeLists;
using ::kindred::testing::PublishTinyIndex;
using ::kindred::testing::TempDir;
using ::kindred::testing::WaitUntil;
using ::testing::_;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::vector<std::string> Command(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), std::string(KINDRED_BINARY_DIR) + "/bin/kindred-server");
  return arguments;
}

class ServerProgramTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_OK(PublishTinyIndex(dir_.path(), MakeLists({{"tent", {"one"}}}))); }

  // The program with free ports; returns once it serves.
  std::unique_ptr<ChildProcess> Start(std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {"--index", dir_.path(), "--listen=127.0.0.1:0",
                                          "--metrics_listen=127.0.0.1:0", "--poll_interval=1ms"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    auto server = std::make_unique<ChildProcess>(Command(arguments));
    EXPECT_TRUE(server->ReadUntil("info serving ")) << server->output();
    EXPECT_TRUE(server->ReadUntil("\n"));
    return server;
  }
  static int Port(const ChildProcess& server, const std::string& name) {
    const std::string& log = server.output();
    const size_t at = log.find(name);
    EXPECT_NE(at, std::string::npos) << log;
    return std::atoi(log.c_str() + at + name.size());
  }
  static RelatedSearchClient Client(const ChildProcess& server, const std::string& token = "") {
    return RelatedSearchClient({.server = absl::StrCat("127.0.0.1:", Port(server, " port=")),
                                .deadline = absl::Seconds(60),
                                .max_attempts = 1,
                                .token = token});
  }
  static absl::StatusOr<v1::GetRelatedKeywordsResponse> Ask(const RelatedSearchClient& client) {
    v1::GetRelatedKeywordsRequest request;
    request.set_query("tent");
    return client.GetRelatedKeywords(request);
  }

  const TempDir dir_;
};

TEST_F(ServerProgramTest, ServesMetricsAndStopsOnSigterm) {
  const auto server = Start({"--drain_grace=0s"});
  const RelatedSearchClient client = Client(*server);
  ASSERT_OK_AND_ASSIGN(const auto response, Ask(client));
  EXPECT_EQ(response.keywords(0).keyword(), "one");
  EXPECT_OK(client.CheckHealth());
  EXPECT_THAT(HttpGet(Port(*server, "metrics_port="), "/metrics"),
              AllOf(HasSubstr("grpc_server_call_duration_seconds_count{grpc_method=\"kindred.v1.RelatedSearchService/"
                              "GetRelatedKeywords\",grpc_status=\"OK\"} 1\n"),
                    HasSubstr("kindred_index_version 1\n"), HasSubstr("\nprocess_resident_memory_bytes ")));
  server->Signal(SIGTERM);
  EXPECT_EQ(server->Wait(), 0);
  EXPECT_THAT(server->output(), AllOf(HasSubstr("stopping signal=SIGTERM"), HasSubstr("stopped")));
}

TEST_F(ServerProgramTest, CtrlCDoesNotWaitForLoadBalancers) {
  const auto server = Start({"--drain_grace=1h"});
  server->Signal(SIGINT);
  EXPECT_EQ(server->Wait(), 0);
}

TEST_F(ServerProgramTest, DrainSaysNotServingAndAnswersOn) {
  const auto server = Start({"--drain_grace=1h"});
  const RelatedSearchClient client = Client(*server);
  ASSERT_OK(client.CheckHealth());
  server->Signal(SIGTERM);
  ASSERT_TRUE(server->ReadUntil("stopping"));
  ASSERT_TRUE(WaitUntil([&client] { return !client.CheckHealth().ok(); }));
  EXPECT_THAT(client.CheckHealth(), HasStatus(absl::StatusCode::kFailedPrecondition, _));
  EXPECT_OK(Ask(client));
  server->Signal(SIGTERM);  // A second one cuts the wait short.
  EXPECT_EQ(server->Wait(), 0);
}

TEST_F(ServerProgramTest, DrainEndsByItself) {
  const auto server = Start({"--drain_grace=300ms"});
  server->Signal(SIGTERM);
  EXPECT_EQ(server->Wait(), 0);
  EXPECT_THAT(server->output(), AllOf(HasSubstr("stopping signal=SIGTERM"), HasSubstr("stopped")));
}

TEST_F(ServerProgramTest, SighupDoesNotEndTheDrain) {
  const auto server = Start({"--drain_grace=1h"});
  server->Signal(SIGTERM);
  ASSERT_TRUE(server->ReadUntil("stopping"));
  server->Signal(SIGHUP);
  ASSERT_TRUE(server->ReadUntil("SIGHUP: looking at certificates and tokens"));
  EXPECT_OK(Ask(Client(*server)));
  server->Signal(SIGTERM);
  EXPECT_EQ(server->Wait(), 0);
}

// The signal waits, as it is blocked in what starts the program, too.
TEST_F(ServerProgramTest, SigtermIsHeardWhileTheIndexIsRead) {
  sigset_t signals, before;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, &before);
  ChildProcess server(Command({"--index", dir_.path(), "--listen=127.0.0.1:0", "--metrics_listen="}));
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  server.Signal(SIGTERM);
  EXPECT_EQ(server.Wait(), 0);
  EXPECT_THAT(server.output(), AllOf(HasSubstr("stopped"), Not(HasSubstr("serving"))));
}

TEST_F(ServerProgramTest, NoCallFailsWhileItStops) {
  const auto server = Start({"--drain_grace=1h"});
  std::atomic<int64_t> calls = 0;
  std::vector<std::jthread> callers;
  for (int thread = 0; thread < 3; ++thread) {
    callers.emplace_back([&](const std::stop_token& stop) {
      const RelatedSearchClient client = Client(*server);
      // As a load balancer does: asks on until health says no.
      while (!stop.stop_requested()) {
        const absl::Status health = client.CheckHealth();
        if (!health.ok()) {
          EXPECT_THAT(health, HasStatus(absl::StatusCode::kFailedPrecondition, _));
          break;
        }
        for (int i = 0; i < 20; ++i) {
          EXPECT_OK(Ask(client));
          ++calls;
        }
      }
    });
  }
  ASSERT_TRUE(WaitUntil([&calls] { return calls >= 200; }));
  server->Signal(SIGTERM);
  for (std::jthread& caller : callers) caller.join();
  server->Signal(SIGTERM);
  EXPECT_EQ(server->Wait(), 0);
}

TEST_F(ServerProgramTest, FollowsTheIndexAndRefusesDamage) {
  const auto server = Start({"--drain_grace=0s"});
  const RelatedSearchClient client = Client(*server);
  ASSERT_OK(PublishTinyIndex(dir_.path(), MakeLists({{"tent", {"two"}}})));
  ASSERT_TRUE(server->ReadUntil("index swapped version=2 was=1"));
  ASSERT_OK_AND_ASSIGN(auto response, Ask(client));
  EXPECT_EQ(response.keywords(0).keyword(), "two");
  {
    ASSERT_OK_AND_ASSIGN(const auto root, IndexRootWriter::Open(dir_.path()));
    ASSERT_OK(::kindred::testing::AddTinyVersion(*root, {{"", MakeLists({{"tent", {"three"}}})}}));
    DamageVersion(dir_.File("3"));
  }
  dir_.Write("ACTIVE.new", "3\n2\n1\n");
  std::filesystem::rename(dir_.File("ACTIVE.new"), dir_.File("ACTIVE"));
  ASSERT_TRUE(server->ReadUntil("index refused"));
  ASSERT_OK_AND_ASSIGN(response, Ask(client));
  EXPECT_EQ(response.index_version(), "2");
  ASSERT_OK(PublishTinyIndex(dir_.path(), MakeLists({{"tent", {"four"}}})));
  ASSERT_TRUE(server->ReadUntil("index swapped version=4 was=2"));
  ASSERT_OK_AND_ASSIGN(response, Ask(client));
  EXPECT_EQ(response.keywords(0).keyword(), "four");
  server->Signal(SIGTERM);
  EXPECT_EQ(server->Wait(), 0);
}

TEST_F(ServerProgramTest, PortInUseIsOneLine) {
  const auto server = Start({"--drain_grace=0s"});
  const std::string taken = absl::StrCat("127.0.0.1:", Port(*server, " port="));
  ChildProcess second(Command({"--index", dir_.path(), "--listen", taken, "--metrics_listen="}));
  EXPECT_EQ(second.Wait(), 1);
  EXPECT_THAT(second.output(), StartsWith("kindred-server: cannot listen on " + taken));
  EXPECT_EQ(std::count(second.output().begin(), second.output().end(), '\n'), 1) << second.output();
  const std::string metrics = absl::StrCat("127.0.0.1:", Port(*server, "metrics_port="));
  ChildProcess third(Command({"--index", dir_.path(), "--listen=127.0.0.1:0", "--metrics_listen", metrics}));
  EXPECT_EQ(third.Wait(), 1);
  EXPECT_THAT(third.output(), StartsWith("kindred-server: cannot serve metrics on " + metrics));
  EXPECT_EQ(std::count(third.output().begin(), third.output().end(), '\n'), 1) << third.output();
}

TEST_F(ServerProgramTest, LogsAreJsonWhereAskedAndNeverHoldAQuery) {
  ChildProcess server(Command(
      {"--index", dir_.path(), "--listen=127.0.0.1:0", "--metrics_listen=", "--log_format=json", "--drain_grace=0s"}));
  ASSERT_TRUE(server.ReadUntil("\n"));
  EXPECT_THAT(server.output(),
              AllOf(StartsWith("{\"time\":"), HasSubstr("\"event\":\"serving\""), HasSubstr("\"version\":\"1\"")));
  const RelatedSearchClient client(
      {.server = absl::StrCat("127.0.0.1:", Port(server, "\"port\":\"")), .deadline = absl::Seconds(60)});
  EXPECT_OK(Ask(client));
  v1::GetRelatedKeywordsRequest request;
  request.set_query("secret" + std::string(300, 'x'));
  EXPECT_FALSE(client.GetRelatedKeywords(request).ok());
  server.Signal(SIGTERM);
  EXPECT_EQ(server.Wait(), 0);
  EXPECT_THAT(server.output(), AllOf(Not(HasSubstr("tent")), Not(HasSubstr("secret"))));
}

TEST_F(ServerProgramTest, LogLinesOfACallTellItsTrace) {
  const auto server = Start({"--drain_grace=0s", "--log_level=debug"});
  const auto channel =
      grpc::CreateChannel(absl::StrCat("127.0.0.1:", Port(*server, " port=")), grpc::InsecureChannelCredentials());
  grpc::ClientContext context;
  context.AddMetadata("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  v1::GetRelatedKeywordsRequest request;
  request.set_query("tent");
  v1::GetRelatedKeywordsResponse response;
  EXPECT_TRUE(v1::RelatedSearchService::NewStub(channel)->GetRelatedKeywords(&context, request, &response).ok());
  ASSERT_TRUE(server->ReadUntil("debug call method=GetRelatedKeywords code=OK took="));
  ASSERT_TRUE(server->ReadUntil("trace_id=0af7651916cd43dd8448eb211c80319c span_id=b7ad6b7169203331\n"));
}

TEST_F(ServerProgramTest, BadUsageIsTwoWithAHint) {
  const struct {
    std::vector<std::string> arguments;
    const char* hint;
  } kCases[] = {
      {{}, "--index DIR is missing"},
      {{"--index=x", "serve"}, "unexpected argument \"serve\""},
      {{"--index=x", "--default_keywords=51"}, "--default_keywords must be 1 to 50; it is 51"},
      {{"--index=x", "--default_keywords=0"}, "--default_keywords must be 1 to 50; it is 0"},
      {{"--index=x", "--poll_interval=0s"}, "--poll_interval"},
      {{"--index=x", "--drain_grace=-1s"}, "--drain_grace"},
      {{"--index=x", "--min_size_ratio=1.5"}, "--min_size_ratio must be 0 to 1; it is 1.5"},
      {{"--index=x", "--min_size_ratio=nan"}, "--min_size_ratio"},
      {{"--index=x", "--log_format=xml"}, "xml"},
      {{"--index=x", "--lisen=y"}, "--listen"},
      {{"--index=x", "--listen=banana"}, "--listen: \"banana\" is no HOST:PORT, such as 127.0.0.1:50051"},
      {{"--index=x", "--metrics_listen=9464"}, "--metrics_listen: \"9464\" is no HOST:PORT"},
      {{"--index=x", "--tls_cert=x"}, "--tls_cert and --tls_key go together"},
      {{"--index=x", "--tls_key=x"}, "--tls_cert and --tls_key go together"},
      {{"--index=x", "--tls_client_ca=x"}, "--tls_client_ca needs --tls_cert"},
      {{"--index=x", "--listen=0.0.0.0:0"}, "--listen 0.0.0.0:0 without TLS: what shoppers type would travel in plain"},
      {{"--index=x", "--listen=[::]:0"}, "give --tls_cert FILE and --tls_key FILE, or --insecure"},
      {{"--index=x", "--token_file=x"}, "--token_file without TLS: tokens would travel in plain text; give --tls_cert"},
      {{"--index=x", "--max_queue_wait=-1s"}, "--max_queue_wait"},
      {{"--index=x", "--max_connections=0"}, "--max_connections must be 1 to 1073741824; it is 0"},
      {{"--index=x", "--max_connections=2147483647"}, "--max_connections must be 1 to 1073741824"},
      {{"--index=x", "--max_connection_age=0s"}, "--max_connection_age"},
      {{"--index=x", "--grpc_memory_bytes=0"}, "--grpc_memory_bytes must be at least 1MiB"},
      {{"--index=x", "--cache_bytes=64MiBs"}, "a size such as 512MiB"},
      {{"--index=x", "--cache_bytes=18446744073709551615"}, " that this process may use"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.hint);
    ChildProcess server(Command(c.arguments));
    EXPECT_EQ(server.Wait(), 2);
    EXPECT_THAT(server.output(), AllOf(StartsWith("kindred-server: "), HasSubstr(c.hint)));
  }
}

TEST_F(ServerProgramTest, CertificateThatCannotBeUsedIsOneLine) {
  const std::string file = dir_.Write("server.crt", "nonsense");
  ChildProcess server(Command(
      {"--index", dir_.path(), "--listen=127.0.0.1:0", "--metrics_listen=", "--tls_cert", file, "--tls_key", file}));
  EXPECT_EQ(server.Wait(), 1);
  EXPECT_EQ(server.output(), absl::StrCat("kindred-server: --tls_cert: ", file, ": no certificate in PEM form\n"));
}

TEST_F(ServerProgramTest, ServesTlsAndTellsWhenItsCertificateExpires) {
  const CertificateAuthority authority;
  const auto identity = authority.Issue("server", absl::FromUnixSeconds(2'000'000'000));
  const auto server = Start({"--drain_grace=0s", "--tls_cert", dir_.Write("server.crt", identity.certificate),
                             "--tls_key", dir_.Write("server.key", identity.key)});
  const RelatedSearchClient client({.server = absl::StrCat("127.0.0.1:", Port(*server, " port=")),
                                    .deadline = absl::Seconds(60),
                                    .tls = RelatedSearchClient::Tls{.ca = authority.certificate()}});
  EXPECT_OK(Ask(client));
  EXPECT_OK(client.CheckHealth());
  EXPECT_THAT(Ask(Client(*server)), HasStatus(absl::StatusCode::kUnavailable, _)) << "plain text";
  EXPECT_THAT(HttpGet(Port(*server, "metrics_port="), "/metrics"),
              HasSubstr("kindred_certificate_expiry_timestamp_seconds 2000000000\n"));
}

TEST_F(ServerProgramTest, SighupReadsCertificatesAndTokensThatChangedAndServesOn) {
  const CertificateAuthority authority;
  const auto write = [&](const testing::Identity& identity) {
    dir_.Write("server.crt", identity.certificate);
    dir_.Write("server.key", identity.key);
  };
  write(authority.Issue("server"));
  const auto server = Start({"--drain_grace=0s", "--tls_cert", dir_.File("server.crt"), "--tls_key",
                             dir_.File("server.key"), "--token_file", dir_.Write("tokens", "3f2a9c1d0b7e4c55\n")});
  write(authority.Issue("server"));
  dir_.Write("tokens", "another-token-of-a-page");
  server->Signal(SIGHUP);
  EXPECT_TRUE(server->ReadUntil("certificate reloaded"));  // Nobody has called.
  EXPECT_TRUE(server->ReadUntil("tokens reloaded"));
  const RelatedSearchClient client({.server = absl::StrCat("127.0.0.1:", Port(*server, " port=")),
                                    .deadline = absl::Seconds(60),
                                    .tls = RelatedSearchClient::Tls{.ca = authority.certificate()},
                                    .token = "another-token-of-a-page"});
  EXPECT_OK(Ask(client));
  server->Signal(SIGTERM);
  EXPECT_EQ(server->Wait(), 0);
}

TEST_F(ServerProgramTest, OtherMachinesAreServedInPlainTextWhereInsecureSaysSo) {
  const auto server = Start({"--drain_grace=0s", "--listen=0.0.0.0:0", "--insecure"});
  EXPECT_OK(Ask(Client(*server)));
}

TEST_F(ServerProgramTest, TokensAreAskedOfCallsAndTakenAnewWhenTheFileChanges) {
  const auto server =
      Start({"--drain_grace=0s", "--insecure", "--token_file", dir_.Write("tokens", "3f2a9c1d0b7e4c55\n")});
  EXPECT_THAT(Ask(Client(*server)), HasStatus(absl::StatusCode::kUnauthenticated, HasSubstr("authorization: Bearer")));
  EXPECT_OK(Client(*server).CheckHealth()) << "orchestrators hold no token";
  EXPECT_OK(Ask(Client(*server, "3f2a9c1d0b7e4c55")));
  dir_.Write("tokens", "another-token-of-a-page");
  EXPECT_TRUE(WaitUntil([&] { return Ask(Client(*server, "another-token-of-a-page")).ok(); }));
  EXPECT_THAT(Ask(Client(*server, "3f2a9c1d0b7e4c55")), HasStatus(absl::StatusCode::kUnauthenticated, _));
}

TEST_F(ServerProgramTest, ABlockedKeywordIsShownNoMoreSoonAfterItsFileChanged) {
  const auto server = Start({"--drain_grace=0s", "--blocklist_file", dir_.Write("blocked", "# none\n")});
  const RelatedSearchClient client = Client(*server);
  ASSERT_OK_AND_ASSIGN(auto response, Ask(client));
  EXPECT_EQ(response.keywords_size(), 1);
  dir_.Write("blocked", "One\n");
  ASSERT_TRUE(server->ReadUntil("blocklist reloaded lines=1")) << server->output();
  ASSERT_OK_AND_ASSIGN(response, Ask(client));
  EXPECT_EQ(response.keywords_size(), 0);
  EXPECT_EQ(response.match(), v1::MATCH_NONE);
}

TEST_F(ServerProgramTest, ABadBlocklistIsOneLine) {
  const std::string path = dir_.Write("blocked", "one\n*\n");
  ChildProcess server(Command({"--index", dir_.path(), "--listen=127.0.0.1:0", "--blocklist_file", path}));
  EXPECT_EQ(server.Wait(), 1);
  EXPECT_EQ(server.output(), absl::StrCat("kindred-server: --blocklist_file: ", path,
                                          ": line 2: no letter or digit; write a part of a keyword\n"));
}

TEST_F(ServerProgramTest, NoIndexIsOneLineWithTheRemedy) {
  ChildProcess server(Command({"--index", dir_.File("none"), "--listen=127.0.0.1:0"}));
  EXPECT_EQ(server.Wait(), 1);
  EXPECT_THAT(server.output(),
              AllOf(StartsWith("kindred-server: no index is published in "), HasSubstr("kindred-index build")));
  const std::string log = dir_.Write("log.tsv", "user\n");
  ChildProcess of_file(Command({"--index", log, "--listen=127.0.0.1:0", "--metrics_listen="}));
  EXPECT_EQ(of_file.Wait(), 1);
  EXPECT_THAT(of_file.output(), HasSubstr("it is a file; an index is a folder"));
}

TEST_F(ServerProgramTest, ADefaultMarketThatTheIndexLacksIsOneLineWithThoseThatItHas) {
  ChildProcess server(Command({"--index", dir_.path(), "--listen=127.0.0.1:0", "--default_market=jp"}));
  EXPECT_EQ(server.Wait(), 1);
  EXPECT_THAT(server.output(),
              StartsWith("kindred-server: index version 1: has no market \"jp\", which --default_market "
                         "names; its log had no market column"));
}

TEST_F(ServerProgramTest, DamagedIndexIsRefusedForTheLastGoodOneAtTheStart) {
  ASSERT_OK(PublishTinyIndex(dir_.path(), MakeLists({{"tent", {"two"}}})));
  DamageVersion(dir_.File("2"));
  const auto server = Start({"--drain_grace=0s"});
  EXPECT_THAT(server->output(), AllOf(HasSubstr("index refused"), HasSubstr("index version 2")));
  ASSERT_OK_AND_ASSIGN(const auto response, Ask(Client(*server)));
  EXPECT_EQ(response.keywords(0).keyword(), "one");
  EXPECT_THAT(HttpGet(Port(*server, "metrics_port="), "/metrics"), HasSubstr("kindred_index_rejected_total 1\n"));
}

TEST_F(ServerProgramTest, DamagedIndexIsOneLine) {
  DamageVersion(dir_.File("1"));
  ChildProcess server(Command({"--index", dir_.path(), "--listen=127.0.0.1:0"}));
  EXPECT_EQ(server.Wait(), 1);
  EXPECT_THAT(server.output(),
              AllOf(StartsWith("kindred-server: index version 1: "), HasSubstr("kindred-index publish --index")));
  EXPECT_EQ(std::count(server.output().begin(), server.output().end(), '\n'), 1) << server.output();
}

}  // namespace
}  // namespace kindred
