/*
 * The one way to user memory. A fault that cannot be resolved ends the copy early; nothing else in
 * the kernel may touch user addresses (sstatus.SUM is clear outside of uaccess.S).
 *
 * The caller may sleep and holds no spin lock: a copy can take a page fault that reads the disk.
 */
#pragma once

#include "arch/address.h"
#include "lib/types.h"

/* Copies n bytes from user address src. Returns how many bytes were NOT copied (0: all were). */
size_t __must_check copy_from_user(void *dst, vaddr_t src, size_t n);

/* Copies n bytes to user address dst. Returns how many bytes were NOT copied (0: all were). */
size_t __must_check copy_to_user(vaddr_t dst, const void *src, size_t n);

/* Zeroes n bytes at user address dst. Returns how many bytes were NOT zeroed. */
size_t __must_check clear_user(vaddr_t dst, size_t n);

/*
 * Copies a NUL-terminated string of at most size bytes, NUL included. Returns its length without
 * the NUL, -EFAULT, or size when there is no NUL within size bytes (dst is then not terminated).
 */
ssize_t __must_check strncpy_from_user(char *dst, vaddr_t src, size_t size);

struct trap_frame;

/*
 * Called for a fault in the kernel that cannot be resolved: if the instruction is one of the user
 * accesses, makes the frame resume where the access ends early. False: it is not.
 */
bool uaccess_fixup(struct trap_frame *frame);

/* True when [va, va + n) lies inside user space. */
static inline bool user_range_ok(vaddr_t va, size_t n)
{
    return n <= USER_TOP && va <= USER_TOP - n;
}
