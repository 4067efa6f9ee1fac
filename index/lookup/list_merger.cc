#include "index/lookup/list_merger.h"

#include <algorithm>
#include <cmath>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace kindred {
namespace {

struct Sum {
  double score = 0;
  double largest = 0;  // Contribution of one list.
  size_t list = 0;     // Which.
  const Candidate* candidate = nullptr;
};

// Of each candidate, its share of the list. Subtracting the greatest score keeps exp() finite and changes nothing else.
std::vector<double> Softmax(const std::vector<Candidate>& candidates) {
  std::vector<double> shares;
  if (candidates.empty()) return shares;
  shares.reserve(candidates.size());
  const auto by_score = [](const Candidate& a, const Candidate& b) { return a.score < b.score; };
  const double greatest = std::max_element(candidates.begin(), candidates.end(), by_score)->score;
  double sum = 0;
  for (const Candidate& candidate : candidates) {
    shares.push_back(std::exp(static_cast<double>(candidate.score) - greatest));
    sum += shares.back();
  }
  for (double& share : shares) share /= sum;
  return shares;
}

}  // namespace

std::vector<MergedCandidate> MergeLists(absl::Span<const WeightedList> lists) {
  absl::flat_hash_map<absl::string_view, Sum> sums;
  double weights = 0;
  for (size_t i = 0; i < lists.size(); ++i) {
    const std::vector<Candidate>& candidates = lists[i].list.candidates;
    if (!candidates.empty()) weights += lists[i].weight;
    const std::vector<double> shares = Softmax(candidates);
    for (size_t j = 0; j < candidates.size(); ++j) {
      Sum& sum = sums[candidates[j].keyword];
      const double contribution = lists[i].weight * shares[j];
      sum.score += contribution;
      if (contribution > sum.largest || sum.candidate == nullptr) {
        sum.largest = contribution;
        sum.list = i;
        sum.candidate = &candidates[j];
      }
    }
  }
  std::vector<MergedCandidate> merged;
  merged.reserve(sums.size());
  for (const auto& [keyword, sum] : sums) {
    merged.push_back({*sum.candidate, sum.list});
    merged.back().candidate.score = static_cast<float>(sum.score / weights);
  }
  std::sort(merged.begin(), merged.end(),
            [](const MergedCandidate& a, const MergedCandidate& b) { return InListOrder(a.candidate, b.candidate); });
  return merged;
}

}  // namespace kindred
