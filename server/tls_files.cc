#include "server/tls_files.h"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/logging.h"
#include "common/status_macros.h"
#include "index/store/files.h"
#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"

namespace kindred {
namespace {

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Context = std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>>;

constexpr size_t kMaxPemBytes = 16 << 20;

// As a person gave it, so that an error can name it.
struct PemFile {
  absl::string_view flag;
  std::string path;
  std::string pem;

  absl::Status Refuse(absl::string_view reason) const {
    return absl::InvalidArgumentError(absl::StrCat(flag, ": ", path, ": ", reason));
  }
};

absl::StatusOr<PemFile> Read(absl::string_view flag, const std::string& path) {
  auto content = ReadFile(path, kMaxPemBytes);
  if (!content.ok()) return Annotate(content.status(), flag);
  PemFile file = {flag, path, *std::move(content)};
  if (file.pem.empty()) return file.Refuse("is empty");
  return file;
}

Bio MakeBio(const std::string& pem) { return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))); }

// At least one.
absl::StatusOr<std::vector<Certificate>> ParseCertificates(const PemFile& file) {
  const Bio bio = MakeBio(file.pem);
  std::vector<Certificate> certificates;
  while (X509* const next = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) certificates.emplace_back(next);
  if (!certificates.empty()) return certificates;
  if (absl::StrContains(file.pem, "PRIVATE KEY-----")) {
    return file.Refuse("a private key; wanted is the certificate in PEM form");
  }
  return file.Refuse("no certificate in PEM form");
}

absl::StatusOr<Key> ParseKey(const PemFile& file) {
  const auto no_password = [](char*, int, int, void*) { return 0; };  // The default asks at the terminal.
  Key key(PEM_read_bio_PrivateKey(MakeBio(file.pem).get(), nullptr, no_password, nullptr));
  if (key != nullptr) return key;
  if (absl::StrContains(file.pem, "BEGIN CERTIFICATE-----") && !absl::StrContains(file.pem, "PRIVATE KEY-----")) {
    return file.Refuse("a certificate; wanted is its private key in PEM form");
  }
  return file.Refuse("no unencrypted private key in PEM form");
}

// Nothing where OpenSSL cannot tell.
std::optional<absl::Time> TimeOf(const ASN1_TIME* time) {
  tm parts = {};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return absl::FromTM(parts, absl::UTCTimeZone());
}

absl::Time StartOf(const std::vector<Certificate>& chain) {
  absl::Time last = absl::InfinitePast();
  for (const Certificate& certificate : chain) {
    last = std::max(last, TimeOf(X509_get0_notBefore(certificate.get())).value_or(last));
  }
  return last;
}

absl::Time ExpiryOf(const std::vector<Certificate>& chain) {
  absl::Time first = absl::InfiniteFuture();
  for (const Certificate& certificate : chain) {
    first = std::min(first, TimeOf(X509_get0_notAfter(certificate.get())).value_or(first));
  }
  return first;
}

