// kindred-index stage: one part of a build on several machines, as a process of its own. index/spark/kindred_build.py
// runs it.
#pragma once

#include "common/commands.h"

namespace kindred {

Command MakeStageCommand();

}  // namespace kindred
