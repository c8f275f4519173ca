/*
 * The auxiliary vector's types. getauxval(3); Linux, include/uapi/linux/auxvec.h.
 */
#pragma once

#define AT_NULL   0
#define AT_PHDR   3 /* the program headers' address, the size of one, how many */
#define AT_PHENT  4
#define AT_PHNUM  5
#define AT_PAGESZ 6
#define AT_BASE   7 /* where the interpreter is; 0: none */
#define AT_FLAGS  8
#define AT_ENTRY  9 /* the program's own entry */
#define AT_UID    11
#define AT_EUID   12
#define AT_GID    13
#define AT_EGID   14
#define AT_HWCAP  16 /* a bit for each letter of the instruction set */
#define AT_CLKTCK 17
#define AT_SECURE 23 /* runs with other rights than its caller's */
#define AT_RANDOM 25 /* 16 random bytes */
#define AT_HWCAP2 26
#define AT_EXECFN 31 /* the program's path */

/* IMAFDC: Linux, arch/riscv/include/uapi/asm/hwcap.h (COMPAT_HWCAP_ISA_*). */
#define HWCAP_LETTER(c) (1UL << ((c) - 'A'))
#define HWCAP_RV64GC                                                                               \
    (HWCAP_LETTER('I') | HWCAP_LETTER('M') | HWCAP_LETTER('A') | HWCAP_LETTER('F') |               \
     HWCAP_LETTER('D') | HWCAP_LETTER('C'))
