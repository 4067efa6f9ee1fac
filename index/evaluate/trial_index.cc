#include "index/evaluate/trial_index.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "index/store/index_reader.h"
#include "index/store/index_writer.h"
#include "kindred/index/v1/index_info.pb.h"

namespace kindred {

TrialIndex::TrialIndex(std::string folder) : folder_(std::move(folder)) {}

TrialIndex::~TrialIndex() {
  recommender_ = nullptr;  // Closes the files first.
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

absl::StatusOr<std::unique_ptr<const TrialIndex>> TrialIndex::Build(const std::vector<EventTable>& tables,
                                                                    const std::vector<MinedLog>& mined,
                                                                    const RankOptions& rank, std::string folder,
                                                                    uint32_t threads) {
  std::unique_ptr<TrialIndex> index(new TrialIndex(std::move(folder)));
  ASSIGN_OR_RETURN(const std::unique_ptr<IndexWriter> writer, IndexWriter::Create(index->folder_));
  for (size_t i = 0; i < tables.size(); ++i) {
    ASSIGN_OR_RETURN(const RankedCounts counts, RankAll(tables[i], mined[i], rank, *writer, nullptr, threads));
    index->lists_ += counts.lists;
    index->keywords_ += counts.keywords;
  }
  index::v1::IndexInfo info;
  (*info.mutable_parameters())["min_users"] = absl::StrCat(rank.min_users);  // The recommender asks for it.
  RETURN_IF_ERROR(writer->Finish(std::move(info)).status());
  ASSIGN_OR_RETURN(std::shared_ptr<const IndexReader> reader, IndexReader::Open(index->folder_, {}));
  index->recommender_ = std::make_unique<Recommender>(std::move(reader));
  return index;
}

}  // namespace kindred
