// Publishes a version of made-up rows, for trials and other benchmarks.
//   ninja make_index && bin/make_index --index DIR --queries 10000000
#include <cstdio>
#include <string>

#include "absl/flags/flag.h"
#include "common/program.h"
#include "common/status_macros.h"
#include "tests/bench/synthetic_index.h"

ABSL_FLAG(std::string, index, "", "Folder of the index; created where missing.");
ABSL_FLAG(uint64_t, queries, 1'000'000, "Queries that have a list.");
ABSL_FLAG(uint64_t, keywords, 20, "Keywords of each.");
ABSL_FLAG(uint32_t, seed, 1, "Of the queries.");

namespace kindred::bench {
namespace {

absl::Status Make() {
  if (absl::GetFlag(FLAGS_index).empty()) return BadUsage("--index DIR is missing");
  ASSIGN_OR_RETURN(const IndexVersion version,
                   PublishSyntheticIndex(absl::GetFlag(FLAGS_index), {.queries = absl::GetFlag(FLAGS_queries),
                                                                      .seed = absl::GetFlag(FLAGS_seed),
                                                                      .keywords = absl::GetFlag(FLAGS_keywords)}));
  std::printf("published version %llu\n", static_cast<unsigned long long>(version));
  return absl::OkStatus();
}

}  // namespace
}  // namespace kindred::bench

int main(int argc, char** argv) {
  kindred::ParseProgramFlags("publishes an index of made-up rows.\n", argc, argv);
  return kindred::Finish("make_index", kindred::bench::Make());
}
