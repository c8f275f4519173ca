/*
 * An address space: VMAs, page table, and the accounting of both. Shared by the tasks of a process
 * (and by a vfork child until it execs).
 *
 * Locks: mm->lock (reader-writer, sleeping): written to change the set of VMAs or their rights,
 * read by page faults; tagged (m). mm->table_lock (spin): the page table's entries, taken inside;
 * tagged (pt). Order: mm->lock, page lock bit, cache->lock, table_lock.
 *
 * A task's mm pointer is its own to read; it changes under process_lock, so that another task may
 * take a reference to it there.
 */
#pragma once

#include "arch/pte.h"
#include "kernel/spinlock.h"
#include "mm/vma.h"
#include "sched/rw_lock.h"

struct task;

/* Linux's default for vm.max_map_count (Documentation/admin-guide/sysctl/vm.rst). */
#define MM_VMA_MAX 65530

/* The stack's limit until exec sets another: Linux's _STK_LIM. */
#define MM_STACK_LIMIT (8 * MIB)

/* No limit: Linux's RLIM_INFINITY. */
#define MM_NO_LIMIT UINT64_MAX

struct mm {
    _Atomic uint32_t refs;
    struct rw_lock lock;
    struct vma_tree vmas; /* (m) */
    struct spinlock table_lock;
    pte_t *root;                         /* (i) root page table, kernel half shared */
    _Atomic uint64_t harts;              /* (a) harts on which it is loaded now: for shoot-downs */
    _Atomic uint64_t rss_anon, rss_file; /* (a) pages mapped; the zero page is not counted */
    _Atomic uint64_t table_pages;        /* (a) page-table pages, the root included */
    uint64_t total_pages;                /* (m) pages in VMAs: against RLIMIT_AS */
    uint64_t data_pages;                 /* (m) of these private and writable: RLIMIT_DATA */
    _Atomic uint64_t peak_rss;           /* (a) */
    vaddr_t brk_start, brk;              /* (m) */
    vaddr_t stack_start;                 /* (i) initial sp's top */
    vaddr_t mmap_top;                    /* (i) mmap searches downwards from here */
    vaddr_t arg_start, arg_end, env_start, env_end; /* (i) for /proc/PID/cmdline */
    vaddr_t vdso;                                   /* (i) where [vdso] is mapped; 0: nowhere */
    struct page_source *exe; /* (i) the program's file, a reference; NULL: none yet */
    uint64_t as_limit, data_limit, stack_limit; /* (m) bytes, from rlimits */
};

/* An empty address space with one reference; NULL when memory is short. */
struct mm *mm_create(void);

static inline void mm_get(struct mm *mm)
{
    mm->refs++;
}

/*
 * Gives a reference back; the last one tears all down and returns every page. No hart has the page
 * table loaded then: a task that ends calls mm_exchange(NULL) first. May sleep.
 */
void mm_put(struct mm *mm);

/* Loads the page table on this hart (NULL: the kernel's own). Interrupts are off. */
void mm_switch(struct mm *prev, struct mm *next);

/*
 * Gives the running task another address space (NULL: none) and loads it. Takes over the caller's
 * reference on next and returns the old one with its reference, or NULL.
 */
struct mm *mm_exchange(struct mm *next);

/* Asserts VMA tree and page tables against one another. Takes mm->lock. */
void mm_check(struct mm *mm);

/* Caches of this floor, the zero page, reclaim; after slab_init() and page_cache_init_all(). */
void mm_init(void);
