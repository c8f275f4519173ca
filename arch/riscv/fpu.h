/* fpu.S: the FP registers to memory and back; sstatus.FS must be on. */
#pragma once

#include "arch/riscv/thread.h"

void fp_store(struct fp_state *fp);
void fp_load(const struct fp_state *fp);
