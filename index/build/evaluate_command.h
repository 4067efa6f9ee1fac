// kindred-index evaluate.
#pragma once

#include "common/commands.h"

namespace kindred {

Command MakeEvaluateCommand();

}  // namespace kindred
