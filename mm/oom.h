/*
 * When there is no memory left, and nothing more to reclaim: the largest process is killed.
 */
#pragma once

#include "lib/types.h"

/*
 * Called without locks by a fault that got no memory, again and again until it does: kills the
 * process with the most memory, unless one that was killed is still about to die, and sleeps a
 * little. *since is 0 at the first call.
 *
 * 0: try again. -EINTR: the running task itself is to die. -ENOMEM: nothing has come for
 * OOM_GIVE_UP_NS, or there is nobody to kill.
 */
int oom_relieve(uint64_t *since);

#define OOM_GIVE_UP_NS 20000000000UL
