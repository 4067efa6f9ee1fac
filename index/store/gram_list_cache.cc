#include "index/store/gram_list_cache.h"

#include <rocksdb/cache.h>

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace kindred {
namespace {

void DeleteList(const rocksdb::Slice& /*key*/, void* list) { delete static_cast<GramList*>(list); }

}  // namespace

GramListCache::GramListCache(std::shared_ptr<rocksdb::Cache> cache)
    : cache_(std::move(cache)), id_(absl::StrCat("gram list ", cache_->NewId(), " ")) {}

GramListCache::~GramListCache() {
  std::vector<std::string> keys;
  cache_->ApplyToAllEntries(
      [&](const rocksdb::Slice& key, void*, size_t, rocksdb::Cache::DeleterFn) {
        if (key.starts_with(id_)) keys.push_back(key.ToString());
      },
      {});
  for (const std::string& key : keys) cache_->Erase(key);
}

std::optional<GramList> GramListCache::Find(const std::string& key) const {
  rocksdb::Cache::Handle* const handle = cache_->Lookup(id_ + key);
  if (handle == nullptr) return std::nullopt;
  GramList list = *static_cast<const GramList*>(cache_->Value(handle));
  cache_->Release(handle);
  return list;
}

void GramListCache::Insert(const std::string& key, const GramList& list, size_t bytes) const {
  // Without a handle an insertion cannot fail: where there is no room, the list is dropped and deleted.
  const size_t charge = sizeof(GramList) + list.bands().size() * sizeof(GramList::Band) + bytes;
  cache_->Insert(id_ + key, new GramList(list), charge, &DeleteList).PermitUncheckedError();
}

}  // namespace kindred
