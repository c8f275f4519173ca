/*
 * A page source: what a VMA maps when it is not plain private memory. An open file is one; so will
 * be a device's frames. The floor above owns it and hands down its functions.
 */
#pragma once

#include "lib/types.h"

struct page_cache;
struct page_source;

struct page_source_ops {
    void (*get)(struct page_source *source); /* one reference more */
    void (*put)(struct page_source *source); /* one less; may sleep */
    /* Writes the name for /proc/PID/maps (no NUL needed beyond size); returns its length. */
    size_t (*name)(struct page_source *source, char *buf, size_t size);
    /* The object's size in bytes now: pages at or past its end raise SIGBUS. */
    uint64_t (*size)(struct page_source *source);
};

struct page_source {
    const struct page_source_ops *ops; /* (i) */
    struct page_cache *cache;          /* (i) NULL: cannot be mapped */
    uint64_t dev, ino;                 /* (i) for /proc/PID/maps */
    bool may_read, may_write;          /* (i) how it was opened: for mmap's EACCES */
    bool no_exec;                      /* (i) on a mount that forbids PROT_EXEC */
};
