/*
 * Waiting for several files at once: ppoll(2), pselect(2).
 */
#pragma once

#include "fs/file.h"

struct poll_entry {
    struct file *file; /* NULL: not looked at (poll(2): a negative descriptor) */
    uint32_t events;   /* POLL* that are asked for; POLLERR and POLLHUP always are */
    uint32_t revents;  /* out: those that hold */
};

/*
 * Sleeps until one of the n entries has an event, or until the deadline (time_ns(); 0: only looks,
 * UINT64_MAX: none). Each file is kept open by the caller. Returns how many entries have events, 0
 * at the deadline, -EINTR or -ENOMEM.
 */
int poll_wait(struct poll_entry *entries, unsigned n, uint64_t deadline);
