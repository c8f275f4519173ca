/*
 * Structures that cross between kernel and programs, as Linux/riscv64 lays them out; 64-bit
 * little-endian, all padding named. Source of each beside it (Linux, include/uapi/).
 */
#pragma once

#include "lib/time_units.h"
#include "lib/types.h"

#define AT_FDCWD            (-100) /* linux/fcntl.h */
#define AT_SYMLINK_NOFOLLOW 0x100
#define AT_EACCESS          0x200
#define AT_REMOVEDIR        0x200
#define AT_SYMLINK_FOLLOW   0x400
#define AT_NO_AUTOMOUNT     0x800
#define AT_EMPTY_PATH       0x1000
#define AT_STATX_SYNC_TYPE  0x6000

#define RW_COUNT_MAX 0x7ffff000UL /* MAX_RW_COUNT: no transfer is longer */

/* struct timespec is fs/inode.h's struct timespec64; struct timeval: */
struct user_timeval {
    int64_t sec, usec;
};

/* asm-generic/stat.h */
struct user_stat {
    uint64_t dev, ino;
    uint32_t mode, nlink, uid, gid;
    uint64_t rdev, pad1;
    int64_t size;
    int32_t blksize, pad2;
    int64_t blocks;
    int64_t atime, atime_nsec, mtime, mtime_nsec, ctime, ctime_nsec;
    uint32_t unused[2];
};
_Static_assert(sizeof(struct user_stat) == 128, "struct stat");

/* linux/stat.h */
struct user_statx_time {
    int64_t sec;
    uint32_t nsec;
    int32_t pad;
};

#define STATX_BASIC_STATS 0x7ffu
#define STATX_BTIME       0x800u
#define STATX__RESERVED   0x80000000u

struct user_statx {
    uint32_t mask, blksize;
    uint64_t attributes;
    uint32_t nlink, uid, gid;
    uint16_t mode, pad1;
    uint64_t ino, size, blocks, attributes_mask;
    struct user_statx_time atime, btime, ctime, mtime;
    uint32_t rdev_major, rdev_minor, dev_major, dev_minor;
    uint64_t mnt_id;
    uint32_t dio_mem_align, dio_offset_align;
    uint64_t spare[12];
};
_Static_assert(sizeof(struct user_statx) == 256, "struct statx");

/* asm-generic/statfs.h, struct statfs of 64-bit machines */
struct user_statfs {
    int64_t type, bsize;
    uint64_t blocks, bfree, bavail, files, ffree, fsid;
    int64_t namelen, frsize, flags, spare[4];
};
_Static_assert(sizeof(struct user_statfs) == 120, "struct statfs");

#define ST_RDONLY 1
#define ST_VALID  0x20

/* asm-generic/poll.h */
struct user_pollfd {
    int32_t fd;
    int16_t events, revents;
};

/* linux/utsname.h, struct new_utsname */
#define UTS_LEN 65
struct user_utsname {
    char sysname[UTS_LEN], nodename[UTS_LEN], release[UTS_LEN], version[UTS_LEN];
    char machine[UTS_LEN], domainname[UTS_LEN];
};

/* linux/sysinfo.h */
struct user_sysinfo {
    int64_t uptime;
    uint64_t loads[3], totalram, freeram, sharedram, bufferram, totalswap, freeswap;
    uint16_t procs, pad[3];
    uint64_t totalhigh, freehigh;
    uint32_t mem_unit, pad2;
};
_Static_assert(sizeof(struct user_sysinfo) == 112, "struct sysinfo");

/* linux/resource.h */
struct user_rusage {
    struct user_timeval utime, stime;
    int64_t maxrss; /* KiB */
    int64_t ixrss, idrss, isrss, minflt, majflt, nswap, inblock, oublock;
    int64_t msgsnd, msgrcv, nsignals, nvcsw, nivcsw;
};
_Static_assert(sizeof(struct user_rusage) == 144, "struct rusage");

/* linux/times.h */
struct user_tms {
    int64_t utime, stime, cutime, cstime;
};

/* Our own, of debug_pte(): the entries from the root's on, and the root table's physical address.
 */
struct debug_walk {
    uint64_t root, count, entries[3];
};

/* asm/hwprobe.h (arch/riscv) */
struct user_hwprobe {
    int64_t key;
    uint64_t value;
};
