// The trace that a call belongs to, as its caller says: W3C Trace Context, header "traceparent".
#pragma once

#include "absl/strings/string_view.h"
#include "common/logging.h"

namespace kindred {

// "trace_id" and "span_id" of a log line; empty where the header is no traceparent, whose bytes anybody may choose.
LogFields TraceFields(absl::string_view traceparent);

}  // namespace kindred
