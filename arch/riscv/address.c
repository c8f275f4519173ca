#include "arch/riscv/address.h"

paddr_t image_phys;
