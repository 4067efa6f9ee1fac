#include "server/tls_files.h"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/logging.h"
#include "common/status_macros.h"
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

absl::StatusOr<std::string> Read(const std::string& path) {
  std::ostringstream content;
  if (content << std::ifstream(path, std::ios::binary).rdbuf(); content.good()) return content.str();
  return absl::NotFoundError(absl::StrCat(path, ": cannot be read, or is empty"));
}

Bio MakeBio(const std::string& pem) { return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))); }

// At least one.
absl::StatusOr<std::vector<Certificate>> ParseCertificates(const std::string& path, const std::string& pem) {
  const Bio bio = MakeBio(pem);
  std::vector<Certificate> certificates;
  while (X509* const next = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) certificates.emplace_back(next);
  if (certificates.empty()) return absl::InvalidArgumentError(absl::StrCat(path, ": no certificate in PEM form"));
  return certificates;
}

absl::StatusOr<Key> ParseKey(const std::string& path, const std::string& pem) {
  const auto no_password = [](char*, int, int, void*) { return 0; };  // The default asks at the terminal.
  Key key(PEM_read_bio_PrivateKey(MakeBio(pem).get(), nullptr, no_password, nullptr));
  if (key == nullptr) return absl::InvalidArgumentError(absl::StrCat(path, ": no unencrypted private key in PEM form"));
  return key;
}

absl::Time ExpiryOf(const std::vector<Certificate>& chain) {
  absl::Time first = absl::InfiniteFuture();
  for (const Certificate& certificate : chain) {
    tm time = {};
    if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &time) == 1) {
      first = std::min(first, absl::FromTM(time, absl::UTCTimeZone()));
    }
  }
  return first;
}

// As gRPC will, which does not say why it cannot.
absl::Status CheckUsable(const TlsPaths& paths, const Certificate& certificate, const Key& key) {
  const Context context(SSL_CTX_new(TLS_server_method()));
  if (SSL_CTX_use_certificate(context.get(), certificate.get()) != 1) {
    return absl::InvalidArgumentError(absl::StrCat(paths.certificate, ": OpenSSL refuses it, as for a weak key"));
  }
  if (SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat(paths.key, ": not the key of the certificate in ", paths.certificate));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const TlsMaterial>> Load(const TlsPaths& paths) {
  TlsMaterial material;
  ASSIGN_OR_RETURN(material.certificate, Read(paths.certificate));
  ASSIGN_OR_RETURN(const std::vector<Certificate> chain, ParseCertificates(paths.certificate, material.certificate));
  ASSIGN_OR_RETURN(material.key, Read(paths.key));
  ASSIGN_OR_RETURN(const Key key, ParseKey(paths.key, material.key));
  RETURN_IF_ERROR(CheckUsable(paths, chain.front(), key));
  if (!paths.client_ca.empty()) {
    ASSIGN_OR_RETURN(material.client_ca, Read(paths.client_ca));
    RETURN_IF_ERROR(ParseCertificates(paths.client_ca, material.client_ca).status());
  }
  material.expires = ExpiryOf(chain);
  if (material.expires < absl::Now()) {
    LogWarning("certificate has expired: clients will refuse it",
               {{"file", paths.certificate}, {"expired", absl::FormatTime(material.expires, absl::UTCTimeZone())}});
  }
  return std::make_shared<const TlsMaterial>(std::move(material));
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
  const Stamps stamps = Stamp(paths);  // Before the contents: what is written meanwhile is seen next time.
  ASSIGN_OR_RETURN(std::shared_ptr<const TlsMaterial> material, Load(paths));
  return std::unique_ptr<TlsFiles>(new TlsFiles(paths, stamps, std::move(material)));
}

TlsFiles::TlsFiles(TlsPaths paths, const Stamps& stamps, std::shared_ptr<const TlsMaterial> material)
    : paths_(std::move(paths)), stamps_(stamps), material_(std::move(material)) {}

TlsFiles::Stamps TlsFiles::Stamp(const TlsPaths& paths) {
  return {StampFile(paths.certificate), StampFile(paths.key), StampFile(paths.client_ca)};
}

std::shared_ptr<const TlsMaterial> TlsFiles::Current() {
  const absl::MutexLock lock(&mutex_);
  const Stamps stamps = Stamp(paths_);
  if (stamps == stamps_) return material_;
  stamps_ = stamps;
  auto material = Load(paths_);
  if (material.ok()) {
    material_ = *std::move(material);
    LogInfo("certificate reloaded",
            {{"file", paths_.certificate}, {"expires", absl::FormatTime(material_->expires, absl::UTCTimeZone())}});
  } else {
    LogWarning("certificate refused, the one before stays", {{"reason", std::string(material.status().message())}});
  }
  return material_;
}

std::shared_ptr<prometheus::Collectable> MakeTlsMetrics(TlsFiles* files) { return std::make_shared<TlsMetrics>(files); }

}  // namespace kindred
