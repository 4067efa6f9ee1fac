// Telephone, payment card and identity numbers within a text, told from barcodes, model numbers and prices by their
// form and check digits.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"

namespace kindred {

enum class PersonalNumber : uint8_t { kNone, kPhone, kCard, kIdentity };

// The first found in `text`, lower case, half width. A number is a row of digits, or groups of them one separator
// (space,
// '-', '.', parentheses) apart, that no Latin letter touches. Thread-safe.
//   Phone: Taiwan mobile (09..), landline with area code apart, Japanese mobile, North American 3-3-4, any with '+'.
//   Card: 14 to 19 digits of a known issuer that pass the Luhn check.
//   Identity: Taiwan's national ID and resident certificates, mainland China's, each with a right check digit; US SSN.
PersonalNumber FindPersonalNumber(absl::string_view text);

}  // namespace kindred
