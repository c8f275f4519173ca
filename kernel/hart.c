#include "kernel/hart.h"

#include "arch/riscv/asm_offsets.h"

_Static_assert(offsetof(struct hart, index) == HART_INDEX, "asm_offsets.h");
_Static_assert(offsetof(struct hart, emergency_sp) == HART_EMERGENCY_SP, "asm_offsets.h");

struct hart harts[MAX_HARTS];
unsigned hart_count;

uint64_t hart_online_mask(void)
{
    uint64_t mask = 0;

    for (unsigned i = 0; i < hart_count; i++)
        if (harts[i].online)
            mask |= BIT(i);
    return mask;
}
