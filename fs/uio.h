/*
 * Where bytes go to or come from: a list of user ranges (readv, writev) or one kernel buffer. Each
 * transfer moves the cursor on.
 */
#pragma once

#include "lib/types.h"

#define UIO_MAXIOV 1024 /* Linux, IOV_MAX */

struct iovec {
    uint64_t base, len; /* as user space has it */
};

struct uio {
    const struct iovec *iov; /* what is left, from the current segment on; kernel memory */
    unsigned iov_count;
    uint64_t iov_done; /* bytes done of the current segment */
    size_t left;       /* bytes left in all */
    bool kernel;       /* the bases are kernel addresses */
};

void uio_init_user(struct uio *uio, const struct iovec *iov, unsigned count, size_t total);
/* One kernel buffer; iov is the caller's storage and must live as long as uio. */
void uio_init_kernel(struct uio *uio, struct iovec *iov, void *buf, size_t n);

/*
 * Moves up to n bytes from buf to where uio points (a read), or from there to buf (a write); stops
 * at uio's end. Returns the bytes moved: fewer when user memory faulted. Sleeps.
 */
size_t uio_put(struct uio *uio, const void *buf, size_t n);
size_t uio_get(struct uio *uio, void *buf, size_t n);

/* Stores n zeroes. Returns the bytes stored. */
size_t uio_put_zeroes(struct uio *uio, size_t n);
