#include "server/tls_files.h"

#include <openssl/pem.h>
#include <openssl/x509.h>

#include <filesystem>
#include <memory>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"
#include "tests/testing/certificates.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::kindred::testing::CertificateAuthority;
using ::kindred::testing::FakeClock;
using ::kindred::testing::HasStatus;
using ::kindred::testing::Identity;
using ::kindred::testing::TempDir;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class TlsFilesTest : public ::testing::Test {
 protected:
  TlsPaths Write(const Identity& identity) {
    return {dir_.Write("server.crt", identity.certificate), dir_.Write("server.key", identity.key), ""};
  }

  // The same certificate, but from `start` on only.
  static Identity From(absl::Time start, const Identity& identity) {
    const auto bio = [](const std::string& pem) {
      return std::unique_ptr<BIO, decltype(&BIO_free_all)>(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                           &BIO_free_all);
    };
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(
        PEM_read_bio_X509(bio(identity.certificate).get(), nullptr, nullptr, nullptr), &X509_free);
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
        PEM_read_bio_PrivateKey(bio(identity.key).get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
    ASN1_TIME_set(X509_getm_notBefore(certificate.get()), absl::ToTimeT(start));
    EXPECT_GT(X509_sign(certificate.get(), key.get(), EVP_sha256()), 0);
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> out(BIO_new(BIO_s_mem()), &BIO_free_all);
    PEM_write_bio_X509(out.get(), certificate.get());
    char* bytes = nullptr;
    const long length = BIO_get_mem_data(out.get(), &bytes);  // NOLINT: OpenSSL's type.
    return {std::string(bytes, length), identity.key};
  }

  // Looks at the files and returns what was logged meanwhile.
  static std::string LookAndReadLog(TlsFiles& files) {
    ::testing::internal::CaptureStdout();  // Before InitLogging(), spdlog logs here.
    files.Current();
    return ::testing::internal::GetCapturedStdout();
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
  const std::string empty = dir_.Write("empty", "");
  const auto missing = absl::StatusCode::kNotFound;
  const auto folder = absl::StatusCode::kInternal;
  const auto bad = absl::StatusCode::kInvalidArgument;
  const auto with = [&good](std::string TlsPaths::*file, const std::string& path) {
    TlsPaths paths = good;
    paths.*file = path;
    return paths;
  };
  const struct {
    TlsPaths paths;
    absl::StatusCode code;
    const std::string message;
  } kCases[] = {
      {with(&TlsPaths::certificate, gone), missing, absl::StrCat("--tls_cert: ", gone, ": No such file or directory")},
      {with(&TlsPaths::certificate, dir_.path()), folder,
       absl::StrCat("--tls_cert: ", dir_.path(), ": Is a directory")},
      {with(&TlsPaths::certificate, empty), bad, absl::StrCat("--tls_cert: ", empty, ": is empty")},
      {with(&TlsPaths::certificate, nonsense), bad,
       absl::StrCat("--tls_cert: ", nonsense, ": no certificate in PEM form")},
      {with(&TlsPaths::certificate, good.key), bad,
       absl::StrCat("--tls_cert: ", good.key, ": a private key; wanted is the certificate in PEM form")},
      {with(&TlsPaths::key, gone), missing, absl::StrCat("--tls_key: ", gone, ": No such file or directory")},
      {with(&TlsPaths::key, empty), bad, absl::StrCat("--tls_key: ", empty, ": is empty")},
      {with(&TlsPaths::key, nonsense), bad,
       absl::StrCat("--tls_key: ", nonsense, ": no unencrypted private key in PEM form")},
      {with(&TlsPaths::key, locked), bad,
       absl::StrCat("--tls_key: ", locked, ": no unencrypted private key in PEM form")},
      {with(&TlsPaths::key, good.certificate), bad,
       absl::StrCat("--tls_key: ", good.certificate, ": a certificate; wanted is its private key in PEM form")},
      {with(&TlsPaths::key, other), bad,
       absl::StrCat("--tls_key: ", other, ": not the key of the certificate in ", good.certificate)},
      {with(&TlsPaths::client_ca, gone), missing,
       absl::StrCat("--tls_client_ca: ", gone, ": No such file or directory")},
      {with(&TlsPaths::client_ca, empty), bad, absl::StrCat("--tls_client_ca: ", empty, ": is empty")},
      {with(&TlsPaths::client_ca, nonsense), bad,
       absl::StrCat("--tls_client_ca: ", nonsense, ": no certificate in PEM form")},
      {with(&TlsPaths::client_ca, good.key), bad,
       absl::StrCat("--tls_client_ca: ", good.key, ": a private key; wanted is the certificate in PEM form")},
  };
  for (const auto& c : kCases) EXPECT_THAT(TlsFiles::Open(c.paths), HasStatus(c.code, c.message));
}

TEST_F(TlsFilesTest, OneThatClientsRefuseNowIsTakenAtTheStartWithAWarning) {
  const auto open = [this](const Identity& identity) {
    ::testing::internal::CaptureStdout();  // Before InitLogging(), spdlog logs here.
    EXPECT_OK(TlsFiles::Open(Write(identity)).status());
    return ::testing::internal::GetCapturedStdout();
  };
  EXPECT_THAT(open(identity_), IsEmpty());
  EXPECT_THAT(open(authority_.Issue("old", absl::FromUnixSeconds(1'000'000'000))),
              AllOf(HasSubstr("certificate has expired: clients will refuse it"), HasSubstr(dir_.File("server.crt")),
                    HasSubstr("expired=2001-09-09T01:46:40")));
  EXPECT_THAT(
      open(From(absl::FromUnixSeconds(4'000'000'000), authority_.Issue("new", absl::FromUnixSeconds(4'100'000'000)))),
      AllOf(HasSubstr("certificate is not valid yet: clients will refuse it"), HasSubstr(dir_.File("server.crt")),
            HasSubstr("valid_from=2096-10-02T07:06:40")));
}

TEST_F(TlsFilesTest, AnExpiredOneDoesNotReplaceOneThatIsValid) {
  ASSERT_OK_AND_ASSIGN(const auto files, TlsFiles::Open(Write(identity_)));
  Write(authority_.Issue("old", absl::FromUnixSeconds(1'000'000'000)));
  EXPECT_THAT(LookAndReadLog(*files),
              AllOf(HasSubstr("certificate refused, the one before stays"), HasSubstr(dir_.File("server.crt")),
                    HasSubstr("has expired: it was valid until 2001-09-09T01:46:40"), Not(HasSubstr("reloaded")),
                    Not(HasSubstr("clients will refuse it"))));
  EXPECT_EQ(files->Current()->certificate, identity_.certificate);
  EXPECT_THAT(LookAndReadLog(*files), IsEmpty()) << "one warning a change";
  const Identity next = authority_.Issue("next");
  Write(next);
  EXPECT_EQ(files->Current()->certificate, next.certificate);
}

TEST_F(TlsFilesTest, AnExpiredOneIsReplacedByWhateverCanBeUsed) {
  ASSERT_OK_AND_ASSIGN(const auto files,
                       TlsFiles::Open(Write(authority_.Issue("old", absl::FromUnixSeconds(1'000'000'000)))));
  Write(authority_.Issue("less old", absl::FromUnixSeconds(1'100'000'000)));
  EXPECT_THAT(LookAndReadLog(*files),
              AllOf(HasSubstr("certificate reloaded"), HasSubstr("certificate has expired: clients will refuse it")));
  EXPECT_EQ(files->Current()->expires, absl::FromUnixSeconds(1'100'000'000));
}

TEST_F(TlsFilesTest, OneThatIsNotValidYetIsTakenOnceItIs) {
  FakeClock clock;
  clock.now = absl::Now();
  const absl::Time start = absl::FromUnixSeconds(absl::ToUnixSeconds(clock.now)) + absl::Hours(1);
  ASSERT_OK_AND_ASSIGN(const auto files, TlsFiles::Open(Write(identity_), &clock));
  const Identity early = From(start, authority_.Issue("early"));
  Write(early);
  EXPECT_THAT(LookAndReadLog(*files),
              AllOf(HasSubstr("certificate refused, the one before stays"), HasSubstr(dir_.File("server.crt")),
                    HasSubstr("is not valid before "), HasSubstr(absl::FormatTime(start, absl::UTCTimeZone()))));
  clock.now = start - absl::Seconds(1);
  EXPECT_THAT(LookAndReadLog(*files), IsEmpty());
  EXPECT_EQ(files->Current()->certificate, identity_.certificate);
  clock.now = start;
  EXPECT_THAT(LookAndReadLog(*files), HasSubstr("certificate reloaded")) << "without another change";
  EXPECT_EQ(files->Current()->certificate, early.certificate);
}

TEST_F(TlsFilesTest, OneThatWasRefusedIsTakenOnceThatInUseHasExpired) {
  FakeClock clock;
  clock.now = absl::Now();
  ASSERT_OK_AND_ASSIGN(const auto files, TlsFiles::Open(Write(identity_), &clock));
  const Identity late = From(clock.now + absl::Hours(72), authority_.Issue("late", clock.now + absl::Hours(99)));
  Write(late);
  EXPECT_EQ(files->Current()->certificate, identity_.certificate);
  clock.now += absl::Hours(25);
  EXPECT_THAT(LookAndReadLog(*files), AllOf(HasSubstr("certificate is not valid yet"), HasSubstr("reloaded")));
  EXPECT_EQ(files->Current()->certificate, late.certificate);
}

TEST_F(TlsFilesTest, EachFileThatChangedIsNamed) {
  TlsPaths paths = Write(identity_);
  paths.client_ca = dir_.Write("ca.crt", authority_.certificate());
  ASSERT_OK_AND_ASSIGN(const auto files, TlsFiles::Open(paths));
  const auto reloaded = [](const std::string& file) { return HasSubstr("certificate reloaded file=" + file + " "); };
  dir_.Write("ca.crt", CertificateAuthority("another authority").certificate());
  EXPECT_THAT(LookAndReadLog(*files),
              AllOf(reloaded(paths.client_ca), Not(reloaded(paths.certificate)), Not(reloaded(paths.key))));
  const Identity next = authority_.Issue("two");
  dir_.Write("server.crt", next.certificate);
  EXPECT_THAT(LookAndReadLog(*files), Not(HasSubstr("reloaded"))) << "the key is still the old one's";
  dir_.Write("server.key", next.key);
  EXPECT_THAT(LookAndReadLog(*files),
              AllOf(reloaded(paths.certificate), reloaded(paths.key), Not(reloaded(paths.client_ca))))
      << "since those in use";
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

TEST_F(TlsFilesTest, WhatWasRefusedIsTriedAgainOnRefreshThoughItDidNotChange) {
  ASSERT_OK_AND_ASSIGN(const auto files, TlsFiles::Open(Write(identity_)));
  dir_.Write("server.crt", "nonsense");
  EXPECT_THAT(LookAndReadLog(*files), HasSubstr("certificate refused"));
  EXPECT_THAT(LookAndReadLog(*files), IsEmpty());
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(files->Refresh()->certificate, identity_.certificate);
  EXPECT_THAT(::testing::internal::GetCapturedStdout(), HasSubstr("certificate refused"));
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
  Write(authority_.Issue("two", absl::FromUnixSeconds(1'950'000'000)));
  EXPECT_EQ(expiry(), 1'950'000'000) << "asking reloads";
}

}  // namespace
}  // namespace kindred
