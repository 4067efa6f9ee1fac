#include "index/lookup/near_search.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <numeric>

namespace kindred {
namespace {

// Lists that together weigh less than this share of what a document needs are not scanned. .2 to .5 take the same time.
constexpr double kUnscannedShare = .3;
// From so many postings on, clearing and searching all accumulators is cheaper than going through the postings again.
constexpr uint64_t kSweepPostings = 2'000;
// Documents whose accumulators are added up and swept at once: 16 KB of them.
constexpr uint32_t kSweepPart = 16'384;
constexpr uint32_t kSweepBlock = 64;  // And looked at together.
static_assert(kBandDocuments % kSweepPart == 0 && kSweepPart % kSweepBlock == 0);
constexpr size_t kAddBlock = 8;  // Postings whose last is in the part are added without a look at each.
constexpr uint64_t kLookUpCost = 16;
// Floating-point error of the bounds, relative; and what stored norms may be above or below the true ones at a band's
// end.
constexpr double kRounding = 1e-6;
constexpr double kStoredNormError = .01;

// Bit i: the i-th of kSweepBlock accumulators has at least `min_steps`. In most blocks none has,
// which their greatest tells. Every x86-64 has SSE2, so that nothing need be asked at run time.
uint64_t Reached(const uint8_t* accumulators, uint8_t min_steps) {
  uint64_t reached = 0;
#ifdef __SSE2__
  constexpr uint32_t kVectors = kSweepBlock / sizeof(__m128i);
  const __m128i least = _mm_set1_epi8(static_cast<char>(min_steps));
  const auto vector = [accumulators](uint32_t i) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(accumulators) + i);
  };
  const auto hits = [least](__m128i values) {
    return static_cast<uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_max_epu8(values, least), values)));
  };
  __m128i greatest = vector(0);
  for (uint32_t i = 1; i < kVectors; ++i) greatest = _mm_max_epu8(greatest, vector(i));
  if (hits(greatest) == 0) return 0;
  for (uint32_t i = 0; i < kVectors; ++i) reached |= uint64_t{hits(vector(i))} << (i * sizeof(__m128i));
#else
  for (uint32_t i = 0; i < kSweepBlock; ++i) reached |= static_cast<uint64_t>(accumulators[i] >= min_steps) << i;
#endif
  return reached;
}

}  // namespace

double GramWeight(double documents, double document_frequency) {
  return std::log(1 + documents / (1 + document_frequency));
}

NearSearch::NearSearch(const Options& options)
    : options_(options), accumulators_(std::make_unique<uint8_t[]>(kBandDocuments)) {}

Neighbours NearSearch::Search(const Norms& norms, absl::Span<const GramList> lists) {
  norms_ = &norms;
  found_ = Neighbours();
  if (norms.documents() == 0 || options_.neighbours == 0) return {};
  budget_ = options_.budget;
  OpenQuery(lists);
  if (grams_.empty()) return {};
  OpenBands();
  for (const BandBound& bound : bounds_) {
    if (bound.cosine < Threshold()) break;
    SearchBand(bound.band);
  }
  found_.query_norm = query_norm_;
  return std::move(found_);
}

void NearSearch::OpenQuery(absl::Span<const GramList> lists) {
  const double documents = norms_->documents();
  grams_.clear();
  for (const GramList& list : lists) {
    if (list.document_frequency() > 0) grams_.push_back({.list = &list});
  }
  const double unknown = GramWeight(documents, 0);
  double norm2 = static_cast<double>(lists.size() - grams_.size()) * unknown * unknown;
  // Equal frequencies have equal weights, so that their order changes no sum.
  std::sort(grams_.begin(), grams_.end(), [](const QueryGram& a, const QueryGram& b) {
    return a.list->document_frequency() < b.list->document_frequency();
  });
  double scanned = 0;  // Weight of all that may be.
  const size_t most_scanned = std::min(grams_.size(), options_.max_grams);
  for (size_t i = 0; i < grams_.size(); ++i) {
    const double idf = GramWeight(documents, grams_[i].list->document_frequency());
    grams_[i].weight2 = idf * idf;
    norm2 += grams_[i].weight2;
    if (i < most_scanned) scanned += grams_[i].weight2;
  }
  query_norm_ = std::sqrt(norm2);
  // Rounded up by less than a step each, they add up to 255 at most. None to 0: many light ones may weigh enough.
  step_ = scanned / (std::numeric_limits<uint8_t>::max() - static_cast<double>(most_scanned));
  for (QueryGram& gram : grams_) {
    gram.steps = static_cast<uint8_t>(std::max(1L, std::lround(gram.weight2 / step_)));
  }
}

