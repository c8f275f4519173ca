#include "kernel/symbols.h"

/* Made by tools/mksymtab.py: offsets from kernel_start, ascending; where each name begins. */
extern const uint64_t symtab_count;
extern const uint32_t symtab_offset[], symtab_name[];
extern const char symtab_names[];
extern const char kernel_start[], text_end[];

const char *symbol_find(vaddr_t addr, uint64_t *offset)
{
    uint64_t low = 0, high = symtab_count;

    if (addr < (vaddr_t)kernel_start || addr >= (vaddr_t)text_end)
        return NULL;
    while (low < high) {
        uint64_t mid = (low + high) / 2;

        if (symtab_offset[mid] <= addr - (vaddr_t)kernel_start)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == 0)
        return NULL;
    *offset = addr - (vaddr_t)kernel_start - symtab_offset[low - 1];
    return symtab_names + symtab_name[low - 1];
}
