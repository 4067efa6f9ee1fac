// The least that a gRPC callback server can do: answers any call with the same bytes. The floor of every comparison.
#pragma once

#include <string>

namespace kindred::bench {

// Prints "serving port=N" and serves on loopback until killed.
[[noreturn]] void ServeBare(int bytes);

}  // namespace kindred::bench
