# A static position-independent program: it lies where the kernel put it, finds its data relative to pc, and
# relocates itself with what its own dynamic section says. Prints where it is: nothing; exits 0 if a pointer
# stored in its data is right after relocation.
# build: -nostdlib -static-pie -Wl,--no-dynamic-linker

    .equ    SYS_exit, 93
    .equ    R_RISCV_RELATIVE, 3
    .equ    DT_RELA, 7
    .equ    DT_RELASZ, 8

    .section .text
    .global _start
_start:
    lla     s0, __ehdr_start        # where the program was loaded
    lla     t0, _DYNAMIC
    li      s1, 0                   # address of the relocations
    li      s2, 0                   # their size
next_entry:
    ld      t1, 0(t0)
    ld      t2, 8(t0)
    addi    t0, t0, 16
    beqz    t1, relocate
    li      t3, DT_RELA
    bne     t1, t3, not_rela
    add     s1, t2, s0
not_rela:
    li      t3, DT_RELASZ
    bne     t1, t3, next_entry
    mv      s2, t2
    j       next_entry

relocate:
    beqz    s2, relocated
    ld      t0, 0(s1)               # offset
    ld      t1, 8(s1)               # type
    ld      t2, 16(s1)              # addend
    li      t3, R_RISCV_RELATIVE
    li      a0, 1
    bne     t1, t3, finish
    add     t0, t0, s0
    add     t2, t2, s0
    sd      t2, 0(t0)
    addi    s1, s1, 24
    addi    s2, s2, -24
    j       relocate

relocated:
    lla     t0, pointer
    ld      t1, 0(t0)
    lla     t2, target
    li      a0, 2
    bne     t1, t2, finish
    lw      t3, 0(t1)
    li      t4, 77
    li      a0, 3
    bne     t3, t4, finish
    li      a0, 4
    li      t0, 0x10000             # a position-independent program does not lie at the link's zero
    bltu    s0, t0, finish
    li      a0, 0
finish:
    li      a7, SYS_exit
    ecall

    .section .data
    .balign 8
pointer:
    .dword  target
target:
    .word   77
