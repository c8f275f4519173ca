/*
 * Calls to the firmware: RISC-V Supervisor Binary Interface 1.0 (and the debug console of 2.0
 * where the firmware has it). Extensions are probed once; a missing one is an error, not a trap.
 *
 * Masks have a bit for each of our own dense hart numbers; sbi_set_hart() tells which machine hart
 * that is.
 */
#pragma once

#include "lib/types.h"

#define SBI_HARTS_MAX 64

/* Probes the extensions; before any other call here but sbi_putchar. */
void sbi_init(void);

/* Says which machine hart our hart `index` is. */
void sbi_set_hart(unsigned index, uint64_t hartid);

/* One character on the firmware's console: works from the first instruction on. */
void sbi_putchar(char c);

/* The next timer interrupt of this hart (TIME extension, or the legacy call). */
void sbi_set_timer(uint64_t ticks);

/* A software interrupt for each hart of mask. */
void sbi_send_ipi(uint64_t harts);

/* sfence.vma on [start, start + size), and fence.i, on each hart of mask; done on return. size
 * UINT64_MAX: everything. */
void sbi_remote_sfence(uint64_t harts, vaddr_t start, uint64_t size);
void sbi_remote_fence_i(uint64_t harts);

/* Starts a stopped hart at physical address `entry` with a0 = hartid, a1 = arg: 0 or -errno. */
int sbi_hart_start(uint64_t hartid, paddr_t entry, uint64_t arg);

/* Powers off (or reboots) by SRST, or by the legacy shutdown; returns if neither works. */
void sbi_power_off(bool failure);
void sbi_reboot(void);

/* The firmware's name and version for the boot message: "OpenSBI 1.1". */
const char *sbi_describe(void);
