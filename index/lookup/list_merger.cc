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
  MergedCandidate candidate;
};

// Of each candidate, its share of the list. Subtracting the greatest score keeps exp() finite and changes nothing else.
std::vector<double> Softmax(const std::vector<CandidateView>& candidates) {
  std::vector<double> shares;
  if (candidates.empty()) return shares;
  shares.reserve(candidates.size());
  const auto by_score = [](const CandidateView& a, const CandidateView& b) { return a.score < b.score; };
  const double greatest = std::max_element(candidates.begin(), candidates.end(), by_score)->score;
  double sum = 0;
  for (const CandidateView& candidate : candidates) {
    shares.push_back(std::exp(static_cast<double>(candidate.score) - greatest));
    sum += shares.back();
  }
  for (double& share : shares) share /= sum;
  return shares;
}

}  // namespace

std::vector<MergedCandidate> MergeLists(absl::Span<const WeightedList> lists) {
  absl::flat_hash_map<absl::string_view, Sum> sums;
  size_t most = 0;
  for (const WeightedList& list : lists) most += list.list.candidates.size();
  sums.reserve(most);
  double weights = 0;
  for (uint32_t i = 0; i < lists.size(); ++i) {
    const std::vector<CandidateView>& candidates = lists[i].list.candidates;
    if (!candidates.empty()) weights += lists[i].weight;
    const std::vector<double> shares = Softmax(candidates);
    for (uint32_t j = 0; j < candidates.size(); ++j) {
      const auto [at, inserted] = sums.try_emplace(candidates[j].keyword);
      Sum& sum = at->second;
      const double contribution = lists[i].weight * shares[j];
      sum.score += contribution;
      if (contribution > sum.largest || inserted) {
        sum.largest = contribution;
        sum.candidate = {0, i, j};
      }
    }
  }
  std::vector<MergedCandidate> merged;
  merged.reserve(sums.size());
  for (const auto& [keyword, sum] : sums) {
    merged.push_back(sum.candidate);
    merged.back().score = static_cast<float>(sum.score / weights);
  }
  const auto candidate = [&](const MergedCandidate& of) -> const CandidateView& {
    return lists[of.list].list.candidates[of.place];
  };
  std::sort(merged.begin(), merged.end(), [&](const MergedCandidate& a, const MergedCandidate& b) {
    if (a.score != b.score) return a.score > b.score;
    return InOrderOfEquals(candidate(a), candidate(b));
  });
  return merged;
}

}  // namespace kindred
