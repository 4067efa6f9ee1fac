// How long the nearest known queries of an unseen one take to find, and whether they are the nearest. Builds a real
// index of synthetic queries (English-like, Chinese-like, mixed) and asks it for changed ones; nothing is asserted.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <functional>
#include <limits>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/program.h"
#include "common/status_macros.h"
#include "index/lookup/near_search.h"
#include "index/lookup/recommender.h"
#include "index/store/index_reader.h"
#include "index/store/index_writer.h"
#include "kindred/index/v1/index_info.pb.h"
#include "tests/bench/unknown_queries.h"
#include "tests/bench/vocabulary.h"
#include "tests/index/lookup/tiny_near_index.h"
#include "tests/testing/temp_dir.h"

ABSL_FLAG(uint32_t, queries, 300'000, "known queries");
ABSL_FLAG(uint32_t, samples, 2'000, "unseen queries of each kind to time");
ABSL_FLAG(uint32_t, checked, 100, "of these, how many to compare with the nearest of all known queries");
ABSL_FLAG(uint32_t, seed, 1, "of the queries");

namespace kindred {
namespace {

using bench::UnknownQueries;

absl::StatusOr<std::shared_ptr<const IndexReader>> Build(const std::string& dir,
                                                         const std::set<NormalizedQuery>& queries) {
  ASSIGN_OR_RETURN(const auto writer, IndexWriter::Create(dir));
  RelatedList list;
  list.users = 9;
  Candidate candidate;
  candidate.evidence.users = 5;
  for (int i = 0; i < 20; ++i) {
    candidate.keyword = absl::StrCat("keyword ", i);
    candidate.score = static_cast<float>(-i);
    list.candidates.push_back(candidate);
  }
  for (const NormalizedQuery& query : queries) {
    list.display.assign(query.text().data(), query.text().size());
    RETURN_IF_ERROR(writer->Add("", query, list));
  }
  index::v1::IndexInfo info;
  info.set_version(1);
  info.add_markets();
  (*info.mutable_parameters())["min_users"] = absl::StrCat(2);
  ASSIGN_OR_RETURN(info, writer->Finish(std::move(info)));
  std::printf("%zu queries, %.1f bytes a query in all\n", queries.size(),
              static_cast<double>(info.bytes()) / static_cast<double>(queries.size()));
  ASSIGN_OR_RETURN(auto reader, IndexReader::Open(dir, IndexReader::Options()));
  return std::shared_ptr<const IndexReader>(std::move(reader));
}

// Of this thread's processor time, the least of three: what else the machine does disturbs it less than the clock on
// the wall.
double Microseconds(const std::function<void()>& what) {
  const auto now = [] {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) * 1e-3;
  };
  double least = std::numeric_limits<double>::infinity();
  for (int i = 0; i < 3; ++i) {
    const double begin = now();
    what();
    least = std::min(least, now() - begin);
  }
  return least;
}

struct Times {
  std::vector<double> us;
  double At(double quantile) {
    std::sort(us.begin(), us.end());
    return us.empty() ? 0 : us[static_cast<size_t>(quantile * static_cast<double>(us.size() - 1))];
  }
};

// The gram lists, the search, both, and the whole recommendation.
struct Row {
  Times lists, search, both, recommend;
  size_t approximate = 0, found = 0, wanted = 0;
};

absl::Status Measure(const IndexReader& reader, const Recommender& recommender, const NormalizedQuery& query,
                     const testing::TinyNearIndex* truth, Row& row) {
  static NearSearch* const search = new NearSearch();
  absl::StatusOr<std::vector<GramList>> lists;
  row.lists.us.push_back(Microseconds([&] { lists = reader.GramLists("", DistinctGrams(query)); }));
  RETURN_IF_ERROR(lists.status());
  Neighbours near;
  row.search.us.push_back(Microseconds([&] { near = search->Search(reader.norms(""), *lists); }));
  row.both.us.push_back(row.lists.us.back() + row.search.us.back());
  row.approximate += near.approximate ? 1 : 0;
  if (truth != nullptr) {
    const std::vector<Neighbour> wanted = truth->BruteForce(query, 3, .30F);
    row.wanted += wanted.size();
    for (const Neighbour& neighbour : near.nearest) {
      row.found += neighbour.cosine > wanted.back().cosine - 1e-5F ? 1 : 0;
    }
  }
  absl::StatusOr<Recommendation> answer;
  row.recommend.us.push_back(Microseconds([&] { answer = recommender.Recommend("", query, 8); }));
  return answer.status();
}

absl::Status Run() {
  bench::Vocabulary vocabulary(absl::GetFlag(FLAGS_seed));
  std::set<NormalizedQuery> queries;
  while (queries.size() < absl::GetFlag(FLAGS_queries)) {
    ASSIGN_OR_RETURN(NormalizedQuery query, NormalizeQuery(absl::StrJoin(vocabulary.Query(), " ")));
    if (!query.empty()) queries.insert(std::move(query));
  }
  const testing::TempDir dir;
  ASSIGN_OR_RETURN(const std::shared_ptr<const IndexReader> reader, Build(dir.File("index"), queries));
  const testing::TinyNearIndex truth(queries);
  const Recommender recommender(reader);
  std::printf(
      "processor us   |  gram lists    |     search: median, p99, max  | both          | whole answer: and max  | "
      "recall\n");
  std::vector<std::string> known;
  for (const NormalizedQuery& query : queries) known.emplace_back(query.text());
  UnknownQueries unknown(std::move(known), absl::GetFlag(FLAGS_seed));
  for (size_t kind = 0; kind < UnknownQueries::kKinds.size(); ++kind) {
    Row row;
    for (uint32_t i = 0; i < absl::GetFlag(FLAGS_samples); ++i) {
      const NormalizedQuery query = unknown.OfKind(static_cast<UnknownQueries::Kind>(kind));
      RETURN_IF_ERROR(Measure(*reader, recommender, query, i < absl::GetFlag(FLAGS_checked) ? &truth : nullptr, row));
    }
    std::printf(
        "%-14s | %6.0f %7.0f | %8.0f %8.0f %8.0f   | %6.0f %6.0f | %6.0f %6.0f %6.0f  | %zu of %zu, %zu approximate\n",
        UnknownQueries::kKinds[kind].name, row.lists.At(.5), row.lists.At(.99), row.search.At(.5), row.search.At(.99),
        row.search.At(1), row.both.At(.5), row.both.At(.99), row.recommend.At(.5), row.recommend.At(.99),
        row.recommend.At(1), row.found, row.wanted, row.approximate);
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace kindred

int main(int argc, char** argv) {
  kindred::ParseProgramFlags("near_bench [--queries N]: times and checks the search for near queries", argc, argv);
  return kindred::Finish("near_bench", kindred::Run());
}