// Fills parts_, and bounds_ with the bands that may hold a neighbour, best bound first.
void NearSearch::OpenBands() {
  band_count_ = (norms_->documents() - 1) / kBandDocuments + 1;
  parts_.assign(size_t{band_count_} * grams_.size(), LowParts());
  std::vector<double> shared(band_count_, 0);  // Weight of the grams that a band holds at all.
  for (size_t i = 0; i < grams_.size(); ++i) {
    for (const GramList::Band& band : grams_[i].list->bands()) {
      parts_[band.number * grams_.size() + i] = band.low;
      shared[band.number] += grams_[i].weight2;
    }
  }
  bounds_.clear();
  for (uint32_t band = 0; band < band_count_; ++band) {
    // The dot product is at most the shared weight, and at most |d|^2.
    const double by_grams = shared[band] / (query_norm_ * MinNorm(band));
    const double by_norm = MaxNorm(band, kBandDocuments) / query_norm_ * (1 + kStoredNormError);
    const double bound = std::min(by_grams, by_norm) * (1 + kRounding);
    if (bound > options_.min_cosine) bounds_.push_back({bound, band});
  }
  std::sort(bounds_.begin(), bounds_.end(), [](const BandBound& a, const BandBound& b) {
    return a.cosine > b.cosine || (a.cosine == b.cosine && a.band < b.band);
  });
}

double NearSearch::MinNorm(uint32_t band) const { return norms_->of(band << kBandBits); }

double NearSearch::MaxNorm(uint32_t band, uint32_t end) const {
  const uint64_t all = std::min<uint64_t>(norms_->documents(), (uint64_t{band} << kBandBits) + end);
  return norms_->per_64[(all - 1) / Norms::kBlock + 1];
}

double NearSearch::Threshold() const {
  if (found_.nearest.size() < options_.neighbours) return options_.min_cosine;
  return found_.nearest.back().cosine * (1 - kRounding);
}

void NearSearch::SearchBand(uint32_t band) {
  const absl::Span<const LowParts> band_lists(&parts_[band * grams_.size()], grams_.size());
  const Plan plan = MakePlan(band);
  if (plan.postings == 0) return;
  budget_ -= plan.postings;
  candidates_.clear();
  if (plan.postings >= kSweepPostings) {
    GatherBySweep(plan, band_lists, band);
  } else {
    GatherWhileAdding(plan, band_lists);
  }
  Finish(plan, band_lists, band);
}

NearSearch::Plan NearSearch::MakePlan(uint32_t band) {
  const LowParts* const lists = &parts_[band * grams_.size()];
  Plan plan;
  // The dot product is at most |d|^2.
  const double need_norm = Threshold() * query_norm_ / (1 + kStoredNormError) / (1 + kRounding);
  const uint32_t size = std::min(kBandDocuments, norms_->documents() - (band << kBandBits));
  while (plan.begin + kSweepPart < size && MaxNorm(band, plan.begin + kSweepPart) < need_norm) {
    plan.begin += kSweepPart;
  }
  plan.min_norm = norms_->of(band << kBandBits | plan.begin);
  const double need = Threshold() * query_norm_ * plan.min_norm;
  plan.scanned = grams_.size();
  const auto weight = [&](size_t i) { return lists[i].empty() ? 0 : grams_[i].weight2; };
  while (plan.scanned > 0 && plan.rest + weight(plan.scanned - 1) < kUnscannedShare * need) {
    plan.rest += weight(--plan.scanned);
  }
  for (size_t i = 0; i < plan.scanned; ++i) plan.postings += lists[i].size();
  // Bounds of the work. Documents that hold only the longest lists are missed; those that gathered the usual share of
  // what they need in the others, as these are rounded, are not.
  while (plan.scanned > options_.max_grams || plan.postings > budget_) {
    plan.postings -= lists[--plan.scanned].size();
    plan.rest += weight(plan.scanned);
  }
  if (plan.rest >= kUnscannedShare * need) found_.approximate = true;
  for (size_t i = 0; i < plan.scanned; ++i) {
    if (!lists[i].empty()) plan.rounded_off += std::max(0.0, grams_[i].weight2 - grams_[i].steps * step_);
  }
  plan.min_steps = MinSteps(plan, plan.min_norm);
  return plan;
}

