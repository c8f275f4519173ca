/*
 * The first instructions: the Linux RISC-V Image header, and the way from firmware's physical
 * addresses to the kernel's virtual ones. Runs at any 2 MiB-aligned physical address, on any hart.
 *
 * On entry (SBI 1.0, and Linux Documentation/riscv/boot.rst): a0 = machine hart, a1 = the device
 * tree's physical address, paging off.
 *
 * boot_root maps, in the largest leaves: the image where it is (identity, for the instruction that
 * turns paging on) and where it is linked; and, in the linear map, the gigabytes that hold the
 * image and the device tree. main.c adds the memory banks and then moves to kmap.c's final tables.
 */
#include "arch/riscv/csr.h"
#include "arch/riscv/entry/boot.h"

/* Valid, readable, writable, executable, accessed, dirty; the linear map is not executable. */
#define BOOT_RWX 0xcf
#define BOOT_RW  0xc7
#define BOOT_TABLE 0x01

#define GIB_SHIFT   30
#define MIB2_SHIFT  21
#define KSTACK_SLOT 32768 /* KSTACK_SLOT_SIZE of mm/alloc/kmap.h */
#define ROOT_LINEAR 256
#define ROOT_IMAGE  510

    .section .head.text, "ax"
    .globl _start
_start:
    j boot_start
    .word 0
    .balign 8
    .dword 0x200000      /* text_offset: wanted distance from the start of memory */
    .dword _image_size
    .dword 0             /* flags: little endian */
    .word 2              /* version 0.2 */
    .word 0
    .dword 0
    .ascii "RISCV\0\0\0"
    .ascii "RSC\x05"
    .word 0

boot_start:
    csrw sie, zero
    csrci sstatus, SSTATUS_SIE

    /* One hart boots. OpenSBI 1.1 may send a hart here that the kernel starts while the hart is still
       on its way to the firmware's waiting loop (it says "started" before it says where to); and
       other firmware lets all harts loose at once. They wait here until they are wanted. */
    lla t0, boot_claimed
    li t1, 1
    amoswap.w.aqrl t1, t1, (t0)
    bnez t1, secondary_wait
    mv s0, a0
    mv s1, a1

    lla t0, bss_start
    lla t1, bss_end
1:  sd zero, 0(t0)
    addi t0, t0, 8
    bltu t0, t1, 1b

    lla s2, kernel_start         /* physical: paging is off */
    lla s3, boot_root

    /* The image's gigabyte where it is. */
    mv a0, s2
    li a1, 0
    li a2, BOOT_RWX
    jal map_gigabyte
    /* The image and the tree in the linear map; a tree may cross into the next gigabyte. */
    mv a0, s2
    li a1, ROOT_LINEAR
    li a2, BOOT_RW
    jal map_gigabyte
    mv a0, s1
    jal map_gigabyte
    li t0, 1 << GIB_SHIFT
    add a0, s1, t0
    jal map_gigabyte

    /* The image where it is linked: 2 MiB leaves in boot_image, for all of its gigabyte. */
    lla t0, boot_image
    srli t1, t0, 2
    ori t1, t1, BOOT_TABLE
    li t2, ROOT_IMAGE * 8
    add t2, t2, s3
    sd t1, 0(t2)
    srli t1, s2, 2
    ori t1, t1, BOOT_RWX
    li t2, 1 << (MIB2_SHIFT - 2)
    lla t3, kernel_end
    sub t3, t3, s2
2:  sd t1, 0(t0)
    addi t0, t0, 8
    add t1, t1, t2
    li t4, 1 << MIB2_SHIFT
    sub t3, t3, t4
    bgtz t3, 2b

    lla t0, image_phys
    sd s2, 0(t0)

    jal paging_on
    lla sp, boot_stack_slot + KSTACK_SLOT
    lla tp, boot_idle
    mv a0, s0
    mv a1, s1
    li s0, 0
    call boot_main
    unimp

/* Waits until the kernel has published what hart a0 needs, then starts as a secondary. */
secondary_wait:
    addi t2, a0, 1
1:  lla a1, secondary_boot
    li t0, SECONDARY_COUNT
2:  ld t1, SECONDARY_KEY(a1)
    beq t1, t2, 3f
    addi a1, a1, SECONDARY_SIZE
    addi t0, t0, -1
    bnez t0, 2b
    j 1b
3:  fence r, rw
    j secondary_start

/* Maps the gigabyte of physical address a0 at root index a1 + its number, with rights a2. */
map_gigabyte:
    srli t0, a0, GIB_SHIFT
    li t1, 252                   /* beyond what the linear map holds: address.h */
    bgeu t0, t1, 1f
    add t1, t0, a1
    slli t1, t1, 3
    add t1, t1, s3
    slli t0, t0, GIB_SHIFT - 2
    or t0, t0, a2
    sd t0, 0(t1)
1:  ret

    .data
    .balign 4
boot_claimed: /* not in bss, which is cleared after the claim */
    .word 0
