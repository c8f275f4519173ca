/*
 * Address spaces as a whole against a naive model: random mmap, munmap, mprotect, loads, stores,
 * fork, exit, reclaim and failing allocations, in up to four address spaces at a time. The model
 * knows for each page whether it is mapped, its rights, and its bytes.
 *
 * uses: mm/vma.c mm/vma_set.c mm/vma_grow.c mm/mm.c mm/mm_fork.c mm/mmap.c mm/mprotect.c mm/brk.c
 * uses: mm/fault.c mm/fault_page.c mm/oom.c mm/shmem.c mm/zap.c mm/rmap.c mm/reclaim.c
 * uses: mm/pgtable.c mm/pte_map.c mm/zero_page.c mm/page_cache.c mm/page_tree.c mm/page_lock.c
 * uses: mm/page_lru.c mm/readahead.c mm/alloc/memory_map.c mm/alloc/page.c mm/alloc/buddy.c
 * uses: mm/alloc/shrinker.c mm/alloc/slab.c mm/alloc/kmalloc.c
 * uses: lib/rbtree.c lib/page_ops.c lib/fdt.c lib/fdt_blob.c lib/fmt.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/host/support/mm_host.h"

#define ARENA      (32 * MIB)
#define PAGES      700 /* of the model's window: more than one page table holds */
#define WINDOW     USER_BASE
#define SPACES     4
#define OBJECTS    64 /* shared anonymous memory */
#define OBJECT_MAX 48 /* pages of one */
#define FILE_PAGES 40
#define OPERATIONS 100000

enum kind { FREE, ANON, SHARED, FILE_PRIVATE, FILE_SHARED };

struct model_page {
    enum kind kind;
    unsigned prot;
    unsigned object; /* SHARED */
    pgoff_t index;
    bool own;         /* private: has been written */
    uint64_t word[2]; /* the first and the last */
};

struct space {
    struct mm *mm; /* NULL: none */
    struct model_page page[PAGES];
};

static struct space spaces[SPACES];
static uint64_t object_words[OBJECTS][OBJECT_MAX][2];
static unsigned next_object;
static struct host_file file;

static vaddr_t va_of(size_t page)
{
    return WINDOW + page * PAGE_SIZE;
}

static size_t random_below(size_t n)
{
    return (size_t)rand() % n;
}

static struct space *random_space(void)
{
    size_t at = random_below(SPACES);

    while (!spaces[at].mm)
        at = (at + 1) % SPACES;
    return &spaces[at];
}

/* The word (0: first, 1: last of the page) that the model has. */
static uint64_t model_word(const struct model_page *p, unsigned which)
{
    switch (p->kind) {
    case SHARED:
        return object_words[p->object][p->index][which];
    case FILE_PRIVATE:
        if (p->own)
            return p->word[which];
        /* fall through */
    case FILE_SHARED:
        return host_file_word(p->index, which ? PAGE_SIZE / 8 - 1 : 0);
    default:
        return p->own ? p->word[which] : 0;
    }
}

static enum fault_result model_access(const struct model_page *p, unsigned need)
{
    if (p->kind == FREE)
        return FAULT_NO_VMA;
    if (!(p->prot & need))
        return FAULT_NO_RIGHT;
    if ((p->kind == FILE_PRIVATE || p->kind == FILE_SHARED) && p->index >= FILE_PAGES && !p->own)
        return FAULT_BUS;
    return FAULT_OK;
}

static void model_own(struct model_page *p)
{
    uint64_t first = model_word(p, 0), last = model_word(p, 1);

    if (p->own || p->kind == SHARED)
        return;
    p->own = true;
    p->word[0] = first;
    p->word[1] = last;
}

static void do_load(struct space *s)
{
    size_t at = random_below(PAGES), which = random_below(2);
    struct model_page *p = &s->page[at];
    uint64_t value = 0;
    enum fault_result got = host_load(s->mm, va_of(at) + which * (PAGE_SIZE - 8), &value);
    enum fault_result want = model_access(p, PROT_READ | PROT_WRITE);

    if (got == FAULT_NO_MEMORY && (want == FAULT_OK || want == FAULT_BUS))
        return; /* an allocation was made to fail */
    assert_int_equal(got, want);
    if (got == FAULT_OK)
        assert_int_equal(value, model_word(p, (unsigned)which));
}

