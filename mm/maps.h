/* The text of /proc/PID/maps. */
#pragma once

#include "mm/mm.h"

/* The least that a buffer holds; only a name too long for the whole buffer is cut off. */
#define MAPS_BUFFER_MIN 256

/*
 * Writes lines, whole ones only, for the VMAs at or above *cursor (0: the first) to buf, of
 * MAPS_BUFFER_MIN bytes or more, and moves *cursor past what was written. Returns the bytes, no
 * NUL counted; 0 at the end. Takes mm->lock for reading; between two calls mappings may change,
 * but none that stays is left out or comes twice.
 *
 * One line: Linux's format, proc_pid_maps(5).
 */
size_t mm_maps_text(struct mm *mm, char *buf, size_t size, vaddr_t *cursor);
