# counters.S - the three counters a user program may read: cycle, time, instret.
#
# They are CSRs 0xC00, 0xC01 and 0xC02 (Unprivileged spec, Zicntr); a kernel opens them to
# user mode through scounteren. All three may only go up. Each is read twice with work
# between; cycle and instret must have advanced, time (a slower clock) must not go back.
#
# Exit status: 0; 1 cycle stood still or went back; 2 time went back; 3 instret.

    .equ    SYS_exit, 93
    .equ    ROUNDS, 100000

    .section .text
    .global _start
_start:
    csrr    s0, cycle
    csrr    s1, time
    csrr    s2, instret

    li      t0, ROUNDS              # something to count
work:
    addi    t0, t0, -1
    bnez    t0, work

    csrr    s3, cycle
    csrr    s4, time
    csrr    s5, instret

    li      a0, 1
    bgeu    s0, s3, finish
    li      a0, 2
    bltu    s4, s1, finish
    li      a0, 3
    bgeu    s2, s5, finish
    li      a0, 0
finish:
    li      a7, SYS_exit
    ecall
