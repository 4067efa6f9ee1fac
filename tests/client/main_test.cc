// The kindred command, as a shell sees it.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/fake_server.h"
#include "tests/testing/child_process.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::kindred::testing::CertificateAuthority;
using ::kindred::testing::ChildProcess;
using ::kindred::testing::FakeServer;
using ::kindred::testing::MutualTls;
using ::kindred::testing::TempDir;
using ::testing::AllOf;
using ::testing::Eq;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

struct Outcome {
  int exit_status;
  std::string output;
};

Outcome Kindred(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), std::string(KINDRED_BINARY_DIR) + "/bin/kindred");
  ChildProcess process(std::move(arguments));
  const int exit_status = process.Wait();
  return {exit_status, process.output()};
}

// Answers with what it was asked.
grpc::Status Echo(int, const v1::GetRelatedKeywordsRequest& request, v1::GetRelatedKeywordsResponse& response) {
  response.set_match(v1::MATCH_EXACT);
  response.set_index_version("42");
  response.add_keywords()->set_keyword(
      absl::StrCat(request.query(), "/", request.max_keywords(), "/", request.market(), "/", request.explain()));
  for (const std::string& recent : request.recent_queries()) response.add_keywords()->set_keyword(recent);
  return grpc::Status::OK;
}

TEST(KindredCommandTest, RelatedPrintsTheKeywords) {
  FakeServer server(Echo);
  const Outcome outcome = Kindred({"related", "gears of war", "--server", server.address(), "--max_keywords", "3",
                                   "--market=tw", "--recent", "xbox,halo", "--explain"});
  EXPECT_EQ(outcome.exit_status, 0);
  EXPECT_THAT(outcome.output, HasSubstr("gears of war/3/tw/1"));
  EXPECT_THAT(outcome.output, AllOf(HasSubstr("2  xbox"), HasSubstr("3  halo")));
}

TEST(KindredCommandTest, ForgottenQuotesAreForgiven) {
  FakeServer server(Echo);
  EXPECT_THAT(Kindred({"related", "gears", "of", "war", "--server", server.address()}).output,
              HasSubstr("gears of war/0//0"));
}

TEST(KindredCommandTest, JsonIsTheResponse) {
  FakeServer server(Echo);
  const Outcome outcome = Kindred({"related", "帳篷", "--json", "--server", server.address()});
  EXPECT_EQ(outcome.exit_status, 0);
  EXPECT_THAT(outcome.output, AllOf(StartsWith("{"), HasSubstr("\"keyword\": \"帳篷/0//0\"")));
}

TEST(KindredCommandTest, UnknownQueryIsNoFailure) {
  FakeServer server([](int, const auto&, v1::GetRelatedKeywordsResponse& response) {
    response.set_match(v1::MATCH_NONE);
    return grpc::Status::OK;
  });
  const Outcome outcome = Kindred({"related", "xyz", "--server", server.address()});
  EXPECT_EQ(outcome.exit_status, 0);
  EXPECT_THAT(outcome.output, HasSubstr("no related keywords"));
}

TEST(KindredCommandTest, ServersErrorIsOneLine) {
  FakeServer server([](int, const auto&, auto&) {
    return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "max_keywords must be at most 50; it is 51");
  });
  const Outcome outcome = Kindred({"related", "tent", "--server", server.address()});
  EXPECT_EQ(outcome.exit_status, 2);
  EXPECT_THAT(outcome.output,
              Eq(absl::StrCat("kindred: ", server.address(), ": max_keywords must be at most 50; it is 51\n")));
}

TEST(KindredCommandTest, HealthIsTheExitStatus) {
  FakeServer server(Echo);
  EXPECT_EQ(Kindred({"health", "--server", server.address()}).exit_status, 0);
  server.SetServing(false);
  const Outcome outcome = Kindred({"health", "--server", server.address()});
  EXPECT_EQ(outcome.exit_status, 1);
  EXPECT_THAT(outcome.output, HasSubstr("is not serving"));
}

