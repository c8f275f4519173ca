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

/*
 * One VMA's line: its length. A name that does not fit in size is cut off, or, with may_wait, the
 * whole line is left out: 0. mm->lock is held.
 */
size_t mm_maps_line(const struct mm *mm, const struct vma *vma, char *buf, size_t size,
                    bool may_wait);
