/*
 * Range checks in front of uaccess.S, and the table of its instructions that may fault.
 */
#include "arch/riscv/uaccess.h"

#include "arch/riscv/thread.h"
#include "lib/errno.h"

struct exception_entry {
    uint64_t insn, fixup;
};

/* The linker's: the bounds of all exception tables. */
extern const struct exception_entry ex_table_start[], ex_table_end[];

/* In uaccess.S. */
size_t uaccess_copy(void *dst, const void *src, size_t n);
size_t uaccess_clear(void *dst, size_t n);
ssize_t uaccess_string(char *dst, const char *src, size_t n);

size_t copy_from_user(void *dst, vaddr_t src, size_t n)
{
    if (!user_range_ok(src, n))
        return n;
    return uaccess_copy(dst, (const void *)src, n);
}

size_t copy_to_user(vaddr_t dst, const void *src, size_t n)
{
    if (!user_range_ok(dst, n))
        return n;
    return uaccess_copy((void *)dst, src, n);
}

size_t clear_user(vaddr_t dst, size_t n)
{
    if (!user_range_ok(dst, n))
        return n;
    return uaccess_clear((void *)dst, n);
}

ssize_t strncpy_from_user(char *dst, vaddr_t src, size_t size)
{
    size_t n = size;
    ssize_t len;

    if (src >= USER_TOP)
        return -EFAULT;
    if (n > USER_TOP - src)
        n = USER_TOP - src;
    len = uaccess_string(dst, (const char *)src, n);
    return len == (ssize_t)n && n < size ? -EFAULT : len;
}

bool uaccess_fixup(struct trap_frame *frame)
{
    for (const struct exception_entry *e = ex_table_start; e < ex_table_end; e++) {
        if (e->insn == frame->pc) {
            frame->pc = e->fixup;
            return true;
        }
    }
    return false;
}
