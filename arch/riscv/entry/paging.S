/*
 * Turning paging on, and the first instructions of every hart but the first.
 *
 * A secondary hart that the kernel starts by HSM comes to secondary_start with paging off, a0 =
 * machine hart, a1 = the physical address of its struct secondary_boot. It passes through boot_root,
 * which maps the image where it is and where it is linked, to the kernel's own table.
 */
#include "arch/riscv/csr.h"
#include "arch/riscv/entry/boot.h"

    .text
/* Turns paging on with boot_root and returns to the caller's virtual address. Uses t0 … t2. */
    .globl paging_on
paging_on:
    lla t0, boot_root
    srli t0, t0, 12
    li t1, SATP_MODE_SV39
    or t0, t0, t1
    lla t1, kernel_start
    ld t2, virtual_base
    sub t2, t2, t1
    add ra, ra, t2
    sfence.vma
    csrw satp, t0
    sfence.vma
    ret

    .globl secondary_start
secondary_start:
    csrw sie, zero
    csrci sstatus, SSTATUS_SIE
    mv s1, a1
    jal paging_on
    /* What a1 points to lies in the image: from physical to virtual. */
    lla t0, kernel_start
    lla t1, image_phys
    ld t1, 0(t1)
    sub s1, s1, t1
    add s1, s1, t0
    ld t0, SECONDARY_SATP(s1)
    ld sp, SECONDARY_SP(s1)
    ld tp, SECONDARY_TP(s1)
    csrw satp, t0
    sfence.vma
    li s0, 0
    ld t0, SECONDARY_ENTRY(s1)
    jalr t0
    unimp

    .balign 8
virtual_base:
    .dword kernel_start
