/*
 * Waiting for several files, which are pipes here: nothing that happens before or while the task
 * sleeps is missed, and it leaves every queue that it joined. The waker is the test's hook.
 *
 * uses: fs/poll.c fs/pipe.c fs/file.c fs/uio.c fs/dentry.c fs/inode.c fs/hash_table.c
 * uses: mm/page_cache.c mm/page_tree.c mm/page_lock.c mm/page_lru.c mm/readahead.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "arch/time.h"
#include "fs/pipe.h"
#include "fs/poll.h"
#include "lib/errno.h"
#include "tests/host/support/vfs_host.h"

#define PAGES 16

static struct file *reader, *writer;
static size_t objects;

static void open_pipe(unsigned flags)
{
    assert_int_equal(pipe_create(&reader, &writer, flags), 0);
}

/* Closes both ends and sees that nothing is left. */
static void close_pipe(void)
{
    if (reader)
        file_put(reader);
    file_put(writer);
    host_wait_hook = NULL;
    assert_int_equal(alloc_host_pages(), 0);
    assert_int_equal(alloc_host_objects(), objects);
}

static bool close_reader_hook(void)
{
    file_put(reader);
    reader = NULL;
    return true;
}

static bool write_hook(void)
{
    char text[] = "late";
    struct iovec iov;
    struct uio uio;

    uio_init_kernel(&uio, &iov, text, 4);
    assert_int_equal(file_write(writer, &uio, NULL), 4);
    return true;
}

static bool signal_hook(void)
{
    host_signal_fatal = true;
    return true;
}

static void poll_wait_sleeps_until_one_is_ready(void **state)
{
    struct poll_entry entries[3];

    (void)state;
    open_pipe(0);
    entries[0] = (struct poll_entry){.file = reader, .events = POLLIN};
    entries[1] = (struct poll_entry){.file = NULL, .events = POLLIN};
    entries[2] = (struct poll_entry){.file = writer, .events = 0};
    assert_int_equal(poll_wait(entries, 3, 0), 0);
    assert_int_equal(poll_wait(entries, 3, host_time_ns + 1000), 0);
    host_wait_hook = write_hook;
    assert_int_equal(poll_wait(entries, 3, UINT64_MAX), 1);
    assert_int_equal(entries[0].revents, POLLIN);
    assert_int_equal(entries[1].revents | entries[2].revents, 0);
    host_wait_hook = close_reader_hook;
    entries[0].file = NULL;
    assert_int_equal(poll_wait(entries, 3, UINT64_MAX), 1);
    assert_int_equal(entries[2].revents, POLLERR);
    close_pipe();
}

static void poll_wait_joins_and_leaves_any_number_of_queues(void **state)
{
    struct poll_entry entries[200];

    (void)state;
    open_pipe(0);
    for (size_t i = 0; i < ARRAY_SIZE(entries); i++)
        entries[i] = (struct poll_entry){.file = reader, .events = POLLIN};
    host_wait_hook = signal_hook;
    assert_int_equal(poll_wait(entries, ARRAY_SIZE(entries), UINT64_MAX), -EINTR);
    host_signal_fatal = false;
    alloc_fail_nth(2);
    assert_int_equal(poll_wait(entries, ARRAY_SIZE(entries), UINT64_MAX), -ENOMEM);
    alloc_fail_nth(0);
    host_wait_hook = write_hook;
    assert_int_equal(poll_wait(entries, ARRAY_SIZE(entries), UINT64_MAX), ARRAY_SIZE(entries));
    close_pipe(); /* the queues die with the pipe: the sanitizer sees who is still on them */
}

static int setup(void **state)
{
    (void)state;
    objects = vfs_host_init(PAGES);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(poll_wait_sleeps_until_one_is_ready),
        cmocka_unit_test(poll_wait_joins_and_leaves_any_number_of_queues),
    };

    return cmocka_run_group_tests(tests, setup, NULL);
}
