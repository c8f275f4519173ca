/* Process groups: what more than one floor asks of them. */
#pragma once

#include "lib/types.h"

struct process;

/*
 * Whether nobody could continue the group if it stopped: no member has a parent in another group of
 * its session (POSIX 1003.1-2017, 3.264). `without` (may be NULL) does not count as a member.
 * process_lock is held.
 */
bool process_group_is_orphaned(pid_t pgid, const struct process *without);

/* Whether a member of the group is stopped. process_lock is held. */
bool process_group_has_stopped(pid_t pgid);

/* Whether the session has a group of this number. process_lock is held. */
bool process_group_exists(pid_t pgid, pid_t sid);
