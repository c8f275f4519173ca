/*
 * Bytes to and from user ranges or a kernel buffer: see fs/uio.h.
 *
 * A struct uio is a cursor: the current segment, the bytes done of it, the bytes left in all. Each
 * transfer goes segment by segment and ends early where user memory faults; the cursor then stands
 * at the first byte that was not moved. User addresses are checked here, before each copy.
 */
#include "fs/uio.h"

#include "arch/uaccess.h"
#include "lib/string.h"

enum uio_step { UIO_TO, UIO_FROM, UIO_ZERO };

void uio_init_user(struct uio *uio, const struct iovec *iov, unsigned count, size_t total)
{
    *uio = (struct uio){.iov = iov, .iov_count = count, .left = total};
}

void uio_init_kernel(struct uio *uio, struct iovec *iov, void *buf, size_t n)
{
    *iov = (struct iovec){.base = (uintptr_t)buf, .len = n};
    *uio = (struct uio){.iov = iov, .iov_count = 1, .left = n, .kernel = true};
}

/* Moves n bytes at one user address; returns how many were not moved. */
static size_t step_user(vaddr_t va, char *buf, size_t n, enum uio_step step)
{
    if (!user_range_ok(va, n))
        return n;
    switch (step) {
    case UIO_TO:
        return copy_to_user(va, buf, n);
    case UIO_FROM:
        return copy_from_user(buf, va, n);
    default:
        return clear_user(va, n);
    }
}

static void step_kernel(void *at, char *buf, size_t n, enum uio_step step)
{
    switch (step) {
    case UIO_TO:
        memcpy(at, buf, n);
        break;
    case UIO_FROM:
        memcpy(buf, at, n);
        break;
    default:
        memset(at, 0, n);
    }
}

/* Moves on to a segment that has something left; false at the end. */
static bool uio_settle(struct uio *uio)
{
    while (uio->iov_count > 0 && uio->iov_done == uio->iov->len) {
        uio->iov++;
        uio->iov_count--;
        uio->iov_done = 0;
    }
    return uio->iov_count > 0 && uio->left > 0;
}

static size_t uio_move(struct uio *uio, char *buf, size_t n, enum uio_step step)
{
    size_t done = 0;

    while (done < n && uio_settle(uio)) {
        uint64_t at = uio->iov->base + uio->iov_done;
        size_t part = MIN(MIN(n - done, uio->left), uio->iov->len - uio->iov_done);
        char *from = step == UIO_ZERO ? NULL : buf + done;
        size_t missed = 0;

        if (uio->kernel)
            step_kernel((void *)at, from, part, step);
        else
            missed = step_user(at, from, part, step);
        uio->iov_done += part - missed;
        uio->left -= part - missed;
        done += part - missed;
        if (missed > 0)
            break;
    }
    return done;
}

size_t uio_put(struct uio *uio, const void *buf, size_t n)
{
    return uio_move(uio, (char *)buf, n, UIO_TO);
}

size_t uio_get(struct uio *uio, void *buf, size_t n)
{
    return uio_move(uio, buf, n, UIO_FROM);
}

size_t uio_put_zeroes(struct uio *uio, size_t n)
{
    return uio_move(uio, NULL, n, UIO_ZERO);
}
