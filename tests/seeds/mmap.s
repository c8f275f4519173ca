.section .text
.global _start

_start:
    li a0, 0        # NULL (Let OS choose memory address)
    li a1, 4        # Allocate 4 bytes (size of an int)
    li a2, 3        # PROT_READ | PROT_WRITE
    li a3, 34       # MAP_PRIVATE | MAP_ANONYMOUS
    li a4, -1       # No file mapping (-1)
    li a5, 0        # Offset = 0
    li a7, 9        # mmap system call number
    ecall           # Call mmap

    mv a1, a0       # Save allocated memory address in a1
    li a2, 42       # Store value 42
    sw a2, 0(a1)    # Write value to allocated memory

    lw a3, 0(a1)    # Read value back (should be 42)

    li a7, 93       # Exit syscall
    ecall
