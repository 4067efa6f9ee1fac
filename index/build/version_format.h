// What one version records of itself, for people.
#pragma once

#include <string>

#include "kindred/index/v1/index_info.pb.h"

namespace kindred {

// When and from what it was built, its size, its weights as --weights takes them, its quality at build, and how it did
// beside the version that was active then: what a person asks who is to decide whether it is published.
std::string FormatVersion(const index::v1::IndexInfo& info);

}  // namespace kindred
