/*
 * The instructions that touch user memory. Each load or store that can fault has an entry in the
 * exception table: where to go on when the fault cannot be resolved. Whole words move first, where
 * both sides are aligned alike; when a block of them faults, the bytes are tried one by one, so
 * the count of what is left is exact.
 *
 * size_t uaccess_copy(void *dst, const void *src, size_t n): bytes not copied
 * size_t uaccess_clear(void *dst, size_t n): bytes not cleared
 * ssize_t uaccess_string(char *dst, const char *src, size_t n): length, n, or -EFAULT
 */
#include "arch/riscv/csr.h"

#define UACCESS_EFAULT 14

/* If the next instruction faults for good, go on at label. */
.macro GUARD label
    .pushsection .ex_table, "a"
    .balign 8
    .dword 991f, \label
    .popsection
991:
.endm

    .text
    .globl uaccess_copy
uaccess_copy:
    li t6, SSTATUS_SUM
    csrs sstatus, t6
    xor t0, a0, a1
    andi t0, t0, 7
    bnez t0, .Lcopy_bytes
.Lcopy_align:
    andi t0, a0, 7
    beqz t0, .Lcopy_blocks
    beqz a2, .Lcopy_done
    GUARD .Lcopy_done
    lb t1, 0(a1)
    GUARD .Lcopy_done
    sb t1, 0(a0)
    addi a0, a0, 1
    addi a1, a1, 1
    addi a2, a2, -1
    j .Lcopy_align
.Lcopy_blocks:
    li t5, 64
    bltu a2, t5, .Lcopy_words
    .macro LOAD_WORD reg, off
    GUARD .Lcopy_bytes
    ld \reg, \off(a1)
    .endm
    .macro STORE_WORD reg, off
    GUARD .Lcopy_bytes
    sd \reg, \off(a0)
    .endm
    LOAD_WORD t0, 0
    LOAD_WORD t1, 8
    LOAD_WORD t2, 16
    LOAD_WORD t3, 24
    LOAD_WORD t4, 32
    LOAD_WORD a3, 40
    LOAD_WORD a4, 48
    LOAD_WORD a5, 56
    STORE_WORD t0, 0
    STORE_WORD t1, 8
    STORE_WORD t2, 16
    STORE_WORD t3, 24
    STORE_WORD t4, 32
    STORE_WORD a3, 40
    STORE_WORD a4, 48
    STORE_WORD a5, 56
    addi a0, a0, 64
    addi a1, a1, 64
    addi a2, a2, -64
    j .Lcopy_blocks
.Lcopy_words:
    li t5, 8
    bltu a2, t5, .Lcopy_bytes
    LOAD_WORD t0, 0
    STORE_WORD t0, 0
    addi a0, a0, 8
    addi a1, a1, 8
    addi a2, a2, -8
    j .Lcopy_words
.Lcopy_bytes:
    beqz a2, .Lcopy_done
    GUARD .Lcopy_done
    lb t1, 0(a1)
    GUARD .Lcopy_done
    sb t1, 0(a0)
    addi a0, a0, 1
    addi a1, a1, 1
    addi a2, a2, -1
    j .Lcopy_bytes
.Lcopy_done:
    csrc sstatus, t6
    mv a0, a2
    ret

    .globl uaccess_clear
uaccess_clear:
    li t6, SSTATUS_SUM
    csrs sstatus, t6
.Lclear_bytes:
    beqz a1, .Lclear_done
    andi t0, a0, 7
    bnez t0, .Lclear_byte
    li t1, 8
    bltu a1, t1, .Lclear_byte
    GUARD .Lclear_done
    sd zero, 0(a0)
    addi a0, a0, 8
    addi a1, a1, -8
    j .Lclear_bytes
.Lclear_byte:
    GUARD .Lclear_done
    sb zero, 0(a0)
    addi a0, a0, 1
    addi a1, a1, -1
    j .Lclear_bytes
.Lclear_done:
    csrc sstatus, t6
    mv a0, a1
    ret

    .globl uaccess_string
uaccess_string:
    li t6, SSTATUS_SUM
    csrs sstatus, t6
    li t0, 0
.Lstring_next:
    beq t0, a2, .Lstring_done
    GUARD .Lstring_fault
    lb t1, 0(a1)
    sb t1, 0(a0)
    beqz t1, .Lstring_done
    addi a0, a0, 1
    addi a1, a1, 1
    addi t0, t0, 1
    j .Lstring_next
.Lstring_fault:
    li t0, -UACCESS_EFAULT
.Lstring_done:
    csrc sstatus, t6
    mv a0, t0
    ret
