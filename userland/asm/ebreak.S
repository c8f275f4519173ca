# ebreak.S - the breakpoint instruction, and what becomes of a program nobody debugs.
#
# ebreak traps with cause 3 (Privileged spec, table of scause). The kernel turns it into
# SIGTRAP, whose default action ends the process: the shell reports status 128 + 5 = 133.
# The program exits with 0 only if the instruction did nothing.

    .equ    SYS_exit, 93

    .section .text
    .global _start
_start:
    ebreak
    li      a0, 0
    li      a7, SYS_exit
    ecall
