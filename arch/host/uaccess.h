/*
 * User access in host tests: user addresses are host pointers; addresses in
 * [host_fault_start, host_fault_end) fault. The promises are arch/riscv/uaccess.h's.
 */
#pragma once

#include "arch/address.h"
#include "lib/types.h"

extern vaddr_t host_fault_start, host_fault_end;

size_t __must_check copy_from_user(void *dst, vaddr_t src, size_t n);
size_t __must_check copy_to_user(vaddr_t dst, const void *src, size_t n);
size_t __must_check clear_user(vaddr_t dst, size_t n);
ssize_t __must_check strncpy_from_user(char *dst, vaddr_t src, size_t size);

static inline bool user_range_ok(vaddr_t va, size_t n)
{
    (void)va;
    (void)n;
    return true;
}
