/*
 * System calls that wait for several files: ppoll(2), pselect(2).
 */
#include "fs/poll.h"
#include "lib/err.h"
#include "lib/string.h"
#include "mm/alloc/kmalloc.h"
#include "process/rlimit.h"
#include "process/signal_action.h"
#include "sched/task.h"
#include "syscall/abi.h"
#include "syscall/prototypes.h"
#include "syscall/user_copy.h"
#include "syscall/user_file.h"
#include "syscall/user_time.h"

#define SELECT_MAX 1024 /* glibc's FD_SETSIZE, and as many as a process has by default */
#define WORD_BITS  64
#define SET_WORDS  (SELECT_MAX / WORD_BITS)

/* Which events each of select's three sets means (Linux, fs/select.c). */
#define SELECT_READ   (POLLIN | POLLRDNORM | POLLHUP | POLLERR)
#define SELECT_WRITE  (POLLOUT | POLLWRNORM | POLLERR)
#define SELECT_EXCEPT POLLPRI

/* The time limit and mask that both calls have. */
struct poll_limits {
    vaddr_t timeout; /* 0: none */
    uint64_t deadline;
};

/* Reads the time limit: 0, -EFAULT, -EINVAL. */
static int limits_get(struct poll_limits *limits, vaddr_t timeout)
{
    struct timespec64 ts;
    int error;

    *limits = (struct poll_limits){timeout, TIME_FOREVER};
    if (!timeout)
        return 0;
    error = user_timespec_get(&ts, timeout);
    if (!error)
        limits->deadline = ts.sec || ts.nsec ? deadline_after(timespec_to_ns(&ts)) : 0;
    return error;
}

/* Installs the mask of the call, if it has one. */
static int mask_get(vaddr_t mask, size_t size)
{
    uint64_t set;

    if (!mask)
        return 0;
    if (size != sizeof(set))
        return -EINVAL;
    if (user_get(&set, mask, sizeof(set)))
        return -EFAULT;
    signal_mask_replace(set);
    return 0;
}

/* The end of either call: the mask goes back unless a signal is to be handled under it, and what is
 * left of the time is stored, so that a repetition waits no longer. */
static int64_t finish(const struct poll_limits *limits, int64_t result)
{
    struct timespec64 left;

    if (result != -EINTR)
        signal_mask_restore();
    if (limits->timeout) {
        size_t not_stored;

        left = ns_to_timespec(deadline_left(limits->deadline));
        not_stored = copy_to_user(limits->timeout, &left, sizeof(left));
        (void)not_stored; /* as on Linux: a timeout in read-only memory stays as it is */
    }
    return result;
}

/* Opens entry for a descriptor; false if there is none. */
static bool entry_open(struct poll_entry *entry, int fd, uint32_t events)
{
    struct file *file = user_file_get(fd);

    *entry = (struct poll_entry){.file = IS_ERR(file) ? NULL : file, .events = events};
    return entry->file;
}

static void entries_close(struct poll_entry *entries, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (entries[i].file)
            file_put(entries[i].file);
}

/* Waits for the descriptors; their revents are filled in. Value: as poll(2). */
static int64_t poll_fds(struct user_pollfd *fds, unsigned n, uint64_t deadline)
{
    struct poll_entry *entries = kmalloc(n * sizeof(*entries) + 1, 0);
    int64_t invalid = 0, ready;

    if (!entries)
        return -ENOMEM;
    for (unsigned i = 0; i < n; i++) {
        bool open = entry_open(&entries[i], fds[i].fd, (uint16_t)fds[i].events);

        fds[i].revents = fds[i].fd >= 0 && !open ? POLLNVAL : 0;
        invalid += fds[i].revents != 0;
    }
    ready = poll_wait(entries, n, invalid ? 0 : deadline);
    for (unsigned i = 0; i < n; i++)
        if (entries[i].file)
            fds[i].revents = (int16_t)entries[i].revents;
    entries_close(entries, n);
    kmfree(entries);
    return ready < 0 ? ready : ready + invalid;
}

/* Stores the revents alone. */
static int put_revents(vaddr_t fds, const struct user_pollfd *kernel, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        vaddr_t at = fds + i * sizeof(*kernel) + offsetof(struct user_pollfd, revents);

        if (user_put(at, &kernel[i].revents, sizeof(kernel[i].revents)))
            return -EFAULT;
    }
    return 0;
}

static int64_t poll_user(vaddr_t fds, unsigned n, uint64_t deadline)
{
    struct user_pollfd *kernel = kmalloc(n * sizeof(*kernel) + 1, 0);
    int64_t result;

    if (!kernel)
        return -ENOMEM;
    result = user_get(kernel, fds, n * sizeof(*kernel));
    if (!result)
        result = poll_fds(kernel, n, deadline);
    if (result >= 0 && put_revents(fds, kernel, n))
        result = -EFAULT;
    kmfree(kernel);
    return result;
}

