/*
 * [vdso]: one page that the kernel maps, readable and executable, into every process. It holds the
 * code that a signal handler returns to (riscv64 has no sa_restorer).
 */
#pragma once

#include "lib/types.h"

struct mm;

/* Makes the page; panics when memory is short. Once, at boot. */
void vdso_init(void);

/* Maps it into a new address space and notes where: 0 or -ENOMEM. */
int vdso_map(struct mm *mm);

/* Where a signal handler returns to in this address space. */
vaddr_t vdso_sigreturn(const struct mm *mm);
