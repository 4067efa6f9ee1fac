// kindred-index build.
#pragma once

#include "common/commands.h"

namespace kindred {

Command MakeBuildCommand();

}  // namespace kindred
