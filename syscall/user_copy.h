/* Whole structures to and from user memory: 0 or -EFAULT. */
#pragma once

#include "arch/uaccess.h"
#include "lib/errno.h"

static inline int __must_check user_get(void *dst, vaddr_t src, size_t n)
{
    return copy_from_user(dst, src, n) ? -EFAULT : 0;
}

static inline int __must_check user_put(vaddr_t dst, const void *src, size_t n)
{
    return copy_to_user(dst, src, n) ? -EFAULT : 0;
}