static void do_store(struct space *s)
{
    size_t at = random_below(PAGES), which = random_below(2);
    struct model_page *p = &s->page[at];
    uint64_t value = (uint64_t)rand();
    enum fault_result got = host_store(s->mm, va_of(at) + which * (PAGE_SIZE - 8), value);
    enum fault_result want = model_access(p, PROT_WRITE);

    if (got == FAULT_NO_MEMORY && (want == FAULT_OK || want == FAULT_BUS))
        return;
    assert_int_equal(got, want);
    if (got != FAULT_OK)
        return;
    model_own(p);
    if (p->kind == SHARED)
        object_words[p->object][p->index][which] = value;
    else
        p->word[which] = value;
}

static void model_map(struct space *s, size_t from, size_t n, const struct model_page *like)
{
    for (size_t i = 0; i < n; i++) {
        s->page[from + i] = *like;
        s->page[from + i].index = like->index + i;
    }
}

static bool model_is_free(const struct space *s, size_t from, size_t n)
{
    for (size_t i = from; i < from + n; i++)
        if (s->page[i].kind != FREE)
            return false;
    return true;
}

/* A random kind of mapping: what mmap is told, and what the model will think. */
static void choose_kind(struct model_page *p, unsigned *flags, struct page_source **source)
{
    *source = NULL;
    *flags = MAP_PRIVATE | MAP_ANONYMOUS;
    p->kind = (enum kind)(ANON + random_below(4));
    p->prot = (unsigned)random_below(8);
    if (p->kind == SHARED) {
        *flags = MAP_SHARED | MAP_ANONYMOUS;
        p->object = next_object;
    } else if (p->kind != ANON) {
        *source = &file.source;
        *flags = p->kind == FILE_SHARED ? MAP_SHARED : MAP_PRIVATE;
        p->index = random_below(FILE_PAGES);
    }
    if (p->kind == FILE_SHARED)
        p->prot &= ~(unsigned)PROT_WRITE;
}

static void do_mmap(struct space *s)
{
    size_t n = 1 + random_below(OBJECT_MAX), at = random_below(PAGES - n);
    struct model_page like = {0};
    struct page_source *source;
    unsigned flags, how = (unsigned)random_below(4);
    int64_t got;

    choose_kind(&like, &flags, &source);
    if (like.kind == SHARED && next_object == OBJECTS)
        return;
    flags |= how == 0 ? MAP_FIXED_NOREPLACE : how == 1 ? 0 : MAP_FIXED;
    flags |= random_below(4) == 0 ? MAP_POPULATE : 0;
    got = host_mmap(s->mm, va_of(at), n * PAGE_SIZE - random_below(PAGE_SIZE), like.prot, flags,
                    source, like.index * PAGE_SIZE);
    if (got == -ENOMEM)
        return;
    if (how == 0 && !model_is_free(s, at, n)) {
        assert_int_equal(got, -EEXIST);
        return;
    }
    assert_true(got >= (int64_t)WINDOW);
    if (how == 1) {
        if (model_is_free(s, at, n))
            assert_int_equal(got, va_of(at)); /* the hint */
        at = (size_t)(got - (int64_t)WINDOW) / PAGE_SIZE;
        assert_true(model_is_free(s, at, n));
    }
    assert_int_equal(got, va_of(at));
    model_map(s, at, n, &like);
    if (like.kind == SHARED)
        next_object++;
}

static void do_munmap(struct space *s)
{
    size_t n = 1 + random_below(60), at = random_below(PAGES - n);
    int error = mm_munmap(s->mm, va_of(at), n * PAGE_SIZE);

    if (error == -ENOMEM)
        return;
    assert_int_equal(error, 0);
    for (size_t i = at; i < at + n; i++)
        s->page[i] = (struct model_page){.kind = FREE};
}

static void do_mprotect(struct space *s)
{
    size_t n = 1 + random_below(60), at = random_below(PAGES - n), i = at;
    unsigned prot = (unsigned)random_below(8);
    int want = 0, error;

    alloc_fail_nth(0); /* half done is right here, but the model does not know which half */
    error = mm_mprotect(s->mm, va_of(at), n * PAGE_SIZE, prot);
    for (; i < at + n && !want; i++) {
        if (s->page[i].kind == FREE)
            want = -ENOMEM;
        else if (s->page[i].kind == FILE_SHARED && prot & PROT_WRITE)
            want = -EACCES;
        else
            s->page[i].prot = prot;
    }
    assert_int_equal(error, want);
}

