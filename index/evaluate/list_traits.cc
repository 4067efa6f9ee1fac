#include "index/evaluate/list_traits.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

namespace kindred {
namespace {

constexpr double kAliasCosine = .8;

// "halo 3 odst", "3halo": "3 ".
std::string NumbersOf(NormalizedView query) {
  std::string numbers;
  for (const char c : query.text()) {
    if (c >= '0' && c <= '9') {
      numbers += c;
    } else if (!numbers.empty() && numbers.back() != ' ') {
      numbers += ' ';
    }
  }
  if (!numbers.empty() && numbers.back() != ' ') numbers += ' ';
  return numbers;
}

double SquaredLength(absl::Span<const ClickCounts> clicks) {
  double sum = 0;
  for (const ClickCounts& click : clicks) sum += static_cast<double>(click.users) * click.users;
  return sum;
}

double Cosine(absl::Span<const ClickCounts> x, absl::Span<const ClickCounts> y) {
  double dot = 0;
  for (size_t i = 0, j = 0; i < x.size() && j < y.size();) {
    if (x[i].item == y[j].item)
      dot += static_cast<double>(x[i++].users) * y[j++].users;
    else if (x[i].item < y[j].item)
      ++i;
    else
      ++j;
  }
  return dot > 0 ? dot / std::sqrt(SquaredLength(x) * SquaredLength(y)) : 0;
}

}  // namespace

ListReader::ListReader(const EventTable& table, const MinedLog& mined) : table_(table), mined_(mined) {}

const ListReader::Keyword& ListReader::KeywordOf(const Candidate& candidate) {
  std::unique_ptr<const Keyword>& keyword = keywords_[candidate.query_fingerprint];
  if (keyword == nullptr) {
    const NormalizedQuery query = NormalizeQuery(candidate.keyword).value_or(NormalizedQuery());
    keyword = std::make_unique<const Keyword>(Keyword{SpellingForm(query), NumbersOf(query), ClicksOf(query)});
  }
  return *keyword;
}

ListTraits ListReader::Read(NormalizedView query, absl::Span<const Candidate> list) {
  ListTraits traits;
  const SpellingForm source(query);
  const std::string numbers = NumbersOf(query);
  const absl::Span<const ClickCounts> clicks = ClicksOf(query);
  std::vector<const SpellingForm*> forms = {&source};
  for (const Candidate& candidate : list) {
    const Keyword& keyword = KeywordOf(candidate);
    for (const SpellingForm* form : forms) traits.respelling |= IsRespelling(*form, keyword.form);
    forms.push_back(&keyword.form);
    traits.alias |= numbers == keyword.numbers && Cosine(clicks, keyword.clicks) >= kAliasCosine;
    traits.no_evidence |= !candidate.evidence.any();
  }
  return traits;
}

absl::Span<const ClickCounts> ListReader::ClicksOf(NormalizedView query) const {
  const std::optional<QueryId> id = table_.Find(query);
  if (!id.has_value()) return {};
  const auto first = std::lower_bound(mined_.clicks.begin(), mined_.clicks.end(), *id,
                                      [](const ClickCounts& click, QueryId wanted) { return click.query < wanted; });
  auto last = first;
  while (last != mined_.clicks.end() && last->query == *id) ++last;
  return absl::MakeConstSpan(mined_.clicks).subspan(first - mined_.clicks.begin(), last - first);
}

double ListReader::CoClickCosine(NormalizedView a, NormalizedView b) const { return Cosine(ClicksOf(a), ClicksOf(b)); }

bool ListReader::IsAlias(NormalizedView a, NormalizedView b) const {
  return NumbersOf(a) == NumbersOf(b) && CoClickCosine(a, b) >= kAliasCosine;
}

}  // namespace kindred
