// Which queries may never be shown to another shopper: personal data, addresses of pages, markup, attacks and campaign
// codes. Shops have shown their shoppers SQL injections, and one shopper's e-mail address to another.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"

namespace kindred {

enum class ScreenReason : uint8_t {
  kNone,
  kEmail,
  kPhone,
  kCardNumber,
  kIdentityNumber,
  kUrl,
  kMarkup,
  kAttack,
  kCampaignCode,
};

// kNone where the query may be shown, else the first reason found. `raw` is the query as typed, in UTF-8: the normal
// form has lost the punctuation that tells (full width, case and %XX are folded here). Thread-safe; an ordinary query
// takes some tens of nanoseconds, any query time in proportion to its length.
//
// On purpose not found: barcodes and ISBNs, model numbers, prices and dates; ten digits without separators that do not
// begin with 09 (ISBN-10s do look so); bare shop names such as "asos.com", which shoppers type as names.
ScreenReason ScreenQuery(absl::string_view raw);

// For reports: "e-mail address"; "none" for kNone.
absl::string_view ScreenReasonName(ScreenReason reason);

}  // namespace kindred
