#include "server/tls_files.h"

#include <filesystem>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"
#include "tests/testing/certificates.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::kindred::testing::CertificateAuthority;
using ::kindred::testing::HasStatus;
using ::kindred::testing::Identity;
using ::kindred::testing::TempDir;
using ::testing::AllOf;
using ::testing::HasSubstr;

class TlsFilesTest : public ::testing::Test {
 protected:
  TlsPaths Write(const Identity& identity) {
    return {dir_.Write("server.crt", identity.certificate), dir_.Write("server.key", identity.key), ""};
  }

  const TempDir dir_;
  const CertificateAuthority authority_;
  const Identity identity_ = authority_.Issue("one");
};

TEST_F(TlsFilesTest, HoldsWhatTheFilesHold) {
  TlsPaths paths = Write(authority_.Issue("one", absl::FromUnixSeconds(2'000'000'000)));
  paths.client_ca = dir_.Write("ca.crt", authority_.certificate());
  ASSERT_OK_AND_ASSIGN(const auto files, TlsFiles::Open(paths));
  EXPECT_TRUE(files->wants_client_certificates());
  EXPECT_THAT(files->Current()->certificate, HasSubstr("BEGIN CERTIFICATE"));
  EXPECT_EQ(files->Current()->client_ca, authority_.certificate());
  EXPECT_EQ(files->Current()->expires, absl::FromUnixSeconds(2'000'000'000));
  EXPECT_EQ(files->Current(), files->Current()) << "read once";
}

TEST_F(TlsFilesTest, WhatCannotBeUsedIsNamedAtTheStart) {
  const TlsPaths good = Write(identity_);
  const std::string nonsense = dir_.Write("nonsense", "-----BEGIN NONSENSE-----");
  const std::string locked =
      dir_.Write("locked.key", CertificateAuthority::KeyPem(CertificateAuthority::NewKey(), "password"));
  const std::string other = dir_.Write("other.key", authority_.Issue("other").key);
  const std::string gone = dir_.File("gone");
  const auto with = [&good](std::string TlsPaths::*file, const std::string& path) {
    TlsPaths paths = good;
    paths.*file = path;
    return paths;
  };
  const struct {
    TlsPaths paths;
    absl::StatusCode code;
    std::string file;
    const char* reason;
  } kCases[] = {
      {with(&TlsPaths::certificate, gone), absl::StatusCode::kNotFound, gone, "cannot be read"},
      {with(&TlsPaths::certificate, dir_.path()), absl::StatusCode::kNotFound, dir_.path(), "cannot be read"},
      {with(&TlsPaths::certificate, nonsense), absl::StatusCode::kInvalidArgument, nonsense, "no certificate"},
      {with(&TlsPaths::key, gone), absl::StatusCode::kNotFound, gone, "cannot be read"},
      {with(&TlsPaths::key, nonsense), absl::StatusCode::kInvalidArgument, nonsense, "no unencrypted private key"},
      {with(&TlsPaths::key, locked), absl::StatusCode::kInvalidArgument, locked, "no unencrypted private key"},
      {with(&TlsPaths::key, other), absl::StatusCode::kInvalidArgument, other, "not the key of the certificate"},
      {with(&TlsPaths::client_ca, gone), absl::StatusCode::kNotFound, gone, "cannot be read"},
      {with(&TlsPaths::client_ca, nonsense), absl::StatusCode::kInvalidArgument, nonsense, "no certificate"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(absl::StrCat(c.file, ": ", c.reason));
    EXPECT_THAT(TlsFiles::Open(c.paths), HasStatus(c.code, AllOf(HasSubstr(c.file), HasSubstr(c.reason))));
  }
}

TEST_F(TlsFilesTest, NewCertificateIsTakenOnceItsKeyIsThereToo) {
  ASSERT_OK_AND_ASSIGN(const auto files, TlsFiles::Open(Write(identity_)));
  const Identity next = authority_.Issue("two");
  dir_.Write("server.crt", next.certificate);
  EXPECT_EQ(files->Current()->certificate, identity_.certificate) << "the key is still the old one's";
  dir_.Write("server.key", next.key);
  EXPECT_EQ(files->Current()->certificate, next.certificate);
  EXPECT_EQ(files->Current()->key, next.key);
}

TEST_F(TlsFilesTest, OldOneStaysWhereTheFilesAreDamagedOrGone) {
  ASSERT_OK_AND_ASSIGN(const auto files, TlsFiles::Open(Write(identity_)));
  dir_.Write("server.crt", identity_.certificate.substr(0, identity_.certificate.size() / 2));
  EXPECT_EQ(files->Current()->certificate, identity_.certificate);
  std::filesystem::remove(dir_.File("server.crt"));
  EXPECT_EQ(files->Current()->certificate, identity_.certificate);
  Write(authority_.Issue("two"));
  EXPECT_NE(files->Current()->certificate, identity_.certificate);
}

TEST_F(TlsFilesTest, PrometheusIsToldOfTheFirstOfTheChainToExpire) {
  const CertificateAuthority other;
  Identity chain = authority_.Issue("one", absl::FromUnixSeconds(2'000'000'000));
  chain.certificate += authority_.Issue("intermediate", absl::FromUnixSeconds(1'900'000'000)).certificate;
  ASSERT_OK_AND_ASSIGN(const auto files, TlsFiles::Open(Write(chain)));
  const auto metrics = MakeTlsMetrics(files.get());
  const auto expiry = [&] { return metrics->Collect().at(0).metric.at(0).gauge.value; };
  EXPECT_EQ(metrics->Collect().at(0).name, "kindred_certificate_expiry_timestamp_seconds");
  EXPECT_EQ(expiry(), 1'900'000'000);
  Write(authority_.Issue("two", absl::FromUnixSeconds(1'000'000'000)));
  EXPECT_EQ(expiry(), 1'000'000'000) << "asking reloads; an expired one is taken, with a warning";
}

}  // namespace
}  // namespace kindred
