# munmap-load.S - what munmap means: the address is gone, and a load from it kills.
#
# The seed text (000, section 3) frees with
#       li a0, a1 ; li a1, 4 ; li a7, 215 ; ecall
# whose first line is no instruction: li loads a constant. The move it means is mv a0, a1,
# and the address must be copied before a1 is overwritten with the length.
#
# After the munmap the program loads from the freed address. It never reaches its exit
# with 0: the kernel finds no mapping there, says so on the console and sends SIGSEGV.
# Exit status 1: mmap failed; 2: munmap failed.

    .equ    SYS_mmap, 9
    .equ    SYS_munmap, 215
    .equ    SYS_exit, 93

    .section .text
    .global _start
_start:
    li      a0, 0
    li      a1, 4
    li      a2, 3                   # PROT_READ | PROT_WRITE
    li      a3, 34                  # MAP_PRIVATE | MAP_ANONYMOUS
    li      a4, -1
    li      a5, 0
    li      a7, SYS_mmap
    ecall
    li      s1, 1
    bltz    a0, failed

    mv      a1, a0                  # as in mmap.S: the address lives in a1
    li      a2, 42
    sw      a2, 0(a1)
    mv      s0, a1                  # kept for the load below

    mv      a0, a1                  # address of the mapping
    li      a1, 4                   # its length; the whole page goes
    li      a7, SYS_munmap
    ecall
    li      s1, 2
    bnez    a0, failed

    lw      a0, 0(s0)               # SIGSEGV here

    li      a0, 0                   # not reached
    li      a7, SYS_exit
    ecall
failed:
    mv      a0, s1
    li      a7, SYS_exit
    ecall
