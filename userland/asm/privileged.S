# privileged.S - user mode may not read the supervisor's registers.
#
# Bits 9:8 of a CSR's number are the lowest privilege that may touch it (Privileged spec,
# 2.1); sstatus is 0x100, so from user mode the access raises an illegal-instruction
# exception (cause 2). The kernel sends SIGILL: status 128 + 4 = 132.
# The program exits with 0 only if the hardware let it through.

    .equ    SYS_exit, 93

    .section .text
    .global _start
_start:
    csrr    t0, sstatus
    li      a0, 0
    li      a7, SYS_exit
    ecall
