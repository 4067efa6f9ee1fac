// kindred-index mine: the counts of pairs of queries alone, as a table for analysts.
#pragma once

#include "common/commands.h"

namespace kindred {

Command MakeMineCommand();

}  // namespace kindred
