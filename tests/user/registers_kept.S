# Every register but a0 comes back from a system call as it was, and nothing of the kernel's shows in them:
# each of x1..x31 but sp, a0, a7 gets a mark, getpid and sched_yield are called many times, and the marks are
# looked at. Exit status: 0, or the number of the register that changed.

    .equ    SYS_exit, 93
    .equ    SYS_sched_yield, 124
    .equ    SYS_getpid, 172
    .equ    ROUNDS, 2000

    .macro  mark register, number
    li      \register, 0x1234567800000000 + \number
    .endm

    .macro  check register, number
    li      a0, 0x1234567800000000 + \number
    bne     a0, \register, changed_\number
    .endm

    .macro  changed number
changed_\number:
    li      a0, \number
    j       finish
    .endm

    .macro  for_all what
    \what   x1, 1
    \what   x3, 3
    \what   x4, 4
    \what   x5, 5
    \what   x6, 6
    \what   x7, 7
    \what   x8, 8
    \what   x9, 9
    \what   x11, 11
    \what   x12, 12
    \what   x13, 13
    \what   x14, 14
    \what   x15, 15
    \what   x16, 16
    \what   x18, 18
    \what   x19, 19
    \what   x20, 20
    \what   x21, 21
    \what   x22, 22
    \what   x23, 23
    \what   x24, 24
    \what   x25, 25
    \what   x26, 26
    \what   x27, 27
    \what   x28, 28
    \what   x29, 29
    \what   x30, 30
    \what   x31, 31
    .endm

    .section .text
    .global _start
_start:
    .option norelax
    la      t0, rounds
    for_all mark
again:
    li      a7, SYS_getpid
    ecall
    blez    a0, changed_10
    li      a7, SYS_sched_yield
    ecall
    bnez    a0, changed_10
    li      a0, SYS_sched_yield
    bne     a0, a7, changed_17
    for_all check
    addi    sp, sp, -16             # the count lives where no register is needed for long
    sd      x5, 0(sp)
    la      x5, rounds
    ld      a0, 0(x5)
    addi    a0, a0, -1
    sd      a0, 0(x5)
    ld      x5, 0(sp)
    addi    sp, sp, 16
    bnez    a0, again
    li      a0, 0
finish:
    li      a7, SYS_exit
    ecall

    changed 10
    changed 17
    .irp    number, 1, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    changed \number
    .endr

    .section .data
    .balign 8
rounds:
    .dword  ROUNDS
