# mmap-wait.S - mmap.S that stays: after the store it waits for a signal, so that its memory can be
# looked at with vmmap and ptdump (docs/debugging.md).

.section .text
.global _start

_start:
    li a0, 0        # NULL: the kernel chooses the address
    li a1, 4        # four bytes (size of an int)
    li a2, 3        # PROT_READ | PROT_WRITE
    li a3, 34       # MAP_PRIVATE | MAP_ANONYMOUS
    li a4, -1       # no file
    li a5, 0        # offset 0
    li a7, 9        # mmap
    ecall

    li a2, 42
    sw a2, 0(a0)    # the first touch: only now is there a page

wait:
    li a0, 0        # no descriptors
    li a1, 0
    li a2, 0        # no timeout
    li a3, 0        # no signal mask
    li a4, 8        # its size
    li a7, 73       # ppoll
    ecall
    j wait
