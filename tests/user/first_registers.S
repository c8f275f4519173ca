# What a program finds when it starts: argc at sp, sp aligned to 16, and every other register zero, so that
# nothing of the kernel or of the program before shows. Exit status: 0, or what was wrong: a register's
# number, 2 for the stack's alignment, 40 for argc.

    .equ    SYS_exit, 93

    .section .text
    .global _start
_start:
    .irp    number, 1, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    bnez    x\number, nonzero_\number
    .endr
    li      a1, 2
    andi    a2, sp, 15
    bnez    a2, finish
    li      a1, 40
    ld      a2, 0(sp)
    li      a3, 1
    bne     a2, a3, finish
    li      a1, 0
finish:
    mv      a0, a1
    li      a7, SYS_exit
    ecall
    .irp    number, 1, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
nonzero_\number:
    li      a1, \number
    j       finish
    .endr
