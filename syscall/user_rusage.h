/* Usage in user space's structures. getrusage(2). */
#pragma once

#include "process/times.h"
#include "syscall/abi.h"

struct user_timeval user_timeval_from_ns(uint64_t ns);
void user_rusage_fill(struct user_rusage *rusage, const struct usage *usage);
