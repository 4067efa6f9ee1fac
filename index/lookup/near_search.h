// The exact nearest known queries of an unseen one, by idf-weighted cosine of their grams, in bounded work.
//   g(q, d) = sum over shared grams w^2 / (|q| |d|),   w = idf = ln(1 + V / (1 + df)),
// V = documents of the market, df = documents that hold the gram; a gram of q that no document holds (df = 0) counts
// too, in |q|^2. |d| is the stored norm, hence g is off by .0001 at a million documents; in an index of a few dozen,
// where one step of a stored norm is coarse, by a few percent.
//
// Documents are numbered by norm, so that in a band of 65,536 of them a threshold on the cosine is one on the dot
// product:
//   1. Bands are visited by their upper bound of g, until that is below the k-th best g found; of a band, the parts
//      whose documents are neither too short nor too long to be nearer.
//   2. The longest lists of a band, which together could not lift a document over 0.3 of what it needs, are not
//   scanned.
//      The others are added up, in 255 steps, in one byte a document.
//   3. Documents that could still get there are finished by binary search in the lists not scanned, best first, so that
//      the threshold rises early.
// Why so and not otherwise (MinHash, SymSpell, prefix filters, MaxScore): measured, those are slower, larger or miss
// some.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "index/store/gram_list.h"
#include "index/store/norms.h"

namespace kindred {

// w of a gram.
double GramWeight(double documents, double document_frequency);

struct Neighbour {
  DocumentId document = 0;
  float cosine = 0;
  friend bool operator==(const Neighbour&, const Neighbour&) = default;
};

struct Neighbours {
  // Cosine down, then document up: a total order.
  std::vector<Neighbour> nearest;
  double query_norm = 0;  // |q|.
  // Whether a bound of the work was met, so that a nearer document may have been missed. Cosines are right all the
  // same.
  bool approximate = false;
};

// Not thread-safe: holds the scratch of one search, up to .35 MB and 16 bytes for each gram of the query in each
// band: .7 MB at ten million queries. Searches do not depend on earlier ones.
class NearSearch {
 public:
  struct Options {
    size_t neighbours = 3;
    float min_cosine = .30F;  // Exclusive.
    // Lists scanned: the rarest. 200-byte strings have up to 150 grams, others at most a few dozen. The rest is looked
    // up. 1 to 254.
    size_t max_grams = 64;
    // In postings of scanned lists; a candidate, and each look-up of one, counts as 16. Offered candidates are looked
    // up once more, which does not count. Where lists would exceed it, the longest are not scanned; where candidates
    // do, those left are passed over. Measured: recall 1.000 at 2 million documents, .944 at 10 million; of 1,000
    // strings of 200 bytes at a million documents the slowest search took 4.5 ms.
    uint64_t budget = 1'000'000;
    // At least 1. Those that gathered most are finished, the others passed over. Measured at a million documents: met
    // by 2 of 10,000 queries, without loss.
    size_t max_candidates_per_band = 4096;
  };

  NearSearch() : NearSearch(Options()) {}
  explicit NearSearch(const Options& options);

  // `lists` of the query's grams, decoded for norms.documents(), in any order; empty ones of those that the market does
  // not know. REQUIRES: `norms` is as MakeNorms() or DecodeNorms() gives it.
  Neighbours Search(const Norms& norms, absl::Span<const GramList> lists);

 private:
  struct QueryGram {
    const GramList* list = nullptr;
    double weight2 = 0;  // w^2.
    uint8_t steps = 0;   // w^2 in accumulator steps, rounded.
  };
  struct BandBound {
    double cosine = 0;
    uint32_t band = 0;
  };
  // Which part and which lists of a band are scanned, and what a document must gather in them.
  struct Plan {
    uint32_t begin = 0;      // Documents before this one are too short to be near.
    double min_norm = 0;     // Of the others.
    size_t scanned = 0;      // grams_[0, scanned) are scanned, the others looked up.
    uint64_t postings = 0;   // Of those scanned.
    double rest = 0;         // Weight of the others.
    double rounded_off = 0;  // By which the weights of those scanned may exceed their steps.
    uint8_t min_steps = 1;   // Accumulated by each candidate.
  };

  void OpenQuery(absl::Span<const GramList> lists);
  void OpenBands();
  double MinNorm(uint32_t band) const;
  // Of the documents from band * 65,536 to `end` of the band.
  double MaxNorm(uint32_t band, uint32_t end) const;
  // A cosine below this cannot be among the nearest; one equal to it may, by its document.
  double Threshold() const;
  void SearchBand(uint32_t band);
  Plan MakePlan(uint32_t band);
  uint8_t MinSteps(const Plan& plan, double min_norm) const;
  void GatherBySweep(const Plan& plan, absl::Span<const LowParts> band_lists, uint32_t band);
  void GatherWhileAdding(const Plan& plan, absl::Span<const LowParts> band_lists);
  void Sweep(uint32_t begin, uint8_t min_steps);
  void BestFirst();
  void Finish(const Plan& plan, absl::Span<const LowParts> band_lists, uint32_t band);
  void Offer(DocumentId document, absl::Span<const LowParts> band_lists);

  const Options options_;
  std::unique_ptr<uint8_t[]> accumulators_;  // One a document of a band; all 0 between bands.
  std::vector<uint32_t> candidates_;         // Steps * 65,536 + 65,535 - low part: the greatest is the best.
  std::vector<uint32_t> ordered_;            // The same, best first.
  std::vector<size_t> reached_;              // In each list of a band: what is added up so far.

  // Of the current search.
  const Norms* norms_ = nullptr;
  uint32_t band_count_ = 0;
  std::vector<QueryGram> grams_;  // Rarest first.
  std::vector<LowParts> parts_;   // Of each band, of each gram.
  std::vector<BandBound> bounds_;
  double query_norm_ = 0;
  double step_ = 0;  // What one accumulator step is worth.
  uint64_t budget_ = 0;
  Neighbours found_;
};

}  // namespace kindred
