/* /proc/sys: settings and facts of the kernel, sysctl(8)'s names. */
#pragma once

#include "fs/proc_entry.h"

extern const struct proc_entry proc_sysctl_entries[];
extern const size_t proc_sysctl_entry_count;
