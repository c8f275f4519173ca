#include "process/elf.h"

#include "arch/uaccess.h"
#include "lib/bits.h"
#include "lib/errno.h"
#include "lib/string.h"

/* e_ident, System V ABI chapter 4. */
#define EI_CLASS    4
#define EI_DATA     5
#define ELFCLASS64  2
#define ELFDATA2LSB 1

#define EM_RISCV 243 /* psABI, "File Header" */

#define ALIGN_MAX (1 * GIB) /* a larger p_align is not honoured */

int elf_check_header(const struct elf_header *header, size_t size)
{
    static const uint8_t magic[] = {0x7f, 'E', 'L', 'F'};

    if (size < sizeof(*header) || memcmp(header->ident, magic, sizeof(magic)) != 0)
        return -ENOEXEC;
    if (header->ident[EI_CLASS] != ELFCLASS64 || header->ident[EI_DATA] != ELFDATA2LSB)
        return -ENOEXEC;
    if (header->machine != EM_RISCV || (header->type != ET_EXEC && header->type != ET_DYN))
        return -ENOEXEC;
    if (header->phentsize != sizeof(struct elf_segment))
        return -ENOEXEC;
    return header->phnum >= 1 && header->phnum <= ELF_SEGMENTS_MAX ? 0 : -ENOEXEC;
}

static int check_load(const struct elf_segment *segment)
{
    if (segment->filesz > segment->memsz)
        return -ENOEXEC;
    if (!user_range_ok(segment->vaddr, segment->memsz))
        return -ENOEXEC;
    if ((segment->vaddr ^ segment->offset) & ~PAGE_MASK)
        return -EINVAL;
    return segment->offset <= INT64_MAX - segment->filesz ? 0 : -EINVAL;
}

static void add_load(const struct elf_header *header, const struct elf_segment *segment,
                     struct elf_layout *layout)
{
    layout->low = MIN(layout->low, ALIGN_DOWN(segment->vaddr, PAGE_SIZE));
    layout->end = MAX(layout->end, segment->vaddr + segment->memsz);
    layout->high = ALIGN_UP(layout->end, PAGE_SIZE);
    if (is_power_of_two(segment->align) && segment->align <= ALIGN_MAX)
        layout->align = MAX(layout->align, segment->align);
    if (header->phoff >= segment->offset && header->phoff - segment->offset < segment->filesz)
        layout->phdr = header->phoff - segment->offset + segment->vaddr;
}

int elf_check_segments(const struct elf_header *header, const struct elf_segment *segments,
                       struct elf_layout *layout)
{
    *layout = (struct elf_layout){.low = USER_TOP, .align = PAGE_SIZE};
    for (const struct elf_segment *s = segments; s < segments + header->phnum; s++) {
        int error = s->type == PT_LOAD ? check_load(s) : 0;

        if (error)
            return error;
        if (s->type == PT_LOAD && s->memsz > 0)
            add_load(header, s, layout);
        else if (s->type == PT_INTERP && !layout->interp)
            layout->interp = s;
        else if (s->type == PT_GNU_STACK)
            layout->exec_stack = s->flags & PF_X;
    }
    return layout->low < layout->high ? 0 : -ENOEXEC;
}
