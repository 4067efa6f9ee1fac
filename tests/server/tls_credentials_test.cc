// TLS over a real socket, as clients meet it.
#include "server/tls_credentials.h"

#include <optional>
#include <string>

#include "client/related_search_client.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/test_server.h"
#include "tests/testing/certificates.h"

namespace kindred {
namespace {

using ::kindred::testing::Asking;
using ::kindred::testing::CertificateAuthority;
using ::kindred::testing::HasStatus;
using ::kindred::testing::Identity;
using ::kindred::testing::MakeLists;
using ::kindred::testing::TempDir;
using ::kindred::testing::TestServer;
using ::testing::_;

class TlsCredentialsTest : public ::testing::Test {
 protected:
  // Starts a server with `identity`, which asks for certificates of `client_ca` where that is not empty.
  void Start(const Identity& identity, const std::string& client_ca = "") {
    Write(identity);
    TlsPaths paths = {dir_.File("server.crt"), dir_.File("server.key"), ""};
    if (!client_ca.empty()) paths.client_ca = dir_.Write("clients.crt", client_ca);
    ASSERT_OK_AND_ASSIGN(files_, TlsFiles::Open(paths));
    server_ = std::make_unique<TestServer>(::kindred::testing::TinyMarkets{{"", MakeLists({{"tent", {"stove"}}})}},
                                           Responder::Options(),
                                           GrpcServer::Options{.listen = "127.0.0.1:0", .tls = files_.get()});
  }
  void Write(const Identity& identity) {
    dir_.Write("server.crt", identity.certificate);
    dir_.Write("server.key", identity.key);
  }
  // Over a connection of its own.
  absl::Status Ask(std::optional<RelatedSearchClient::Tls> tls) {
    const RelatedSearchClient client(
        {.server = server_->address(), .deadline = absl::Seconds(20), .max_attempts = 1, .tls = std::move(tls)});
    return client.GetRelatedKeywords(Asking("tent")).status();
  }

  const TempDir dir_;
  const CertificateAuthority authority_;
  const CertificateAuthority stranger_{"stranger"};
  std::unique_ptr<TlsFiles> files_;
  std::unique_ptr<TestServer> server_;
};

TEST_F(TlsCredentialsTest, ClientsThatTrustTheAuthorityAreServedAndNoOthers) {
  Start(authority_.Issue("server"));
  EXPECT_OK(Ask(RelatedSearchClient::Tls{authority_.certificate(), "", ""}));
  EXPECT_THAT(Ask(RelatedSearchClient::Tls{stranger_.certificate(), "", ""}),
              HasStatus(absl::StatusCode::kUnavailable, _));
  EXPECT_THAT(Ask(std::nullopt), HasStatus(absl::StatusCode::kUnavailable, _)) << "plain text";
  EXPECT_OK(Ask(RelatedSearchClient::Tls{authority_.certificate(), "", ""}));
}

TEST_F(TlsCredentialsTest, MutualTlsWantsACertificateOfTheAuthority) {
  const CertificateAuthority clients("clients");
  Start(authority_.Issue("server"), clients.certificate());
  const auto with = [this](const Identity& identity) {
    return RelatedSearchClient::Tls{authority_.certificate(), identity.certificate, identity.key};
  };
  EXPECT_OK(Ask(with(clients.Issue("page"))));
  EXPECT_THAT(Ask(with({})), HasStatus(absl::StatusCode::kUnavailable, _));
  EXPECT_THAT(Ask(with(stranger_.Issue("page"))), HasStatus(absl::StatusCode::kUnavailable, _));
  EXPECT_THAT(Ask(with(clients.Issue("page", absl::Now() - absl::Hours(1)))),
              HasStatus(absl::StatusCode::kUnavailable, _))
      << "expired";
}

TEST_F(TlsCredentialsTest, ChangedCertificateIsUsedForNewConnectionsAndOldOnesLiveOn) {
  Start(authority_.Issue("server"));
  const RelatedSearchClient connected({.server = server_->address(),
                                       .deadline = absl::Seconds(20),
                                       .max_attempts = 1,
                                       .tls = RelatedSearchClient::Tls{authority_.certificate(), "", ""}});
  ASSERT_OK(connected.GetRelatedKeywords(Asking("tent")));
  Write(stranger_.Issue("server"));
  EXPECT_OK(Ask(RelatedSearchClient::Tls{stranger_.certificate(), "", ""}));
  EXPECT_THAT(Ask(RelatedSearchClient::Tls{authority_.certificate(), "", ""}),
              HasStatus(absl::StatusCode::kUnavailable, _));
  EXPECT_OK(connected.GetRelatedKeywords(Asking("tent")));
}

TEST_F(TlsCredentialsTest, ABadPairTakesNothingDown) {
  Start(authority_.Issue("server"));
  const RelatedSearchClient::Tls tls{authority_.certificate(), "", ""};
  dir_.Write("server.key", authority_.Issue("another").key);
  EXPECT_OK(Ask(tls));
  dir_.Write("server.crt", "");
  EXPECT_OK(Ask(tls));
  Write(authority_.Issue("server", absl::Now() - absl::Hours(1)));
  EXPECT_OK(Ask(tls)) << "expired, where that in use is not";
  Write(stranger_.Issue("server"));
  EXPECT_OK(Ask(RelatedSearchClient::Tls{stranger_.certificate(), "", ""})) << "a good one is taken again";
}

}  // namespace
}  // namespace kindred
