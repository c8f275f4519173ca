/*
 * The scalar types, units and small arithmetic that every floor shares.
 *
 * Addresses and indices that must not be mixed up carry their unit in their type's name: a paddr_t
 * is a physical byte address, a vaddr_t a virtual one, a pfn_t a page frame number, a pgoff_t a
 * page index within a file, a sector_t a 512-byte block of a disk.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t paddr_t;
typedef uint64_t vaddr_t;
typedef uint64_t pfn_t;
typedef uint64_t pgoff_t;
typedef uint64_t sector_t;

#if defined(FATHOM_HOST)
#include <sys/types.h>
#else
typedef int64_t ssize_t;
typedef int64_t off_t;
typedef uint32_t mode_t;
typedef uint32_t uid_t;
typedef uint32_t gid_t;
typedef int32_t pid_t;
#endif

#define PAGE_SHIFT 12
#define PAGE_SIZE  (1UL << PAGE_SHIFT)
#define PAGE_MASK  (~(PAGE_SIZE - 1))

#define SECTOR_SHIFT 9
#define SECTOR_SIZE  (1UL << SECTOR_SHIFT)

#define KIB (1UL << 10)
#define MIB (1UL << 20)
#define GIB (1UL << 30)

#define BIT(n)        (1UL << (n))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* a must be a power of two. */
#define ALIGN_DOWN(x, a) ((x) & ~((__typeof__(x))(a)-1))
#define ALIGN_UP(x, a)   ALIGN_DOWN((x) + ((__typeof__(x))(a)-1), a)
#define IS_ALIGNED(x, a) (((x) & ((__typeof__(x))(a)-1)) == 0)

#define DIV_ROUND_UP(n, d) (((n) + (d)-1) / (d))

/* Each argument is evaluated once; the names are new for each use, so that uses nest. */
#define MIN(a, b)                PICK(a, b, <, JOIN(pick_a_, __COUNTER__), JOIN(pick_b_, __COUNTER__))
#define MAX(a, b)                PICK(a, b, >, JOIN(pick_a_, __COUNTER__), JOIN(pick_b_, __COUNTER__))
#define JOIN(x, y)               JOIN_EXPANDED(x, y)
#define JOIN_EXPANDED(x, y)      x##y
#define PICK(a, b, op, va_, vb_) PICK_EXPANDED(a, b, op, va_, vb_)
#define PICK_EXPANDED(a, b, op, va_, vb_)                                                          \
    ({                                                                                             \
        __typeof__(a) va_ = (a);                                                                   \
        __typeof__(b) vb_ = (b);                                                                   \
        va_ op vb_ ? va_ : vb_;                                                                    \
    })

/* The structure of type T whose member M is at p. */
#define container_of(p, T, M) ((T *)((char *)(p)-offsetof(T, M)))

#define __printf_like(f, a) __attribute__((format(printf, f, a)))
#define __noreturn          __attribute__((noreturn))
#define __must_check        __attribute__((warn_unused_result))
#define likely(x)           __builtin_expect(!!(x), 1)
#define unlikely(x)         __builtin_expect(!!(x), 0)