TEST(KindredCommandTest, TlsFilesAndTokenComeFromFlags) {
  const TempDir dir;
  const CertificateAuthority authority;
  FakeServer server(Echo, MutualTls(authority.Issue("server"), authority.certificate()));
  const auto client = authority.Issue("client");
  const std::vector<std::string> flags = {"--server",     server.address(),
                                          "--tls_ca",     dir.Write("ca", authority.certificate()),
                                          "--tls_cert",   dir.Write("crt", client.certificate),
                                          "--tls_key",    dir.Write("key", client.key),
                                          "--token_file", dir.Write("token", "secret \n# x\n")};
  const auto with_flags = [&flags](std::vector<std::string> command) {
    command.insert(command.end(), flags.begin(), flags.end());
    return Kindred(command);
  };
  EXPECT_EQ(with_flags({"health"}).output, "serving\n");
  EXPECT_EQ(with_flags({"related", "tent"}).exit_status, 0);
  EXPECT_EQ(server.authorization(), "Bearer secret");
  const Outcome plain = Kindred({"health", "--server", server.address()});
  EXPECT_EQ(plain.exit_status, 1);
  EXPECT_THAT(plain.output, HasSubstr("--tls"));
  EXPECT_THAT(Kindred({"health", flags[4], flags[5]}).output, HasSubstr("--tls_cert and --tls_key go together"));
  EXPECT_THAT(Kindred({"health", "--tls_key", flags[9]}).output, HasSubstr("--tls_key: " + flags[9] + " is no PEM"));
  EXPECT_EQ(Kindred({"health", "--server", server.address(), "--tls"}).exit_status, 1) << "no system trusts it";
}

TEST(KindredCommandTest, NoServerSaysWhatToTry) {
  std::string address;
  {
    FakeServer gone(Echo);
    address = gone.address();
  }
  const Outcome outcome = Kindred({"health", "--server", address});
  EXPECT_EQ(outcome.exit_status, 1);
  EXPECT_THAT(outcome.output, AllOf(StartsWith("kindred: no answer from " + address), HasSubstr("--server HOST:PORT"),
                                    Not(HasSubstr("TLS"))));
}

TEST(KindredCommandTest, BadUsageIsTwoWithAHint) {
  const struct {
    std::vector<std::string> arguments;
    const char* hint;
  } kCases[] = {
      {{}, "which command?"},
      {{"relate", "tent"}, "no command \"relate\"; did you mean related?"},
      {{"health", "--explain"}, "it is a flag of related"},
      {{"related"}, "what query?"},
      {{"related", ""}, "what query?"},
      {{"health", "--timeout=0s"}, "--timeout must be above 0"},
      {{"health", "now"}, "unexpected argument \"now\""},
      {{"related", "tent", "--jsn"}, "--json"},
      {{"health", "--server=localhost"}, "--server localhost: the port is missing; write --server localhost:50051"},
      {{"related", "tent", "--server=[::1]"}, "the port is missing; write --server [::1]:50051"},
      {{"health", "--server=http://shop:50051"}, "--server http://shop:50051: write --server shop:50051"},
      {{"health", "--server=https://shop:443"}, "write --server shop:443 --tls"},
      {{"health", "--timeout=5"}, "a time with its unit, such as 500ms, 5s or 30m"},
      {{"health", "--tls_ca=/no/such/file"}, "--tls_ca: /no/such/file cannot be read"},
      {{"health", "--token_file=/"}, "--token_file: / cannot be read"},
      {{"health", "--tls_ca=" KINDRED_SOURCE_DIR "/README.md"}, "README.md is no PEM file"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.hint);
    const Outcome outcome = Kindred(c.arguments);
    EXPECT_EQ(outcome.exit_status, 2);
    EXPECT_THAT(outcome.output, HasSubstr(c.hint));
  }
}

TEST(KindredCommandTest, HelpNamesBothCommandsAndTheirFlags) {
  const Outcome outcome = Kindred({"--help"});
  EXPECT_EQ(outcome.exit_status, 0);
  EXPECT_THAT(outcome.output, AllOf(HasSubstr("kindred related QUERY"), HasSubstr("kindred health")));
  EXPECT_THAT(Kindred({"related", "--help"}).output, AllOf(HasSubstr("--[no]explain"), HasSubstr("--server")));
  EXPECT_THAT(Kindred({"health", "--help"}).output, AllOf(Not(HasSubstr("explain")), HasSubstr("--server")));
}

TEST(KindredCommandTest, OutputThatCannotBeWrittenIsAFailure) {
  ChildProcess process({"/bin/sh", "-c", KINDRED_BINARY_DIR "/bin/kindred --version > /dev/full"});
  EXPECT_EQ(process.Wait(), 1);
  EXPECT_EQ(process.output(), "kindred: standard output cannot be written: is its disk full?\n");
}

}  // namespace
}  // namespace kindred
