#include "index/build/version_format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "index/build/gate.h"
#include "index/rank/rank_options.h"

namespace kindred {
namespace {

std::string Time(const char* format, int64_t ms) {
  return absl::FormatTime(format, absl::FromUnixMillis(ms), absl::UTCTimeZone());
}

// In as few digits as give the same number again.
void AppendExactly(std::string* out, float number) {
  std::array<char, 32> digits{};
  const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out->append(digits.data(), static_cast<size_t>(end - digits.data()));
}

// A watch reads hundreds of files.
std::string SomeInputs(const index::v1::IndexInfo& info) {
  constexpr int kShown = 4;
  const auto end = info.inputs().begin() + std::min(kShown, info.inputs_size());
  const int more = info.inputs_size() - kShown;
  return absl::StrCat(absl::StrJoin(info.inputs().begin(), end, ", "),
                      more > 0 ? absl::StrCat(" and ", more, " more") : "");
}

}  // namespace

std::string FormatVersion(const index::v1::IndexInfo& info) {
  std::string text = absl::StrFormat("version %d: built %s in %.1f s with %d MiB by %s\n", info.version(),
                                     Time("%Y-%m-%dT%H:%M:%SZ", info.built_at_ms()), info.build_seconds(),
                                     info.peak_memory_bytes() >> 20, info.builder());
  absl::StrAppendFormat(&text, "  log: %d rows, %d events from %s to %s, of %s\n", info.log().rows(),
                        info.log().events(), Time("%Y-%m-%d", info.log().first_event_ms()),
                        Time("%Y-%m-%d", info.log().last_event_ms()), SomeInputs(info));
  uint64_t lists = 0, keywords = 0;
  for (const index::v1::MarketInfo& market : info.markets()) {
    lists += market.lists();
    keywords += market.keywords();
  }
  absl::StrAppendFormat(&text, "  size: %d lists, %d keywords, %d bytes, checksum %s\n", lists, keywords, info.bytes(),
                        info.content_checksum());
  if (info.markets_size() > 1 || (info.markets_size() == 1 && !info.markets(0).name().empty())) {
    absl::StrAppend(&text, "  markets: ",
                    absl::StrJoin(info.markets(), ", ",
                                  [&](std::string* out, const auto& market) {
                                    absl::StrAppend(out, market.name(), " (", market.lists(), " lists",
                                                    market.name() == info.default_market() ? "; the default)" : ")");
                                  }),
                    "\n");
  }
  if (!info.weights().empty()) {
    absl::StrAppend(&text, "  ranked with --weights=", absl::StrJoin(info.weights(), ",", AppendExactly));
    if (info.weights_fitted_ms() != 0) {
      const bool constants =
          std::equal(info.weights().begin(), info.weights().end(), kDefaultWeights.begin(), kDefaultWeights.end());
      absl::StrAppend(&text,
                      constants ? ", the constants: those learned from a log were no better, at " : ", learned at ",
                      Time("%Y-%m-%d %H:%M", info.weights_fitted_ms()));
    }
    absl::StrAppend(&text, "\n");
  }
  std::vector<std::string> figures;
  for (const index::v1::QualityFigure& figure : info.quality()) {
    figures.push_back(absl::StrFormat("%s %.3f ±%.3f", figure.name(), figure.value(), figure.standard_error()));
  }
  absl::StrAppend(&text, "  quality at build: ", figures.empty() ? "not measured" : absl::StrJoin(figures, ", "), "\n");
  if (!info.has_comparison()) return text + "compared with no version: none was active\n";
  return text + FormatComparison(info.comparison());
}

}  // namespace kindred