uint8_t NearSearch::MinSteps(const Plan& plan, double min_norm) const {
  const double need = Threshold() * query_norm_ * min_norm;
  const bool too_much_rest = plan.rest >= kUnscannedShare * need;
  const double to_gather = too_much_rest ? (1 - kUnscannedShare) * need : need - plan.rest - plan.rounded_off;
  const double steps = std::floor(to_gather * (1 - kRounding) / step_);
  return static_cast<uint8_t>(std::clamp(steps, 1.0, double{std::numeric_limits<uint8_t>::max()}));
}

// Part by part of the band, so that the accumulators that change lie in the processor's first cache.
void NearSearch::GatherBySweep(const Plan& plan, absl::Span<const LowParts> band_lists, uint32_t band) {
  uint8_t* const accumulators = accumulators_.get();
  reached_.resize(plan.scanned);
  uint32_t most = 0;  // That a document can gather.
  for (size_t i = 0; i < plan.scanned; ++i) {
    reached_[i] = band_lists[i].LowerBound(0, plan.begin);
    if (!band_lists[i].empty()) most += grams_[i].steps;
  }
  for (uint32_t begin = plan.begin; begin < kBandDocuments; begin += kSweepPart) {
    const DocumentId first = band << kBandBits | begin;
    if (first >= norms_->documents()) return;
    const uint8_t min_steps = MinSteps(plan, norms_->of(first));
    if (most < min_steps) return;  // Nor can those behind, which are longer.
    const uint32_t end = begin + kSweepPart;
    for (size_t i = 0; i < plan.scanned; ++i) {
      const LowParts low = band_lists[i];
      const uint8_t steps = grams_[i].steps;
      const size_t size = low.size();
      size_t j = reached_[i];
      // Not `- begin`: the same where a list ascends, and within the part where a damaged one does not.
      const auto add = [&](size_t at) { accumulators[low[at] % kSweepPart] += steps; };
      for (; j + kAddBlock <= size && low[j + kAddBlock - 1] < end; j += kAddBlock) {
        for (size_t k = 0; k < kAddBlock; ++k) add(j + k);
      }
      for (; j < size && low[j] < end; ++j) add(j);
      reached_[i] = j;
    }
    Sweep(begin, min_steps);
  }
}

// Takes the candidates of the part of a band that begins at `begin`, and clears its accumulators. All of them, also in
// the last band: a damaged list may name any document.
void NearSearch::Sweep(uint32_t begin, uint8_t min_steps) {
  uint8_t* const part = accumulators_.get();
  for (uint32_t block = 0; block < kSweepPart; block += kSweepBlock) {
    for (uint64_t reached = Reached(part + block, min_steps); reached != 0; reached &= reached - 1) {
      const uint32_t i = block + static_cast<uint32_t>(std::countr_zero(reached));
      candidates_.push_back(uint32_t{part[i]} << 16 | (0xFFFF - (begin + i)));
    }
    std::memset(part + block, 0, kSweepBlock);
  }
}

