// Certificates made on the spot.
#pragma once

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <functional>
#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace kindred::testing {

struct Identity {
  std::string certificate;  // PEM, as the key.
  std::string key;
};

// Signs certificates. Objects of OpenSSL live as long as the test program.
class CertificateAuthority {
 public:
  explicit CertificateAuthority(const std::string& name = "test authority") : key_(EVP_EC_gen("P-256")) {
    certificate_ = Make(name, key_, absl::Now() + absl::Hours(24), /*authority=*/true);
  }

  std::string certificate() const {
    return Pem([this](BIO* out) { PEM_write_bio_X509(out, certificate_); });
  }

  // Of a server or client that is reached at 127.0.0.1 or localhost.
  Identity Issue(const std::string& name, absl::Time expires = absl::Now() + absl::Hours(24)) const {
    EVP_PKEY* const key = EVP_EC_gen("P-256");
    X509* const certificate = Make(name, key, expires, /*authority=*/false);
    return {Pem([&](BIO* out) { PEM_write_bio_X509(out, certificate); }), KeyPem(key)};
  }

  static std::string KeyPem(EVP_PKEY* key, const char* password = nullptr) {
    return Pem([&](BIO* out) {
      PEM_write_bio_PrivateKey(out, key, password == nullptr ? nullptr : EVP_aes_128_cbc(), nullptr, 0, nullptr,
                               const_cast<char*>(password));
    });
  }

 private:
  static std::string Pem(const std::function<void(BIO*)>& write) {
    BIO* const out = BIO_new(BIO_s_mem());
    write(out);
    char* bytes = nullptr;
    const long length = BIO_get_mem_data(out, &bytes);  // NOLINT: OpenSSL's type.
    std::string pem(bytes, length);
    BIO_free(out);
    return pem;
  }

  X509* Make(const std::string& name, EVP_PKEY* key, absl::Time expires, bool authority) const {
    static int serial = 0;
    X509* const made = X509_new();
    X509_set_version(made, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made), ++serial);
    ASN1_TIME_set(X509_getm_notBefore(made), absl::ToTimeT(absl::Now() - absl::Hours(48)));
    ASN1_TIME_set(X509_getm_notAfter(made), absl::ToTimeT(expires));
    X509_set_pubkey(made, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(made, X509_get_subject_name(authority ? made : certificate_));
    AddExtension(made, NID_basic_constraints, authority ? "critical,CA:TRUE" : "CA:FALSE");
    if (!authority) AddExtension(made, NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost");
    EXPECT_GT(X509_sign(made, key_, EVP_sha256()), 0);
    return made;
  }

  static void AddExtension(X509* certificate, int nid, const char* value) {
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
  }

  EVP_PKEY* const key_;
  X509* certificate_ = nullptr;
};

}  // namespace kindred::testing
