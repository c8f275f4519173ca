/*
 * A device's registers: from the tree to a mapping. The tree is hostile: sizes and addresses are
 * checked before anything is mapped, and nothing in RAM ever is.
 */
#include "drivers/resource.h"

#include "kernel/print.h"
#include "mm/alloc/kmap.h"
#include "mm/alloc/page.h"

/* More than any device's register block in use (VisionFive 2's PLIC: 64 MiB). */
#define RESOURCE_SIZE_MAX (64 * MIB)

/* Whether [addr, addr + size) touches memory that the page allocator manages. */
static bool resource_is_ram(uint64_t addr, uint64_t size)
{
    for (pfn_t pfn = addr >> PAGE_SHIFT; pfn <= (addr + size - 1) >> PAGE_SHIFT; pfn++)
        if (pfn >= page_first_pfn && pfn < page_end_pfn &&
            !page_test(pfn_to_page(pfn), PAGE_RESERVED))
            return true;
    return false;
}

void *resource_map(const struct fdt *fdt, int node, size_t min_size, size_t map_size, paddr_t *phys)
{
    const char *name = fdt_node_name(fdt, node);
    uint64_t addr, size;
    void *regs;

    if (fdt_get_reg(fdt, node, 0, &addr, &size) < 0 || size < min_size || size < map_size) {
        printk("%s: the tree gives no usable registers\n", name);
        return NULL;
    }
    if (map_size == 0)
        map_size = size;
    if (map_size == 0 || map_size > RESOURCE_SIZE_MAX || addr > UINT64_MAX - map_size ||
        resource_is_ram(addr, map_size)) {
        printk("%s: registers at 0x%lx make no sense\n", name, addr);
        return NULL;
    }
    regs = ioremap(addr, map_size);
    if (!regs)
        printk("%s: no room to map its registers\n", name);
    else if (phys)
        *phys = addr;
    return regs;
}
