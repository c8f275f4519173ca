/*
 * Error pointers: a function that returns a pointer and can fail in more than one way returns a
 * negative errno in the last page of the address space, where no object lies.
 */
#pragma once

#include "lib/types.h"

#define MAX_ERRNO 4095

static inline void *ERR_PTR(long error)
{
    return (void *)error;
}

static inline long PTR_ERR(const void *ptr)
{
    return (long)ptr;
}

static inline bool IS_ERR(const void *ptr)
{
    return (unsigned long)ptr >= (unsigned long)-MAX_ERRNO;
}
