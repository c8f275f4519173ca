/* The files of /proc that tell of the machine as a whole, outside of /proc/sys. */
#pragma once

#include "fs/proc_entry.h"

extern const struct proc_entry proc_system_entries[];
extern const size_t proc_system_entry_count;
