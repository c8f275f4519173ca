/*
 * The page lives in a page cache with nothing behind it, and a reference of our own keeps it there.
 * Mapped privately, so a debugger's or mprotect's write copies it and changes only its own process.
 */
#include "process/vdso.h"

#include "kernel/panic.h"
#include "lib/err.h"
#include "lib/string.h"
#include "mm/mmap.h"
#include "mm/page_cache.h"
#include "mm/page_source.h"

static const uint32_t sigreturn_code[] = {
    0x08b00893, /* li a7, 139: rt_sigreturn */
    0x00000073, /* ecall */
};

static struct page_cache vdso_cache;

static void vdso_get(struct page_source *source)
{
    (void)source;
}

static size_t vdso_name(struct page_source *source, char *buf, size_t size)
{
    (void)source;
    return MIN(str_copy(buf, "[vdso]", size), size);
}

static uint64_t vdso_size(struct page_source *source)
{
    (void)source;
    return PAGE_SIZE;
}

static const struct page_source_ops vdso_source_ops = {
    .get = vdso_get,
    .put = vdso_get,
    .name = vdso_name,
    .size = vdso_size,
};

static const struct page_cache_ops vdso_cache_ops = {.read_pages = NULL};

static struct page_source vdso_source = {
    .ops = &vdso_source_ops,
    .cache = &vdso_cache,
    .may_read = true,
};

void vdso_init(void)
{
    struct page *page;

    page_cache_init(&vdso_cache, &vdso_cache_ops, NULL);
    page = page_cache_read(&vdso_cache, 0, 1, 0);
    if (IS_ERR(page))
        panic("too little memory for the vdso page");
    memcpy(page_address(page), sigreturn_code, sizeof(sigreturn_code));
}

int vdso_map(struct mm *mm)
{
    const struct mmap_request request = {
        .length = PAGE_SIZE,
        .prot = PROT_READ | PROT_EXEC,
        .flags = MAP_PRIVATE,
        .source = &vdso_source,
    };
    int64_t at = mm_mmap(mm, &request);

    if (at < 0)
        return (int)at;
    mm->vdso = (vaddr_t)at;
    return 0;
}

vaddr_t vdso_sigreturn(const struct mm *mm)
{
    return mm->vdso;
}
