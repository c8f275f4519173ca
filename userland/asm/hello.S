# hello.S - the first program: write(1, text, length), then exit(0).
#
# A system call on RISC-V: number in a7, arguments in a0..a5, ecall, result in a0.
# Everything else (s0..s11, sp, t0..t6 too, on Linux) comes back as it was.
# write may take fewer bytes than asked (a pipe, a full disk) or fail; this program loops
# until all are gone and exits with 1 on an error.

    .equ    SYS_write, 64
    .equ    SYS_exit, 93
    .equ    STDOUT, 1

    .section .rodata
text:
    .ascii  "Hello from user mode\n"
    .equ    text_length, . - text

    .section .text
    .global _start
_start:
    la      s0, text                # what is left to write: s1 bytes at s0
    li      s1, text_length
next:
    li      a0, STDOUT
    mv      a1, s0
    mv      a2, s1
    li      a7, SYS_write
    ecall
    blez    a0, failed
    add     s0, s0, a0
    sub     s1, s1, a0
    bnez    s1, next

    li      a0, 0
    li      a7, SYS_exit
    ecall
failed:
    li      a0, 1
    li      a7, SYS_exit
    ecall
