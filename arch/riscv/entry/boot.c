#include "arch/riscv/entry/boot.h"

struct task boot_idle;
struct secondary_boot secondary_boot[MAX_HARTS];

__attribute__((aligned(4096))) uint64_t boot_root[512], boot_image[512];

_Static_assert(offsetof(struct secondary_boot, satp) == SECONDARY_SATP, "boot.h");
_Static_assert(offsetof(struct secondary_boot, sp) == SECONDARY_SP, "boot.h");
_Static_assert(offsetof(struct secondary_boot, tp) == SECONDARY_TP, "boot.h");
_Static_assert(offsetof(struct secondary_boot, entry) == SECONDARY_ENTRY, "boot.h");
_Static_assert(offsetof(struct secondary_boot, key) == SECONDARY_KEY, "boot.h");
_Static_assert(sizeof(struct secondary_boot) == SECONDARY_SIZE, "boot.h");
_Static_assert(MAX_HARTS == SECONDARY_COUNT, "boot.h");