// As gRPC will, which does not say why it cannot.
absl::Status CheckUsable(const PemFile& certificate_file, const Certificate& certificate, const PemFile& key_file,
                         const Key& key) {
  const Context context(SSL_CTX_new(TLS_server_method()));
  if (SSL_CTX_use_certificate(context.get(), certificate.get()) != 1) {
    return certificate_file.Refuse("OpenSSL refuses it, as for a weak key");
  }
  if (SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1) {
    return key_file.Refuse(absl::StrCat("not the key of the certificate in ", certificate_file.path));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const TlsMaterial>> Load(const TlsPaths& paths) {
  ASSIGN_OR_RETURN(PemFile certificate, Read("--tls_cert", paths.certificate));
  ASSIGN_OR_RETURN(const std::vector<Certificate> chain, ParseCertificates(certificate));
  ASSIGN_OR_RETURN(PemFile key_file, Read("--tls_key", paths.key));
  ASSIGN_OR_RETURN(const Key key, ParseKey(key_file));
  RETURN_IF_ERROR(CheckUsable(certificate, chain.front(), key_file, key));
  PemFile client_ca;
  if (!paths.client_ca.empty()) {
    ASSIGN_OR_RETURN(client_ca, Read("--tls_client_ca", paths.client_ca));
    RETURN_IF_ERROR(ParseCertificates(client_ca).status());
  }
  return std::make_shared<const TlsMaterial>(TlsMaterial{.certificate = std::move(certificate.pem),
                                                         .key = std::move(key_file.pem),
                                                         .client_ca = std::move(client_ca.pem),
                                                         .valid_from = StartOf(chain),
                                                         .expires = ExpiryOf(chain)});
}

std::string Utc(absl::Time time) { return absl::FormatTime(time, absl::UTCTimeZone()); }

bool IsValid(const TlsMaterial& material, absl::Time now) {
  return material.valid_from <= now && now <= material.expires;
}

// REQUIRES: !IsValid(material, now).
std::string WhyNotValid(const TlsMaterial& material, absl::Time now) {
  return now < material.valid_from ? absl::StrCat("is not valid before ", Utc(material.valid_from))
                                   : absl::StrCat("has expired: it was valid until ", Utc(material.expires));
}

void WarnUnlessValid(const std::string& file, const TlsMaterial& material, absl::Time now) {
  if (IsValid(material, now)) return;
  if (now < material.valid_from) {
    LogWarning("certificate is not valid yet: clients will refuse it",
               {{"file", file}, {"valid_from", Utc(material.valid_from)}});
  } else {
    LogWarning("certificate has expired: clients will refuse it", {{"file", file}, {"expired", Utc(material.expires)}});
  }
}

class TlsMetrics final : public prometheus::Collectable {
 public:
  explicit TlsMetrics(TlsFiles* files) : files_(files) {}

  std::vector<prometheus::MetricFamily> Collect() const override {
    prometheus::ClientMetric metric;
    metric.gauge.value = static_cast<double>(absl::ToUnixSeconds(files_->Current()->expires));
    return {{"kindred_certificate_expiry_timestamp_seconds",
             "When the server's certificate, or one of its chain, expires, since 1970 UTC",
             prometheus::MetricType::Gauge,
             {metric}}};
  }

 private:
  TlsFiles* const files_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<TlsFiles>> TlsFiles::Open(const TlsPaths& paths) {
  static const SystemClock clock;
  return Open(paths, &clock);
}

absl::StatusOr<std::unique_ptr<TlsFiles>> TlsFiles::Open(const TlsPaths& paths, const Clock* clock) {
  const Stamps stamps = Stamp(paths);  // Before the contents: what is written meanwhile is seen next time.
  ASSIGN_OR_RETURN(std::shared_ptr<const TlsMaterial> material, Load(paths));
  WarnUnlessValid(paths.certificate, *material, clock->Now());
  return std::unique_ptr<TlsFiles>(new TlsFiles(paths, clock, stamps, std::move(material)));
}

TlsFiles::TlsFiles(TlsPaths paths, const Clock* clock, const Stamps& stamps,
                   std::shared_ptr<const TlsMaterial> material)
    : paths_(std::move(paths)),
      clock_(clock),
      stamps_(stamps),
      material_(std::move(material)),
      stamps_in_use_(stamps) {}

TlsFiles::Stamps TlsFiles::Stamp(const TlsPaths& paths) {
  return {StampFile(paths.certificate), StampFile(paths.key), StampFile(paths.client_ca)};
}

std::shared_ptr<const TlsMaterial> TlsFiles::Current() {
  const absl::MutexLock lock(&mutex_);
  const Stamps stamps = Stamp(paths_);
  if (stamps == stamps_ && clock_->Now() < look_again_) return material_;
  return Read(stamps);
}

std::shared_ptr<const TlsMaterial> TlsFiles::Refresh() {
  const absl::MutexLock lock(&mutex_);
  return Read(Stamp(paths_));
}

std::shared_ptr<const TlsMaterial> TlsFiles::Read(const Stamps& stamps) {
  const absl::Time now = clock_->Now();
  stamps_ = stamps;
  look_again_ = absl::InfiniteFuture();
  auto material = Load(paths_);
  if (!material.ok()) {
    LogWarning("certificate refused, the one before stays", {{"reason", std::string(material.status().message())}});
  } else if (!IsValid(**material, now) && IsValid(*material_, now)) {
    look_again_ = material_->expires + absl::Seconds(1);
    if (now < (*material)->valid_from) look_again_ = std::min(look_again_, (*material)->valid_from);
    LogWarning("certificate refused, the one before stays",
               {{"reason", absl::StrCat("--tls_cert: ", paths_.certificate, ": ", WhyNotValid(**material, now))}});
  } else {
    WarnUnlessValid(paths_.certificate, **material, now);
    Take(*std::move(material));
  }
  return material_;
}

void TlsFiles::Take(std::shared_ptr<const TlsMaterial> material) {
  material_ = std::move(material);
  const std::array<const std::string*, 3> files = {&paths_.certificate, &paths_.key, &paths_.client_ca};
  for (size_t i = 0; i < files.size(); ++i) {
    if (stamps_[i] == stamps_in_use_[i]) continue;
    LogInfo("certificate reloaded", {{"file", *files[i]}, {"expires", Utc(material_->expires)}});
  }
  stamps_in_use_ = stamps_;
}

std::shared_ptr<prometheus::Collectable> MakeTlsMetrics(TlsFiles* files) { return std::make_shared<TlsMetrics>(files); }

}  // namespace kindred
