# echo.S - where arguments are when a program starts.
#
# The kernel builds the first stack (the psABI's process initialisation):
#
#       sp ->  argc                     8 bytes
#              argv[0] .. argv[argc-1]  pointers to strings
#              0
#              envp[0] ..               then 0, then the auxiliary vector
#
# The program prints argv[1..], a space between them, and a newline. Output goes out one
# piece a time, unbuffered, so that each write can be seen in a trace.

    .equ    SYS_write, 64
    .equ    SYS_exit, 93

    .section .rodata
space:
    .byte   ' '
newline:
    .byte   '\n'

    .section .text
    .global _start
_start:
    ld      s0, 0(sp)               # argc
    addi    s1, sp, 8               # &argv[0]
    li      s2, 1                   # index of the next argument
loop:
    bge     s2, s0, done
    li      t0, 1
    beq     s2, t0, no_space
    la      a1, space
    li      a2, 1
    call    write_all
no_space:
    slli    t0, s2, 3
    add     t0, t0, s1
    ld      a1, 0(t0)               # argv[s2]
    mv      a2, a1
length:                             # a2 runs to the string's NUL
    lbu     t0, 0(a2)
    beqz    t0, measured
    addi    a2, a2, 1
    j       length
measured:
    sub     a2, a2, a1
    call    write_all
    addi    s2, s2, 1
    j       loop
done:
    la      a1, newline
    li      a2, 1
    call    write_all
    li      a0, 0
    li      a7, SYS_exit
    ecall

# write_all: a1 = bytes, a2 = how many. Exits the program with 1 on an error.
write_all:
    beqz    a2, written
    li      a0, 1
    li      a7, SYS_write
    ecall
    blez    a0, failed
    add     a1, a1, a0
    sub     a2, a2, a0
    j       write_all
written:
    ret
failed:
    li      a0, 1
    li      a7, SYS_exit
    ecall
