// A market's strings and a reader's report as parts of a block.
#pragma once

#include "index/log/row_report.h"
#include "index/mine/table_parts.h"
#include "index/stage/block_file.h"

namespace kindred {

// What is read of a damaged block is unspecified; the reader tells, also where strings are out of order.
class FrameCodec {
 public:
  static void Write(const TableFrame& frame, BlockFileWriter& writer);
  static TableFrame Read(BlockFileReader& reader);
  static void WriteReport(const ReadReport& report, BlockFileWriter& writer);
  static ReadReport ReadRows(BlockFileReader& reader);
};

}  // namespace kindred
