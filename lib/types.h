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

#define MIN(a, b)                                                                                  \
    ({                                                                                             \
        __typeof__(a) min_a_ = (a);                                                                \
        __typeof__(b) min_b_ = (b);                                                                \
        min_a_ < min_b_ ? min_a_ : min_b_;                                                         \
    })
#define MAX(a, b)                                                                                  \
    ({                                                                                             \
        __typeof__(a) max_a_ = (a);                                                                \
        __typeof__(b) max_b_ = (b);                                                                \
        max_a_ > max_b_ ? max_a_ : max_b_;                                                         \
    })

/* The structure of type T whose member M is at p. */
#define container_of(p, T, M) ((T *)((char *)(p)-offsetof(T, M)))

#define __printf_like(f, a) __attribute__((format(printf, f, a)))
#define __noreturn          __attribute__((noreturn))
#define __must_check        __attribute__((warn_unused_result))
#define likely(x)           __builtin_expect(!!(x), 1)
#define unlikely(x)         __builtin_expect(!!(x), 0)
