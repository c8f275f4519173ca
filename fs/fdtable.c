/*
 * Descriptor tables: see fs/fdtable.h.
 *
 * Arrays that grow by doubling: the files, and two bitmaps, open descriptors and those that close
 * on exec. Numbers are given lowest first; `next` is a number below which all are taken, so that
 * finding one is quick. Memory is got before the table's spin lock is taken, files are put after it
 * is let go.
 */
#include "fs/fdtable.h"

#include "kernel/spinlock.h"
#include "lib/assert.h"
#include "lib/bitmap.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/alloc/kmalloc.h"

#define FDS_FIRST 64                                    /* a new table's size */
#define FDS_MAX   (KMALLOC_MAX / sizeof(struct file *)) /* 524,288 */

/* The arrays: one block of memory. */
struct fd_array {
    unsigned size; /* descriptors; a multiple of BITMAP_WORD_BITS */
    struct file **files;
    uint64_t *open, *cloexec;
};

struct fdtable {
    _Atomic uint32_t refs;
    struct spinlock lock;
    struct fd_array array; /* under lock */
    unsigned next;         /* under lock */
};

/* Arrays for `size` descriptors, all free. */
static int fd_array_create(struct fd_array *array, unsigned size)
{
    size_t bitmap_bytes = BITMAP_WORDS(size) * sizeof(uint64_t);

    array->size = size;
    array->files = kmalloc(size * sizeof(struct file *), ALLOC_ZERO);
    array->open = kmalloc(2 * bitmap_bytes, ALLOC_ZERO);
    if (!array->files || !array->open) {
        kmfree(array->files);
        kmfree(array->open);
        return -ENOMEM;
    }
    array->cloexec = array->open + BITMAP_WORDS(size);
    return 0;
}

static void fd_array_destroy(struct fd_array *array)
{
    kmfree(array->files);
    kmfree(array->open);
}

/* Copies the first `size` descriptors; no references are taken. */
static void fd_array_copy(struct fd_array *to, const struct fd_array *from, unsigned size)
{
    size_t bitmap_bytes = BITMAP_WORDS(size) * sizeof(uint64_t);

    memcpy(to->files, from->files, size * sizeof(struct file *));
    memcpy(to->open, from->open, bitmap_bytes);
    memcpy(to->cloexec, from->cloexec, bitmap_bytes);
}

/* One past the highest open descriptor, rounded up to whole words of the bitmaps. */
static unsigned fd_array_used(const struct fd_array *array)
{
    unsigned words = array->size / BITMAP_WORD_BITS;

    while (words > 0 && array->open[words - 1] == 0)
        words--;
    return words * BITMAP_WORD_BITS;
}

static struct fdtable *fdtable_alloc(unsigned size)
{
    struct fdtable *table = kmalloc(sizeof(*table), ALLOC_ZERO);

    if (!table)
        return NULL;
    if (fd_array_create(&table->array, size)) {
        kmfree(table);
        return NULL;
    }
    table->refs = 1;
    spin_init(&table->lock, "fdtable");
    return table;
}

struct fdtable *fdtable_create(void)
{
    return fdtable_alloc(FDS_FIRST);
}

/* Fills an empty table with from's files; false when from has more than fit. */
static bool fdtable_fill(struct fdtable *table, struct fdtable *from)
{
    unsigned used, fd;
    bool fits;

    spin_lock(&from->lock);
    used = fd_array_used(&from->array);
    fits = used <= table->array.size;
    if (fits) {
        fd_array_copy(&table->array, &from->array, used);
        table->next = from->next;
        for (fd = 0; fd < used; fd++)
            if (table->array.files[fd])
                file_get(table->array.files[fd]);
    }
    spin_unlock(&from->lock);
    return fits;
}

static unsigned fdtable_used(struct fdtable *table)
{
    unsigned used;

    spin_lock(&table->lock);
    used = fd_array_used(&table->array);
    spin_unlock(&table->lock);
    return used;
}

