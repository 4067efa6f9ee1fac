// Which build this is: the release number of CMakeLists.txt and the commit that was built.
#pragma once

namespace kindred {

extern const char* const kVersion;  // "0.1.0"
extern const char* const kCommit;   // "3f2a9c1d0b7e", or "unknown" outside a checkout

}  // namespace kindred
