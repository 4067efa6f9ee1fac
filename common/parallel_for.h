// Work in independent parts, on several threads.
#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/functional/function_ref.h"

namespace kindred {

// Calls body(worker, i) once for each i below `count`, in no order. Each worker, from 0 to threads - 1, is one thread,
// worker 0 the caller's: what a body keeps by worker needs no lock. Returns when all is done. REQUIRES: threads >= 1.
void ParallelFor(uint32_t threads, size_t count, absl::FunctionRef<void(uint32_t worker, size_t i)> body);

}  // namespace kindred