struct fdtable *fdtable_copy(struct fdtable *from)
{
    for (;;) {
        struct fdtable *table = fdtable_alloc(MAX(fdtable_used(from), (unsigned)FDS_FIRST));

        if (!table)
            return NULL;
        if (fdtable_fill(table, from))
            return table;
        fdtable_put(table); /* from grew meanwhile */
    }
}

void fdtable_get(struct fdtable *table)
{
    table->refs++;
}

bool fdtable_shared(struct fdtable *table)
{
    return table->refs > 1;
}

/* Takes descriptor fd out: its file, whose reference is now the caller's. The lock is held. */
static struct file *fd_take(struct fdtable *table, unsigned fd)
{
    struct fd_array *array = &table->array;
    struct file *file;

    if (fd >= array->size)
        return NULL;
    file = array->files[fd];
    array->files[fd] = NULL;
    bitmap_clear(array->open, fd);
    bitmap_clear(array->cloexec, fd);
    table->next = MIN(table->next, fd);
    return file;
}

/* Takes out and closes the descriptors of [first, end) that are set in one of the bitmaps. */
static void fdtable_close_set(struct fdtable *table, bool cloexec, unsigned first, unsigned end)
{
    for (;;) {
        struct file *file = NULL;
        unsigned limit;

        spin_lock(&table->lock);
        limit = MIN(end, table->array.size);
        first = (unsigned)bitmap_find_set(cloexec ? table->array.cloexec : table->array.open, limit,
                                          MIN(first, limit));
        if (first < limit)
            file = fd_take(table, first);
        spin_unlock(&table->lock);
        if (!file)
            return;
        file_put(file);
    }
}

void fdtable_put(struct fdtable *table)
{
    assert(table->refs > 0);
    if (--table->refs > 0)
        return;
    fdtable_close_set(table, false, 0, FDS_MAX);
    fd_array_destroy(&table->array);
    kmfree(table);
}

void fdtable_close_on_exec(struct fdtable *table)
{
    fdtable_close_set(table, true, 0, FDS_MAX);
}

/* The file at fd, or NULL; the lock is held. */
static struct file *fd_file(struct fdtable *table, int fd)
{
    return fd >= 0 && (unsigned)fd < table->array.size ? table->array.files[fd] : NULL;
}

struct file *fd_get(struct fdtable *table, int fd)
{
    struct file *file;

    spin_lock(&table->lock);
    file = fd_file(table, fd);
    if (file)
        file_get(file);
    spin_unlock(&table->lock);
    return file;
}

/* Whether the arrays reach to fd; they never shrink. */
static bool fdtable_has(struct fdtable *table, unsigned fd)
{
    bool has;

    spin_lock(&table->lock);
    has = fd < table->array.size;
    spin_unlock(&table->lock);
    return has;
}

/* Makes room for descriptor fd (below FDS_MAX). Takes the lock. */
static int fdtable_grow(struct fdtable *table, unsigned fd)
{
    unsigned size = FDS_FIRST;
    struct fd_array fresh;

    while (size <= fd)
        size *= 2;
    if (fd_array_create(&fresh, size))
        return -ENOMEM;
    spin_lock(&table->lock);
    if (table->array.size < size) {
        struct fd_array old = table->array;

        fd_array_copy(&fresh, &old, old.size);
        table->array = fresh;
        fresh = old;
    }
    spin_unlock(&table->lock);
    fd_array_destroy(&fresh);
    return 0;
}

/* Gives file the number fd, which is free. The lock is held. */
static void fd_store(struct fdtable *table, unsigned fd, struct file *file, bool cloexec)
{
    struct fd_array *array = &table->array;

    assert(!array->files[fd]);
    array->files[fd] = file;
    bitmap_set(array->open, fd);
    if (cloexec)
        bitmap_set(array->cloexec, fd);
}

/* The lowest free number >= min in the table as it is, which may be its size. The lock is held. */
static unsigned fd_lowest(struct fdtable *table, unsigned min)
{
    struct fd_array *array = &table->array;
    unsigned from = MAX(min, table->next), fd;

    if (from >= array->size)
        return from;
    fd = (unsigned)bitmap_find_zero(array->open, array->size, from);
    if (min <= table->next)
        table->next = fd;
    return fd;
}

