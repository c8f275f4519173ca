/*
 * Getting a page for a fault and mapping it: the part of a page fault that comes after the VMA was
 * found and the right checked. One function for each case of
 *
 *                      nothing is mapped              mapped read-only, and written to
 *     private memory   zero page, or a zeroed page    copied, unless nobody else has it
 *     private file     the cache's page, or a copy    copied
 *     shared           the cache's page               made writable and dirty
 *
 * The caller holds mm->lock for reading; all sleep. A page is got without table_lock, then mapped
 * under it if the entry is still as it was seen; if not, another thread resolved the fault, and the
 * instruction is simply tried again (FAULT_OK).
 */
#pragma once

#include "mm/fault.h"
#include "mm/pgtable.h"

struct fault {
    struct mm *mm;
    struct vma *vma; /* contains va and allows the access */
    vaddr_t va;      /* of the page */
    enum fault_access access;
    pte_t seen; /* the entry, as it was when the case was chosen */
    bool major; /* had to wait for a read */
};

/* Private memory, nothing mapped: seen is 0. */
enum fault_result fault_anon(struct fault *f);

/* A page of a source, nothing mapped: seen is 0. */
enum fault_result fault_source(struct fault *f);

/* A write to a read-only page of a private mapping. */
enum fault_result fault_copy(struct fault *f);

/* A write to a read-only page of a shared mapping. */
enum fault_result fault_make_dirty(struct fault *f);
