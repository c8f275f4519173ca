# sum.S - recursion: sum(n) = n + sum(n - 1), sum(0) = 0; prints sum(10) and exits with it.
#
# Each call keeps what it must not lose (its return address and its n) in a frame of
# 16 bytes on the stack; the ABI wants sp a multiple of 16. The stack itself is a mapping
# like any other, made by execve, whose pages appear as the recursion first touches them.
# The number is turned into digits from the last to the first, into a buffer on the stack.

    .equ    SYS_write, 64
    .equ    SYS_exit, 93
    .equ    LAST, 10                # sum 1..10 = 55

    .section .text
    .global _start
_start:
    li      a0, LAST
    call    sum
    mv      s0, a0                  # the exit status
    call    print_number
    mv      a0, s0
    li      a7, SYS_exit
    ecall

# a0 = n  ->  a0 = 1 + 2 + .. + n
sum:
    beqz    a0, sum_end
    addi    sp, sp, -16
    sd      ra, 8(sp)
    sd      a0, 0(sp)
    addi    a0, a0, -1
    call    sum
    ld      t0, 0(sp)
    ld      ra, 8(sp)
    addi    sp, sp, 16
    add     a0, a0, t0
sum_end:
    ret

# a0 = an unsigned number; writes it in decimal and a newline.
print_number:
    addi    sp, sp, -32             # 20 digits at most, and the newline
    addi    a1, sp, 31
    li      t0, '\n'
    sb      t0, 0(a1)
    li      t1, 10
digit:
    remu    t0, a0, t1
    divu    a0, a0, t1
    addi    t0, t0, '0'
    addi    a1, a1, -1
    sb      t0, 0(a1)
    bnez    a0, digit

    li      a0, 1
    addi    a2, sp, 32
    sub     a2, a2, a1
    li      a7, SYS_write
    ecall
    addi    sp, sp, 32
    ret