int64_t sys_ppoll(vaddr_t fds, size_t n, vaddr_t timeout, vaddr_t mask, size_t mask_size)
{
    struct poll_limits limits;
    int error = limits_get(&limits, timeout);

    n = (uint32_t)n;
    if (!error)
        error = mask_get(mask, mask_size);
    if (error)
        return error;
    if (n > rlimit_current(RLIMIT_NOFILE))
        return finish(&limits, -EINVAL);
    return finish(&limits, poll_user(fds, (unsigned)n, limits.deadline));
}

/* select's sets: what is asked for, and later what holds. */
struct select_sets {
    unsigned n;      /* descriptors 0 … n - 1 */
    vaddr_t user[3]; /* 0: not given */
    uint64_t bits[3][SET_WORDS];
};

static const uint32_t select_events[3] = {SELECT_READ, SELECT_WRITE, SELECT_EXCEPT};

static size_t set_bytes(const struct select_sets *sets)
{
    return DIV_ROUND_UP(sets->n, WORD_BITS) * sizeof(uint64_t);
}

static int sets_get(struct select_sets *sets)
{
    memset(sets->bits, 0, sizeof(sets->bits));
    for (int k = 0; k < 3; k++)
        if (sets->user[k] && user_get(sets->bits[k], sets->user[k], set_bytes(sets)))
            return -EFAULT;
    return 0;
}

static int sets_put(const struct select_sets *sets)
{
    for (int k = 0; k < 3; k++)
        if (sets->user[k] && user_put(sets->user[k], sets->bits[k], set_bytes(sets)))
            return -EFAULT;
    return 0;
}

static uint32_t sets_events(const struct select_sets *sets, unsigned fd)
{
    uint32_t events = 0;

    for (int k = 0; k < 3; k++)
        if (sets->bits[k][fd / WORD_BITS] >> fd % WORD_BITS & 1)
            events |= select_events[k];
    return events;
}

/* Keeps of fd's bits those whose events hold; returns how many. */
static int sets_answer(struct select_sets *sets, unsigned fd, uint32_t revents)
{
    uint64_t bit = 1UL << fd % WORD_BITS;
    int count = 0;

    for (int k = 0; k < 3; k++) {
        uint64_t *word = &sets->bits[k][fd / WORD_BITS];

        if (!(*word & bit))
            continue;
        if (revents & select_events[k])
            count++;
        else
            *word &= ~bit;
    }
    return count;
}

/* One entry for each descriptor below n; those not asked for stay closed. */
static int select_open(const struct select_sets *sets, struct poll_entry *entries)
{
    for (unsigned fd = 0; fd < sets->n; fd++) {
        uint32_t events = sets_events(sets, fd);

        entries[fd] = (struct poll_entry){0};
        if (events && !entry_open(&entries[fd], (int)fd, events)) {
            entries_close(entries, fd);
            return -EBADF;
        }
    }
    return 0;
}

static int64_t select_wait(struct select_sets *sets, uint64_t deadline)
{
    struct poll_entry *entries = kmalloc(sets->n * sizeof(*entries) + 1, 0);
    int64_t result, count = 0;

    if (!entries)
        return -ENOMEM;
    result = select_open(sets, entries);
    if (!result) {
        result = poll_wait(entries, sets->n, deadline);
        for (unsigned fd = 0; result >= 0 && fd < sets->n; fd++)
            count += sets_answer(sets, fd, entries[fd].revents);
        entries_close(entries, sets->n);
    }
    kmfree(entries);
    return result < 0 ? result : count;
}

int64_t sys_pselect6(const struct syscall_args *args)
{
    struct {
        uint64_t mask, size;
    } sigset = {0};
    struct select_sets sets = {.user = {args->a[1], args->a[2], args->a[3]}};
    struct poll_limits limits;
    int n = (int)args->a[0];
    int64_t result = limits_get(&limits, args->a[4]);

    if (!result && args->a[5])
        result = user_get(&sigset, args->a[5], sizeof(sigset));
    if (!result)
        result = mask_get(sigset.mask, sigset.size);
    if (result)
        return result;
    sets.n = (unsigned)MIN(n, SELECT_MAX);
    result = n < 0 ? -EINVAL : sets_get(&sets);
    if (!result)
        result = select_wait(&sets, limits.deadline);
    if (result >= 0 && sets_put(&sets))
        result = -EFAULT;
    return finish(&limits, result);
}
