# store-readonly.S - a mapping has rights, and a store to read-only data is refused.
#
# .rodata is mapped readable from the program file. The load works; the store after it
# finds the mapping but not the right PROT_WRITE, and the process dies of SIGSEGV
# (128 + 11 = 139). Exit status 1: the load already gave a wrong value; 0: the store
# went through, which no kernel should allow.

    .equ    SYS_exit, 93

    .section .rodata
    .balign 8
value:
    .dword  42

    .section .text
    .global _start
_start:
    la      t0, value
    ld      t1, 0(t0)
    li      t2, 42
    li      a0, 1
    bne     t1, t2, finish
    sd      t1, 0(t0)               # SIGSEGV here
    li      a0, 0
finish:
    li      a7, SYS_exit
    ecall
