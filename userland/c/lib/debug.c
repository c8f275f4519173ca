#include "userland/c/lib/debug.h"

#include <unistd.h>

/* syscall/table.h. */
#define SYS_DEBUG_TRACE 4096
#define SYS_DEBUG_PTE   4097

int debug_trace(int fd)
{
    return (int)syscall(SYS_DEBUG_TRACE, fd);
}

int debug_pte(pid_t pid, uint64_t address, struct debug_walk *walk)
{
    return (int)syscall(SYS_DEBUG_PTE, pid, address, walk);
}
