# mmap-exit.S - mmap.S with its answer made visible: the exit status is the value loaded.
#
# Run it and ask the shell for $?: 42 came back through the page the kernel gave.
# A failed mmap returns -errno in a0 (Linux convention: -4095..-1), which is no address;
# the program checks for that and exits with 1.

    .equ    SYS_mmap, 9             # the course's number; 222 is Linux's and works too
    .equ    SYS_exit, 93
    .equ    PROT_READ_WRITE, 3
    .equ    MAP_PRIVATE_ANONYMOUS, 0x22

    .section .text
    .global _start
_start:
    li      a0, 0                   # addr: the kernel chooses
    li      a1, 4                   # length: one int (a whole page is mapped)
    li      a2, PROT_READ_WRITE
    li      a3, MAP_PRIVATE_ANONYMOUS
    li      a4, -1                  # fd: none
    li      a5, 0                   # offset
    li      a7, SYS_mmap
    ecall
    bltz    a0, failed              # user addresses are positive, errors negative

    mv      t0, a0
    li      t1, 42
    sw      t1, 0(t0)               # the first touch: here the page comes into being
    lw      a0, 0(t0)               # 42
    li      a7, SYS_exit
    ecall

failed:
    li      a0, 1
    li      a7, SYS_exit
    ecall
