/*
 * Control and status registers that S-mode uses: numbers by name, fields, and access.
 *
 * Source: RISC-V Privileged Architecture 1.12, chapters 2.2 and 4.1; stimecmp: the Sstc extension
 * 1.0. Shared with assembly.
 */
#pragma once

#define SSTATUS_SIE      0x2
#define SSTATUS_SPIE     0x20
#define SSTATUS_SPP      0x100
#define SSTATUS_FS       0x6000
#define SSTATUS_FS_OFF   0x0
#define SSTATUS_FS_INIT  0x2000
#define SSTATUS_FS_CLEAN 0x4000
#define SSTATUS_FS_DIRTY 0x6000
#define SSTATUS_SUM      0x40000
#define SSTATUS_UXL_64   0x200000000

#define SIE_SSIE 0x2
#define SIE_STIE 0x20
#define SIE_SEIE 0x200

#define SATP_MODE_SV39 (8UL << 60)

#define SCOUNTEREN_CY 0x1
#define SCOUNTEREN_TM 0x2
#define SCOUNTEREN_IR 0x4

#define SCAUSE_INTERRUPT (1UL << 63)
#define IRQ_S_SOFT       1
#define IRQ_S_TIMER      5
#define IRQ_S_EXT        9

#define EXC_INST_MISALIGNED  0
#define EXC_INST_ACCESS      1
#define EXC_ILLEGAL          2
#define EXC_BREAKPOINT       3
#define EXC_LOAD_MISALIGNED  4
#define EXC_LOAD_ACCESS      5
#define EXC_STORE_MISALIGNED 6
#define EXC_STORE_ACCESS     7
#define EXC_ECALL_U          8
#define EXC_INST_PAGE        12
#define EXC_LOAD_PAGE        13
#define EXC_STORE_PAGE       15

#define CSR_STIMECMP 0x14d

#ifndef __ASSEMBLER__
#include "lib/types.h"

#define CSR_STRING_(x) #x
#define CSR_STRING(x)  CSR_STRING_(x)

#define csr_read(csr)                                                                              \
    ({                                                                                             \
        uint64_t csr_v_;                                                                           \
        __asm__ volatile("csrr %0, " CSR_STRING(csr) : "=r"(csr_v_)::"memory");                    \
        csr_v_;                                                                                    \
    })
#define csr_write(csr, v)                                                                          \
    __asm__ volatile("csrw " CSR_STRING(csr) ", %0" ::"rK"((uint64_t)(v)) : "memory")
#define csr_set(csr, v)                                                                            \
    __asm__ volatile("csrs " CSR_STRING(csr) ", %0" ::"rK"((uint64_t)(v)) : "memory")
#define csr_clear(csr, v)                                                                          \
    __asm__ volatile("csrc " CSR_STRING(csr) ", %0" ::"rK"((uint64_t)(v)) : "memory")
#define csr_read_clear(csr, v)                                                                     \
    ({                                                                                             \
        uint64_t csr_v_;                                                                           \
        __asm__ volatile("csrrc %0, " CSR_STRING(csr) ", %1"                                       \
                         : "=r"(csr_v_)                                                            \
                         : "rK"((uint64_t)(v))                                                     \
                         : "memory");                                                              \
        csr_v_;                                                                                    \
    })
#endif