void NearSearch::GatherWhileAdding(const Plan& plan, absl::Span<const LowParts> band_lists) {
  uint32_t gathered = 0;  // Nothing can have more.
  for (size_t i = 0; i < plan.scanned; ++i) {
    const LowParts low = band_lists[i];
    const uint8_t steps = grams_[i].steps;
    if (!low.empty()) gathered += steps;
    for (size_t j = 0; j < low.size(); ++j) {
      uint8_t& accumulator = accumulators_[low[j]];
      const bool before = accumulator >= plan.min_steps;
      accumulator = static_cast<uint8_t>(accumulator + steps);
      if (gathered >= plan.min_steps && !before && accumulator >= plan.min_steps) candidates_.push_back(low[j]);
    }
  }
  for (uint32_t& candidate : candidates_) candidate = uint32_t{accumulators_[candidate]} << 16 | (0xFFFF - candidate);
  for (size_t i = 0; i < plan.scanned; ++i) {
    for (size_t j = 0; j < band_lists[i].size(); ++j) accumulators_[band_lists[i][j]] = 0;
  }
}

// Fills ordered_ with candidates_, those that gathered most first. By counting, as all are looked at.
void NearSearch::BestFirst() {
  ordered_.resize(candidates_.size());
  std::array<uint32_t, 257> begin = {};
  for (const uint32_t candidate : candidates_) ++begin[256 - (candidate >> 16)];
  std::partial_sum(begin.begin(), begin.end(), begin.begin());
  for (const uint32_t candidate : candidates_) ordered_[begin[255 - (candidate >> 16)]++] = candidate;
}

void NearSearch::Finish(const Plan& plan, absl::Span<const LowParts> band_lists, uint32_t band) {
  const bool too_many = candidates_.size() > options_.max_candidates_per_band;
  if (too_many) {
    const auto end = candidates_.begin() + static_cast<ptrdiff_t>(options_.max_candidates_per_band);
    std::nth_element(candidates_.begin(), end, candidates_.end(), std::greater<>());
    candidates_.erase(end, candidates_.end());
  }
  BestFirst();
  const double others = plan.rounded_off + plan.rest;
  double need_of_norm = Threshold() * query_norm_;
  for (const uint32_t candidate : ordered_) {
    double at_most = (candidate >> 16) * step_ + others;
    if (at_most < need_of_norm * plan.min_norm) continue;
    const auto low = static_cast<uint16_t>(0xFFFF - (candidate & 0xFFFF));
    const DocumentId document = band << kBandBits | low;
    if (document >= norms_->documents()) continue;
    const double need = need_of_norm * norms_->of(document);
    size_t i = plan.scanned;
    for (; i < grams_.size() && at_most >= need; ++i) {
      if (!band_lists[i].empty() && !band_lists[i].Contains(low)) at_most -= grams_[i].weight2;
    }
    const uint64_t cost = kLookUpCost * (i - plan.scanned + 1);
    if (cost > budget_) {
      budget_ = 0;
      found_.approximate = true;
      return;
    }
    budget_ -= cost;
    if (at_most < need) continue;
    Offer(document, band_lists);
    need_of_norm = Threshold() * query_norm_;
  }
  // Those left out gathered no more than any of these.
  if (too_many && (ordered_.back() >> 16) * step_ + others >= need_of_norm * plan.min_norm) {
    found_.approximate = true;
  }
}

void NearSearch::Offer(DocumentId document, absl::Span<const LowParts> band_lists) {
  const auto low = static_cast<uint16_t>(document & (kBandDocuments - 1));
  double dot = 0;  // Again, without the accumulators' rounding.
  for (size_t i = 0; i < grams_.size(); ++i) {
    if (band_lists[i].Contains(low)) dot += grams_[i].weight2;
  }
  const double cosine = std::min(1.0, dot / (query_norm_ * norms_->of(document)));
  const Neighbour neighbour{document, static_cast<float>(cosine)};
  if (neighbour.cosine <= options_.min_cosine) return;
  std::vector<Neighbour>& nearest = found_.nearest;
  const auto at = std::find_if(nearest.begin(), nearest.end(), [&](const Neighbour& other) {
    return neighbour.cosine > other.cosine || (neighbour.cosine == other.cosine && document <= other.document);
  });
  if (at != nearest.end() && at->document == document) return;  // Only where a list is not ascending.
  nearest.insert(at, neighbour);
  if (nearest.size() > options_.neighbours) nearest.pop_back();
}

}  // namespace kindred
