// Certificates made on the spot.
#pragma once

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <functional>
#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace kindred::testing {

struct Identity {
  std::string certificate;  // PEM, as the key.
  std::string key;
};

// Signs certificates.
class CertificateAuthority {
 public:
  using Key = std::shared_ptr<EVP_PKEY>;
  static Key NewKey() { return Key(EVP_EC_gen("P-256"), &EVP_PKEY_free); }

  explicit CertificateAuthority(const std::string& name = "test authority") : key_(NewKey()) {
    certificate_ = Make(name, key_, absl::Now() + absl::Hours(24), /*authority=*/true);
  }

  std::string certificate() const {
    return Pem([this](BIO* out) { PEM_write_bio_X509(out, certificate_.get()); });
  }

  // Of a server or client that is reached at 127.0.0.1 or localhost.
  Identity Issue(const std::string& name, absl::Time expires = absl::Now() + absl::Hours(24)) const {
    const Key key = NewKey();
    const Certificate certificate = Make(name, key, expires, /*authority=*/false);
    return {Pem([&](BIO* out) { PEM_write_bio_X509(out, certificate.get()); }), KeyPem(key)};
  }

  static std::string KeyPem(const Key& key, const char* password = nullptr) {
    return Pem([&](BIO* out) {
      PEM_write_bio_PrivateKey(out, key.get(), password == nullptr ? nullptr : EVP_aes_128_cbc(), nullptr, 0, nullptr,
                               const_cast<char*>(password));
    });
  }

 private:
  using Certificate = std::shared_ptr<X509>;

  static std::string Pem(const std::function<void(BIO*)>& write) {
    BIO* const out = BIO_new(BIO_s_mem());
    write(out);
    char* bytes = nullptr;
    const long length = BIO_get_mem_data(out, &bytes);  // NOLINT: OpenSSL's type.
    std::string pem(bytes, length);
    BIO_free(out);
    return pem;
  }

  Certificate Make(const std::string& name, const Key& key, absl::Time expires, bool authority) const {
    static int serial = 0;
    Certificate certificate(X509_new(), &X509_free);
    X509* const made = certificate.get();
    X509_set_version(made, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made), ++serial);
    ASN1_TIME_set(X509_getm_notBefore(made), absl::ToTimeT(absl::Now() - absl::Hours(48)));
    ASN1_TIME_set(X509_getm_notAfter(made), absl::ToTimeT(expires));
    X509_set_pubkey(made, key.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(made, X509_get_subject_name(authority ? made : certificate_.get()));
    AddExtension(made, NID_basic_constraints, authority ? "critical,CA:TRUE" : "CA:FALSE");
    if (!authority) AddExtension(made, NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost");
    EXPECT_GT(X509_sign(made, key_.get(), EVP_sha256()), 0);
    return certificate;
  }

  static void AddExtension(X509* certificate, int nid, const char* value) {
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
  }

  const Key key_;
  Certificate certificate_;
};

}  // namespace kindred::testing
