/*
 * User page tables: the lower half of a root table and the tables below it. Nothing here knows
 * VMAs. The caller holds mm->table_lock where entries change; tables, once there, stay until
 * teardown or until pgtable_unlink() takes out the empty ones under mm->lock for writing.
 *
 * An entry of the last level is in one of three states:
 *
 *     0                    nothing is mapped
 *     V set                maps a page with the rights of R, W, X; U and A always, D if W
 *     V clear, not 0       holds a page that nobody may touch now (PROT_NONE): the hardware
 *                          ignores all else of an entry without V (Privileged spec 1.12, 4.3.1)
 */
#pragma once

#include "arch/pte.h"
#include "lib/list.h"

/* A root with the kernel's half in it, or NULL. Sleeps. */
pte_t *pgtable_create(void);

/* Frees a root whose lower half is empty. */
void pgtable_destroy(pte_t *root);

/* A zeroed page for a table, or NULL. Sleeps. */
struct page *pgtable_page_alloc(void);

/* The last-level entry for va, or NULL if its table is not there. */
pte_t *pgtable_lookup(pte_t *root, vaddr_t va);

/*
 * The same, adding *spare (a page of pgtable_page_alloc(), or NULL) as a table where one is
 * missing; *spare is NULL once it is used. NULL if a table is missing still.
 */
pte_t *pgtable_build(pte_t *root, vaddr_t va, struct page **spare);

/*
 * The first entries at or after *va whose table is there, within one table: returns the entry for
 * the address to which *va is moved, and how many follow it in *count (at least 1), none at or past
 * `end`. NULL, with *va == end, if there are no tables up to there.
 */
pte_t *pgtable_run(pte_t *root, vaddr_t *va, vaddr_t end, size_t *count);

/*
 * The entries that lead to va, the root's first, up to and with the first that points to no further
 * table: how many they are, 1 to PT_LEVELS.
 */
unsigned pgtable_walk(const pte_t *root, vaddr_t va, pte_t entries[PT_LEVELS]);

/* What has been unmapped, and how far around it there is no mapping either. */
struct pgtable_gap {
    vaddr_t start, end; /* unmapped just now */
    vaddr_t low, high;  /* [low, high) contains it, and nothing is mapped in it */
};

/*
 * Takes out the tables that serve [start, end) and map nothing outside of [low, high), and puts
 * their pages on the list (by page->link); returns how many. Their memory may be freed when every
 * hart has forgotten all translations.
 */
size_t pgtable_unlink(pte_t *root, const struct pgtable_gap *gap, struct list_head *tables);

/* How many tables there are, the root included: for checks. */
size_t pgtable_count(const pte_t *root);

/* Stores an entry; what was stored to its page before is visible to who finds it. */
static inline void pte_write(pte_t *slot, pte_t pte)
{
    __atomic_store_n(slot, pte, __ATOMIC_RELEASE);
}
