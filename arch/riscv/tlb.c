#include "arch/riscv/tlb.h"

#include "arch/riscv/asm_offsets.h"
#include "arch/riscv/csr.h"
#include "arch/riscv/sbi.h"
#include "arch/riscv/thread.h"

/* This hart's bit: struct hart begins with its index (asm_offsets.h). */
static uint64_t tlb_self(void)
{
    return BIT(*(const unsigned *)((const char *)thread_current()->hart + HART_INDEX));
}

void tlb_flush_local(void)
{
    __asm__ volatile("sfence.vma" ::: "memory");
}

static bool tlb_range_is_large(vaddr_t start, vaddr_t end)
{
    return (end - start) >> PAGE_SHIFT > TLB_FLUSH_PAGES_MAX;
}

void tlb_flush_local_range(vaddr_t start, vaddr_t end)
{
    if (tlb_range_is_large(start, end)) {
        tlb_flush_local();
        return;
    }
    for (vaddr_t va = start; va < end; va += PAGE_SIZE)
        __asm__ volatile("sfence.vma %0" ::"r"(va) : "memory");
}

void tlb_flush_range(uint64_t harts, vaddr_t start, vaddr_t end)
{
    uint64_t self = tlb_self();
    uint64_t others = harts & ~self;

    if (harts & self)
        tlb_flush_local_range(start, end);
    if (!others)
        return;
    if (tlb_range_is_large(start, end))
        sbi_remote_sfence(others, 0, UINT64_MAX);
    else
        sbi_remote_sfence(others, start, end - start);
}

void icache_flush(uint64_t harts)
{
    uint64_t self = tlb_self();

    if (harts & self)
        __asm__ volatile("fence.i" ::: "memory");
    if (harts & ~self)
        sbi_remote_fence_i(harts & ~self);
}

void satp_switch(paddr_t root)
{
    csr_write(satp, SATP_MODE_SV39 | root >> PAGE_SHIFT);
    tlb_flush_local();
}
