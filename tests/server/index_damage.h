// Damages a published version on purpose.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

namespace kindred::testing {

// Flips a byte in the middle of the largest file of a version's folder.
inline void DamageVersion(const std::string& dir) {
  std::filesystem::path largest;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(dir)) {
    if (entry.is_regular_file() && (largest.empty() || entry.file_size() > std::filesystem::file_size(largest))) {
      largest = entry.path();
    }
  }
  std::fstream file(largest, std::ios::in | std::ios::out | std::ios::binary);
  const auto middle = static_cast<std::streamoff>(std::filesystem::file_size(largest) / 2);
  file.seekg(middle);
  const char byte = static_cast<char>(file.get());
  file.seekp(middle);
  file.put(static_cast<char>(byte ^ 0x40));
}

}  // namespace kindred::testing
