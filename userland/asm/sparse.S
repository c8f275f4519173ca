# sparse.S - memory that is not touched is not there.
#
# 64 MiB are mapped, but one word in each MiB is written: 64 pages of 16384 come into
# being. The program then checks that every word written reads back (its own index), and
# that the word half a MiB further on, never touched, reads as zero. Reading an untouched
# page is allowed and gives zeros; whether it costs a page is the kernel's secret.
#
# Exit status: 0 all as promised; 1 mmap failed; 2 a written word was lost;
# 3 an untouched word was not zero; 4 munmap failed.

    .equ    SYS_mmap, 9             # the course's number
    .equ    SYS_munmap, 215
    .equ    SYS_exit, 93
    .equ    MEBIBYTES, 64
    .equ    MIB_SHIFT, 20

    .section .text
    .global _start
_start:
    li      a0, 0
    li      a1, MEBIBYTES << MIB_SHIFT
    li      a2, 3                   # PROT_READ | PROT_WRITE
    li      a3, 34                  # MAP_PRIVATE | MAP_ANONYMOUS
    li      a4, -1
    li      a5, 0
    li      a7, SYS_mmap
    ecall
    li      s1, 1
    bltz    a0, finish
    mv      s0, a0                  # the mapping

    li      t0, 0                   # i
    li      t3, MEBIBYTES
write:
    slli    t1, t0, MIB_SHIFT
    add     t1, t1, s0
    addi    t2, t0, 1               # i + 1, so that no word written is zero
    sd      t2, 0(t1)
    addi    t0, t0, 1
    blt     t0, t3, write

    li      t0, 0
    li      t4, 1 << (MIB_SHIFT - 1)
check:
    slli    t1, t0, MIB_SHIFT
    add     t1, t1, s0
    ld      t2, 0(t1)
    addi    t0, t0, 1
    li      s1, 2
    bne     t2, t0, finish
    add     t1, t1, t4              # half a MiB further: never written
    ld      t2, 0(t1)
    li      s1, 3
    bnez    t2, finish
    blt     t0, t3, check

    mv      a0, s0
    li      a1, MEBIBYTES << MIB_SHIFT
    li      a7, SYS_munmap
    ecall
    li      s1, 4
    bnez    a0, finish
    li      s1, 0
finish:
    mv      a0, s1
    li      a7, SYS_exit
    ecall