int fd_install(struct fdtable *table, struct file *file, int min, uint64_t limit, bool cloexec)
{
    limit = MIN(limit, FDS_MAX);
    if (min < 0 || (uint64_t)min >= limit)
        return min == 0 ? -EMFILE : -EINVAL;
    for (;;) {
        unsigned fd;
        bool fits;

        spin_lock(&table->lock);
        fd = fd_lowest(table, (unsigned)min);
        fits = fd < table->array.size && fd < limit;
        if (fits)
            fd_store(table, fd, file, cloexec);
        spin_unlock(&table->lock);
        if (fits)
            return (int)fd;
        if (fd >= limit)
            return -EMFILE;
        if (fdtable_grow(table, fd))
            return -ENOMEM;
    }
}

int fd_replace(struct fdtable *table, struct file *file, int fd, uint64_t limit, bool cloexec)
{
    struct file *old;

    if (fd < 0 || (uint64_t)fd >= MIN(limit, FDS_MAX))
        return -EBADF;
    if (!fdtable_has(table, (unsigned)fd) && fdtable_grow(table, (unsigned)fd))
        return -ENOMEM;
    spin_lock(&table->lock);
    old = fd_take(table, (unsigned)fd);
    fd_store(table, (unsigned)fd, file, cloexec);
    spin_unlock(&table->lock);
    if (old)
        file_put(old);
    return fd;
}

int fd_close(struct fdtable *table, int fd)
{
    struct file *file;

    if (fd < 0)
        return -EBADF;
    spin_lock(&table->lock);
    file = fd_take(table, (unsigned)fd);
    spin_unlock(&table->lock);
    if (!file)
        return -EBADF;
    file_put(file);
    return 0;
}

void fd_close_range(struct fdtable *table, unsigned first, unsigned last, bool cloexec_only)
{
    unsigned end = last >= FDS_MAX ? FDS_MAX : last + 1, fd;

    if (!cloexec_only) {
        fdtable_close_set(table, false, first, end);
        return;
    }
    spin_lock(&table->lock);
    end = MIN(end, table->array.size);
    for (fd = first; fd < end; fd++)
        if (table->array.files[fd])
            bitmap_set(table->array.cloexec, fd);
    spin_unlock(&table->lock);
}

int fd_get_cloexec(struct fdtable *table, int fd)
{
    int on = -EBADF;

    spin_lock(&table->lock);
    if (fd_file(table, fd))
        on = bitmap_test(table->array.cloexec, (unsigned)fd);
    spin_unlock(&table->lock);
    return on;
}

int fd_set_cloexec(struct fdtable *table, int fd, bool on)
{
    int error = -EBADF;

    spin_lock(&table->lock);
    if (fd_file(table, fd)) {
        if (on)
            bitmap_set(table->array.cloexec, (unsigned)fd);
        else
            bitmap_clear(table->array.cloexec, (unsigned)fd);
        error = 0;
    }
    spin_unlock(&table->lock);
    return error;
}

int fd_next(struct fdtable *table, int from)
{
    unsigned fd;
    int found;

    spin_lock(&table->lock);
    fd = (unsigned)bitmap_find_set(table->array.open, table->array.size,
                                   MIN((unsigned)MAX(from, 0), table->array.size));
    found = fd < table->array.size ? (int)fd : -1;
    spin_unlock(&table->lock);
    return found;
}

void fdtable_check(struct fdtable *table)
{
    struct fd_array *array = &table->array;
    unsigned fd;

    spin_lock(&table->lock);
    assert(table->refs > 0 && array->size % BITMAP_WORD_BITS == 0);
    for (fd = 0; fd < array->size; fd++) {
        bool open = array->files[fd] != NULL;

        assert(bitmap_test(array->open, fd) == open);
        assert(open || !bitmap_test(array->cloexec, fd));
        assert(open || fd >= table->next);
        assert(!open || array->files[fd]->refs > 0);
    }
    spin_unlock(&table->lock);
}
