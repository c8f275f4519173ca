/* The text of /proc/PID/smaps. */
#pragma once

#include "mm/mm.h"

/* The least that a buffer holds; a name that does not fit in what is left is cut off. */
#define SMAPS_BUFFER_MIN 1024

/*
 * Writes what there is to say of the first VMA at or above *cursor (0: the first) to buf, of
 * SMAPS_BUFFER_MIN bytes or more, and moves *cursor past it. Returns the bytes, no NUL counted; 0
 * at the end. Takes mm->lock for reading, and table_lock for a table at a time; pages may come and
 * go between two tables.
 *
 * Linux's format, proc_pid_smaps(5), of its fields those that can be other than 0 here.
 */
size_t mm_smaps_text(struct mm *mm, char *buf, size_t size, vaddr_t *cursor);
