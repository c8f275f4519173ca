# jump-noexec.S - memory that may be written is not memory that may be run.
#
# A page is mapped with PROT_READ | PROT_WRITE, two valid instructions that return 7 are
# stored in it, and the program jumps there. The fetch (cause 12, instruction page fault)
# finds a mapping without PROT_EXEC: SIGSEGV, status 139.
# Exit status 1: mmap failed; 7: the code ran.

    .equ    SYS_mmap, 9             # the course's number
    .equ    SYS_exit, 93

    .section .text
    .global _start
_start:
    li      a0, 0
    li      a1, 4096
    li      a2, 3                   # PROT_READ | PROT_WRITE, no PROT_EXEC
    li      a3, 34                  # MAP_PRIVATE | MAP_ANONYMOUS
    li      a4, -1
    li      a5, 0
    li      a7, SYS_mmap
    ecall
    bltz    a0, failed
    mv      s0, a0

    la      t0, code                # copy the eight bytes of code
    ld      t1, 0(t0)
    sd      t1, 0(s0)
    fence.i                         # what was stored shall be what is fetched
    jalr    s0                      # SIGSEGV here

    li      a7, SYS_exit            # a0 = 7, set by the code
    ecall
failed:
    li      a0, 1
    li      a7, SYS_exit
    ecall

    .balign 8
    .option push
    .option norvc                   # two instructions of four bytes: one doubleword
code:
    li      a0, 7
    ret
    .option pop
