#include "process/exec_image.h"

#include "arch/address.h"
#include "lib/err.h"
#include "lib/errno.h"
#include "mm/alloc/kmalloc.h"
#include "mm/fault.h"
#include "mm/mmap.h"

/* Reads exactly n bytes: 0, -ENOEXEC when the file is shorter, or what the read says. */
static int read_exactly(struct file *file, void *buf, size_t n, uint64_t pos)
{
    ssize_t got = file_read_kernel(file, buf, n, pos);

    if (got < 0)
        return (int)got;
    return (size_t)got == n ? 0 : -ENOEXEC;
}

int exec_image_read(struct exec_image *image, struct file *file)
{
    struct elf_header *header = &image->header;
    size_t size;
    int error;

    *image = (struct exec_image){.file = file};
    error = read_exactly(file, header, sizeof(*header), 0);
    if (!error)
        error = elf_check_header(header, sizeof(*header));
    if (error)
        return error;
    if (header->phoff > INT64_MAX)
        return -ENOEXEC;
    size = header->phnum * sizeof(struct elf_segment);
    image->segments = kmalloc(size, 0);
    if (!image->segments)
        return -ENOMEM;
    error = read_exactly(file, image->segments, size, header->phoff);
    return error ? error : elf_check_segments(header, image->segments, &image->layout);
}

void exec_image_close(struct exec_image *image)
{
    kmfree(image->segments);
    if (image->file)
        file_put(image->file);
    *image = (struct exec_image){0};
}

char *exec_image_interpreter(const struct exec_image *image)
{
    const struct elf_segment *interp = image->layout.interp;
    char *path;
    int error;

    if (interp->filesz < 2 || interp->filesz > PATH_MAX || interp->offset > INT64_MAX)
        return ERR_PTR(-ENOEXEC);
    path = kmalloc(interp->filesz, 0);
    if (!path)
        return ERR_PTR(-ENOMEM);
    error = read_exactly(image->file, path, interp->filesz, interp->offset);
    if (!error && path[interp->filesz - 1] != '\0')
        error = -ENOEXEC;
    if (!error)
        return path;
    kmfree(path);
    return ERR_PTR(error);
}

static unsigned segment_prot(const struct elf_segment *segment)
{
    unsigned prot = 0;

    if (segment->flags & PF_R)
        prot |= PROT_READ;
    if (segment->flags & PF_W)
        prot |= PROT_WRITE;
    if (segment->flags & PF_X)
        prot |= PROT_EXEC;
    return prot;
}

static int map_fixed(struct mm *mm, const struct mmap_request *part)
{
    int64_t at;

    if (part->length == 0)
        return 0;
    at = mm_mmap(mm, part);
    return at < 0 ? (int)at : 0;
}

/* Zeroes memory of an address space that nobody runs yet: 0 or -EFAULT. */
static int zero_memory(struct mm *mm, vaddr_t start, vaddr_t end)
{
    static const uint8_t zeroes[256];

    while (start < end) {
        size_t n = MIN(end - start, sizeof(zeroes));

        if (mm_copy_in(mm, start, zeroes, n) != n)
            return -EFAULT;
        start += n;
    }
    return 0;
}

/*
 *     vaddr          vaddr + filesz              vaddr + memsz
 *     |--------------|                           |
 *   [ page | page | page~~~ ][ page | page | page  ]
 *     of the file    zeroed     anonymous
 */
static int map_segment(struct exec_image *image, const struct elf_segment *segment, struct mm *mm)
{
    vaddr_t start = segment->vaddr + image->bias;
    vaddr_t first = ALIGN_DOWN(start, PAGE_SIZE);
    vaddr_t file_end = start + segment->filesz;
    vaddr_t anon_start = segment->filesz ? ALIGN_UP(file_end, PAGE_SIZE) : first;
    vaddr_t anon_end = MAX(ALIGN_UP(start + segment->memsz, PAGE_SIZE), anon_start);
    struct mmap_request file_part = {
        .addr = first,
        .length = anon_start - first,
        .prot = segment_prot(segment),
        .flags = MAP_PRIVATE | MAP_FIXED,
        .source = &image->file->source,
        .offset = ALIGN_DOWN(segment->offset, PAGE_SIZE),
    };
    struct mmap_request anon_part = {
        .addr = anon_start,
        .length = anon_end - anon_start,
        .prot = file_part.prot,
        .flags = MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS,
    };
    int error = map_fixed(mm, &file_part);

    if (!error && segment->filesz && segment->memsz > segment->filesz && segment->flags & PF_W)
        error = zero_memory(mm, file_end, anon_start);
    return error ? error : map_fixed(mm, &anon_part);
}

/* A place for `span` bytes at a multiple of align: its address, or -errno. */
static int64_t find_place(struct mm *mm, uint64_t span, uint64_t align)
{
    const struct mmap_request probe = {
        .length = span + align - PAGE_SIZE,
        .prot = PROT_NONE,
        .flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
    };
    int64_t at = mm_mmap(mm, &probe);
    int error;

    if (at < 0)
        return at;
    error = mm_munmap(mm, (vaddr_t)at, probe.length);
    return error ? error : (int64_t)ALIGN_UP((uint64_t)at, align);
}

static int choose_bias(struct exec_image *image, struct mm *mm, vaddr_t base)
{
    const struct elf_layout *layout = &image->layout;
    int64_t at = (int64_t)ALIGN_UP(base, layout->align);

    if (image->header.type == ET_EXEC)
        return 0;
    if (!base)
        at = find_place(mm, layout->high - layout->low, layout->align);
    if (at < 0)
        return (int)at;
    image->bias = (uint64_t)at - ALIGN_DOWN(layout->low, layout->align);
    return 0;
}

int exec_image_map(struct exec_image *image, struct mm *mm, vaddr_t base, vaddr_t ceiling)
{
    const struct elf_layout *layout = &image->layout;
    int error = choose_bias(image, mm, base);

    if (error)
        return error;
    if (layout->low + image->bias < USER_BASE || layout->high + image->bias > ceiling)
        return -ENOMEM;
    for (unsigned i = 0; i < image->header.phnum && !error; i++)
        if (image->segments[i].type == PT_LOAD && image->segments[i].memsz > 0)
            error = map_segment(image, &image->segments[i], mm);
    return error;
}
