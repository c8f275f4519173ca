/*
 * The one function that answers every page fault: find the VMA, check the right, get the page from
 * its source, copy if it must, map it.
 */
#pragma once

#include "mm/mm.h"

enum fault_access { FAULT_READ, FAULT_WRITE, FAULT_EXEC };

enum fault_result {
    FAULT_OK,        /* mapped: try again */
    FAULT_NO_VMA,    /* no mapping: SIGSEGV, SEGV_MAPERR */
    FAULT_NO_RIGHT,  /* the mapping forbids it: SIGSEGV, SEGV_ACCERR */
    FAULT_BUS,       /* past the end of the file, or its read failed: SIGBUS, BUS_ADRERR */
    FAULT_NO_MEMORY, /* memory is short, and killing others did not help: the process dies */
    FAULT_KILLED,    /* a fatal signal came while waiting */
};

/*
 * Resolves a fault at va. Takes mm->lock for reading; may sleep. Counts in the task's usage. When
 * memory is short it has the largest process killed (mm/oom.h) and waits for what that brings.
 */
enum fault_result mm_fault(struct mm *mm, vaddr_t va, enum fault_access access);

/*
 * Faults in every page of [start, end), for writing where the VMA is private and writable; ends at
 * the first that cannot be (MAP_POPULATE, MAP_LOCKED).
 */
void mm_populate(struct mm *mm, vaddr_t start, vaddr_t end);

/* One line's worth of what is at va, for the report: "no mapping", or the VMA and its rights. */
size_t mm_describe(struct mm *mm, vaddr_t va, char *buf, size_t size);

/* Copies to or from another process's memory (for /proc/PID/cmdline, exec's stack): returns the
 * bytes copied. */
size_t mm_copy_out(struct mm *mm, vaddr_t src, void *dst, size_t n);
size_t mm_copy_in(struct mm *mm, vaddr_t dst, const void *src, size_t n);