static void do_fork(struct space *s)
{
    struct space *child = NULL;

    for (size_t i = 0; i < SPACES; i++)
        if (!spaces[i].mm)
            child = &spaces[i];
    if (!child)
        return;
    child->mm = mm_fork(s->mm);
    if (!child->mm)
        return;
    child->mm->vmas.highest = va_of(PAGES);
    memcpy(child->page, s->page, sizeof(child->page));
}

static void do_exit(struct space *s)
{
    unsigned alive = 0;

    for (size_t i = 0; i < SPACES; i++)
        alive += spaces[i].mm != NULL;
    if (alive == 1 || random_below(4))
        return;
    mm_put(s->mm);
    s->mm = NULL;
}

static void do_reclaim(struct space *s)
{
    (void)s;
    if (random_below(2))
        reclaim_mapped(1 + random_below(30));
    else
        page_cache_shrink(1 + random_below(30));
}

static void do_fail(struct space *s)
{
    (void)s;
    alloc_fail_nth(1 + random_below(6));
}

/* Every page, in every address space. */
static void compare_all(void)
{
    for (size_t i = 0; i < SPACES; i++) {
        struct space *s = &spaces[i];

        for (size_t at = 0; s->mm && at < PAGES; at++) {
            struct model_page *p = &s->page[at];
            uint64_t value = 0;

            assert_int_equal(host_load(s->mm, va_of(at) + PAGE_SIZE - 8, &value),
                             model_access(p, PROT_READ | PROT_WRITE));
            if (model_access(p, PROT_READ | PROT_WRITE) == FAULT_OK)
                assert_int_equal(value, model_word(p, 1));
        }
    }
}

static void check_all(void)
{
    for (size_t i = 0; i < SPACES; i++)
        if (spaces[i].mm)
            mm_check(spaces[i].mm);
    page_cache_check(&file.cache);
}

/* Objects are numbered for ever; when numbers run out, all memory is unmapped and they start again.
 */
static void start_over(void)
{
    for (size_t i = 0; i < SPACES; i++) {
        if (!spaces[i].mm)
            continue;
        assert_int_equal(mm_munmap(spaces[i].mm, WINDOW, PAGES * PAGE_SIZE), 0);
        assert_int_equal(spaces[i].mm->total_pages, 0);
        assert_int_equal(spaces[i].mm->table_pages, 1);
        memset(spaces[i].page, 0, sizeof(spaces[i].page));
    }
    memset(object_words, 0, sizeof(object_words));
    next_object = 0;
}

static void address_spaces_agree_with_the_model(void **state)
{
    static void (*const ops[])(struct space *) = {
        do_load,     do_load,     do_load,  do_load, do_store,   do_store,
        do_store,    do_store,    do_store, do_mmap, do_mmap,    do_munmap,
        do_mprotect, do_mprotect, do_fork,  do_exit, do_reclaim, do_fail,
    };
    uint64_t free_pages;

    (void)state;
    srand(4);
    host_mm_init(ARENA);
    host_file_init(&file, FILE_PAGES * PAGE_SIZE - 100);
    free_pages = host_mm_free_pages();
    spaces[0].mm = mm_create();
    spaces[0].mm->vmas.highest = va_of(PAGES);
    spaces[0].mm->mmap_top = va_of(PAGES);
    for (int i = 0; i < OPERATIONS; i++) {
        ops[random_below(ARRAY_SIZE(ops))](random_space());
        if (i % 50 == 0) {
            alloc_fail_nth(0);
            check_all();
        }
        if (i % 2000 == 0)
            compare_all();
        if (next_object == OBJECTS) {
            alloc_fail_nth(0);
            start_over();
        }
    }
    alloc_fail_nth(0);
    compare_all();
    for (size_t i = 0; i < SPACES; i++)
        if (spaces[i].mm)
            mm_put(spaces[i].mm);
    page_cache_destroy(&file.cache);
    assert_int_equal(file.refs, 1);
    assert_int_equal(host_mm_free_pages(), free_pages);
    buddy_check();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(address_spaces_agree_with_the_model),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
