/*
 * Pipes against a model that is a plain array of bytes, over 100,000 random operations: what
 * pipe(7) promises of atomic writes, of ends that close, of poll and FIONREAD; faulting users;
 * FIFOs by name; sleeping ends, whose waker is the test's hook.
 *
 * uses: fs/pipe.c fs/file.c fs/uio.c fs/dentry.c fs/inode.c fs/hash_table.c
 * uses: mm/page_cache.c mm/page_tree.c mm/page_lock.c mm/page_lru.c mm/readahead.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arch/uaccess.h"
#include "fs/pipe.h"
#include "lib/err.h"
#include "lib/errno.h"
#include "tests/host/support/vfs_host.h"

#define PAGES  64
#define ROUNDS 100000

static struct file *reader, *writer;
static size_t objects;

static unsigned any(unsigned n)
{
    return (unsigned)rand() % n;
}

static ssize_t user_read(struct file *file, void *buf, size_t n)
{
    struct iovec iov = {(uintptr_t)buf, n};
    struct uio uio;

    uio_init_user(&uio, &iov, 1, n);
    return file_read(file, &uio, NULL);
}

static ssize_t user_write(struct file *file, const void *buf, size_t n)
{
    struct iovec iov = {(uintptr_t)buf, n};
    struct uio uio;

    uio_init_user(&uio, &iov, 1, n);
    return file_write(file, &uio, NULL);
}

static void open_pipe(unsigned flags)
{
    host_signals_posted = 0;
    assert_int_equal(pipe_create(&reader, &writer, flags), 0);
}

static void close_end(struct file **end)
{
    if (*end)
        file_put(*end);
    *end = NULL;
}

/* Closes both ends and sees that nothing is left. */
static void close_pipe(void)
{
    close_end(&reader);
    close_end(&writer);
    host_wait_hook = NULL;
    assert_int_equal(alloc_host_pages(), 0);
    assert_int_equal(alloc_host_objects(), objects);
}

/* -- Against the model ------------------------------------------------------------------------- */

static char model[PIPE_SIZE];
static size_t held;

static void model_write(const char *bytes, size_t n)
{
    memcpy(model + held, bytes, n);
    held += n;
}

static void model_read(const char *bytes, size_t n)
{
    assert_memory_equal(bytes, model, n);
    memmove(model, model + n, held - n);
    held -= n;
}

static size_t random_size(void)
{
    static const size_t special[] = {0, 1, 4095, 4096, 4097, 8192, PIPE_SIZE, PIPE_SIZE + 1};

    return any(4) ? any(6000) : any(4) ? any(40000) : special[any(ARRAY_SIZE(special))];
}

static void random_write(const char *bytes)
{
    size_t n = random_size(), room = PIPE_SIZE - held;
    ssize_t expect = (ssize_t)MIN(n, room);

    if (n > 0 && (room == 0 || (n <= PIPE_BUF && n > room)))
        expect = -EAGAIN;
    assert_int_equal(user_write(writer, bytes, n), expect);
    if (expect > 0)
        model_write(bytes, (size_t)expect);
}

static void random_read(void)
{
    static char bytes[PIPE_SIZE + 1];
    size_t n = random_size();
    ssize_t expect = n == 0 ? 0 : held == 0 ? -EAGAIN : (ssize_t)MIN(n, held);

    assert_int_equal(user_read(reader, bytes, n), expect);
    if (expect > 0)
        model_read(bytes, (size_t)expect);
}

static void check_state(void)
{
    uint32_t in = held > 0 ? POLLIN | POLLRDNORM : 0;
    uint32_t out = PIPE_SIZE - held >= PIPE_BUF ? POLLOUT | POLLWRNORM : 0;
    int unread = -1;

    pipe_check(reader);
    assert_int_equal(file_poll(reader, NULL), in);
    assert_int_equal(file_poll(writer, NULL), out);
    assert_int_equal(file_ioctl(reader, FIONREAD, (uintptr_t)&unread), 0);
    assert_int_equal(unread, held);
    assert_true(alloc_host_pages() <= held / PAGE_SIZE + 2);
}

static void nonblocking_pipe_agrees_with_model(void **state)
{
    static char bytes[PIPE_SIZE + 200];

    (void)state;
    srand(6);
    held = 0;
    open_pipe(O_NONBLOCK);
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (char)rand();
    for (int i = 0; i < ROUNDS; i++) {
        unsigned bias = i / 1000 % 3; /* now emptier, now fuller */

        if (any(4) + bias > 2)
            random_write(bytes + any(100));
        else
            random_read();
        if (i % 16 == 0)
            check_state();
    }
    close_pipe();
}

static void fault_moves_whole_parts_only(void **state)
{
    static char bytes[3 * PIPE_BUF], back[3 * PIPE_BUF];

    (void)state;
    open_pipe(O_NONBLOCK);
    memset(bytes, 'b', sizeof(bytes));
    host_fault_start = (uintptr_t)bytes + 100;
    host_fault_end = (uintptr_t)bytes + sizeof(bytes);
    assert_int_equal(user_write(writer, bytes, 200), -EFAULT);
    assert_int_equal(user_write(writer, bytes, 100), 100);
    host_fault_start = (uintptr_t)bytes + PIPE_BUF + 100;
    assert_int_equal(user_write(writer, bytes, sizeof(bytes)), PIPE_BUF);
    host_fault_start = (uintptr_t)back;
    host_fault_end = (uintptr_t)back + sizeof(back);
    assert_int_equal(user_read(reader, back, 50), -EFAULT);
    host_fault_start = (uintptr_t)back + 20;
    assert_int_equal(user_read(reader, back, 50), 20);
    host_fault_end = 0;
    assert_int_equal(user_read(reader, back, sizeof(back)), PIPE_BUF + 80);
    pipe_check(reader);
    close_pipe();
}

/* -- Ends that close --------------------------------------------------------------------------- */

static void end_of_file_comes_after_the_last_byte(void **state)
{
    char buf[10];

    (void)state;
    open_pipe(0);
    assert_int_equal(user_write(writer, "abc", 3), 3);
    close_end(&writer);
    assert_int_equal(file_poll(reader, NULL), POLLIN | POLLRDNORM | POLLHUP);
    assert_int_equal(user_read(reader, buf, 2), 2);
    assert_int_equal(user_read(reader, buf, 2), 1);
    assert_int_equal(user_read(reader, buf, 2), 0);
    assert_int_equal(file_poll(reader, NULL), POLLHUP);
    close_pipe();
}

static void writing_without_readers_is_epipe_and_sigpipe(void **state)
{
    (void)state;
    open_pipe(0);
    close_end(&reader);
    assert_int_equal(user_write(writer, "x", 0), 0);
    assert_int_equal(host_signals_posted, 0);
    assert_int_equal(user_write(writer, "x", 1), -EPIPE);
    assert_int_equal(host_signals_posted, 1);
    assert_int_equal(host_signal_last, SIGPIPE);
    assert_int_equal(file_poll(writer, NULL), POLLOUT | POLLWRNORM | POLLERR);
    close_pipe();
}

static void ends_are_for_one_direction_and_have_no_position(void **state)
{
    uint64_t pos = 0;
    struct iovec iov;
    struct uio uio;
    char c;

    (void)state;
    assert_int_equal(pipe_create(&reader, &writer, O_DIRECT), -EINVAL);
    open_pipe(0);
    uio_init_kernel(&uio, &iov, &c, 1);
    assert_int_equal(user_read(writer, &c, 1), -EBADF);
    assert_int_equal(user_write(reader, &c, 1), -EBADF);
    assert_int_equal(file_read(reader, &uio, &pos), -ESPIPE);
    assert_int_equal(file_seek(reader, 0, SEEK_SET), -ESPIPE);
    assert_int_equal(pipe_get_size(writer), PIPE_SIZE);
    assert_int_equal(pipe_set_size(writer, 100), PIPE_SIZE);
    assert_int_equal(pipe_set_size(writer, PIPE_SIZE + 1), -EPERM);
    assert_int_equal(pipe_set_size(writer, 0), -EINVAL);
    close_pipe();
}

/* -- Sleeping ends ----------------------------------------------------------------------------- */

static unsigned wakes;
static char drained[8 * PIPE_SIZE];
static size_t drained_bytes;

/* Somebody reads a little whenever the writer sleeps. */
static bool drain_hook(void)
{
    ssize_t n = user_read(reader, drained + drained_bytes, 1 + any(5000));

    assert_true(n > 0 && ++wakes < 10000);
    drained_bytes += (size_t)n;
    return true;
}

static bool close_reader_hook(void)
{
    close_end(&reader);
    return true;
}

static bool write_hook(void)
{
    assert_int_equal(user_write(writer, "late", 4), 4);
    return true;
}

static bool close_writer_hook(void)
{
    close_end(&writer);
    return true;
}

static bool signal_hook(void)
{
    host_signal_fatal = true;
    return true;
}

static void long_write_sleeps_until_all_is_in(void **state)
{
    static char bytes[8 * PIPE_SIZE];

    (void)state;
    open_pipe(0);
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (char)rand();
    host_wait_hook = drain_hook;
    drained_bytes = wakes = 0;
    assert_int_equal(user_write(writer, bytes, sizeof(bytes)), sizeof(bytes));
    while (drained_bytes < sizeof(bytes))
        drain_hook();
    assert_memory_equal(bytes, drained, sizeof(bytes));
    close_pipe();
}

static void sleeping_ends_are_woken_by_what_happens(void **state)
{
    static char bytes[2 * PIPE_SIZE];

    (void)state;
    open_pipe(0);
    host_wait_hook = write_hook;
    assert_int_equal(user_read(reader, bytes, 100), 4);
    assert_memory_equal(bytes, "late", 4);
    host_wait_hook = close_writer_hook;
    assert_int_equal(user_read(reader, bytes, 100), 0);
    close_pipe();

    open_pipe(0);
    host_wait_hook = close_reader_hook;
    assert_int_equal(user_write(writer, bytes, sizeof(bytes)), PIPE_SIZE);
    assert_int_equal(host_signals_posted, 1);
    close_pipe();

    open_pipe(0);
    host_wait_hook = signal_hook;
    assert_int_equal(user_read(reader, bytes, 1), -EINTR);
    host_signal_fatal = false;
    assert_int_equal(user_write(writer, bytes, sizeof(bytes)), PIPE_SIZE);
    host_signal_fatal = false;
    assert_int_equal(user_write(writer, bytes, 1), -EINTR);
    host_signal_fatal = false;
    close_pipe();
}

/* -- FIFOs ------------------------------------------------------------------------------------- */

static struct super_block super = {.fs_name = "test"};
static struct dentry *fifo;

static void make_fifo(void)
{
    struct inode *inode = inode_create(&super, 1, S_IFIFO | 0666);

    inode->file_ops = &fifo_ops;
    fifo = dentry_create_root(inode);
    host_signals_posted = 0;
}

static void drop_fifo(void)
{
    assert_null(fifo->inode->pipe);
    dentry_put(fifo);
    close_pipe();
}

static bool open_writer_hook(void)
{
    writer = file_open(fifo, O_WRONLY);
    return !IS_ERR(writer);
}

static bool open_reader_hook(void)
{
    reader = file_open(fifo, O_RDONLY);
    return !IS_ERR(reader);
}

/* The other end opens, writes and is gone before the reader runs again. */
static bool brief_writer_hook(void)
{
    writer = file_open(fifo, O_WRONLY);
    assert_int_equal(user_write(writer, "gone", 4), 4);
    close_end(&writer);
    return true;
}

static void fifo_ends_wait_for_each_other(void **state)
{
    char buf[8];

    (void)state;
    make_fifo();
    host_wait_hook = open_writer_hook;
    reader = file_open(fifo, O_RDONLY);
    assert_false(IS_ERR(reader));
    assert_int_equal(user_write(writer, "hi", 2), 2);
    assert_int_equal(user_read(reader, buf, 8), 2);
    close_end(&reader);
    close_end(&writer);
    host_wait_hook = open_reader_hook;
    writer = file_open(fifo, O_WRONLY);
    assert_false(IS_ERR(writer));
    close_end(&reader);
    close_end(&writer);
    host_wait_hook = brief_writer_hook;
    reader = file_open(fifo, O_RDONLY);
    assert_int_equal(user_read(reader, buf, 8), 4);
    assert_int_equal(user_read(reader, buf, 8), 0);
    close_end(&reader);
    host_wait_hook = signal_hook;
    assert_int_equal(PTR_ERR(file_open(fifo, O_RDONLY)), -EINTR);
    host_signal_fatal = false;
    drop_fifo();
}

static void nonblocking_fifo_opens_obey_fifo_7(void **state)
{
    (void)state;
    make_fifo();
    assert_int_equal(PTR_ERR(file_open(fifo, O_WRONLY | O_NONBLOCK)), -ENXIO);
    reader = file_open(fifo, O_RDONLY | O_NONBLOCK);
    assert_int_equal(file_poll(reader, NULL), 0); /* no hang-up before there was a writer */
    writer = file_open(fifo, O_WRONLY | O_NONBLOCK);
    assert_false(IS_ERR(writer));
    close_end(&writer);
    assert_int_equal(file_poll(reader, NULL), POLLHUP);
    close_end(&reader);
    reader = file_open(fifo, O_RDWR);
    assert_int_equal(user_write(reader, "self", 4), 4);
    assert_int_equal(file_poll(reader, NULL), POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM);
    close_end(&reader);
    drop_fifo();
}

/* -- Memory -------------------------------------------------------------------------------- */

static void every_failing_allocation_of_pipe_create_is_undone(void **state)
{
    (void)state;
    for (unsigned n = 1; n <= 4; n++) {
        alloc_fail_nth(n);
        assert_int_equal(pipe_create(&reader, &writer, 0), -ENOMEM);
        assert_int_equal(alloc_host_objects(), objects);
    }
    reader = writer = NULL;
    alloc_fail_nth(5);
    open_pipe(0);
    assert_int_equal(user_write(writer, "x", 1), -ENOMEM);
    alloc_fail_nth(0);
    assert_int_equal(user_write(writer, "x", 1), 1);
    close_pipe();
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
        cmocka_unit_test(nonblocking_pipe_agrees_with_model),
        cmocka_unit_test(fault_moves_whole_parts_only),
        cmocka_unit_test(end_of_file_comes_after_the_last_byte),
        cmocka_unit_test(writing_without_readers_is_epipe_and_sigpipe),
        cmocka_unit_test(ends_are_for_one_direction_and_have_no_position),
        cmocka_unit_test(long_write_sleeps_until_all_is_in),
        cmocka_unit_test(sleeping_ends_are_woken_by_what_happens),
        cmocka_unit_test(fifo_ends_wait_for_each_other),
        cmocka_unit_test(nonblocking_fifo_opens_obey_fifo_7),
        cmocka_unit_test(every_failing_allocation_of_pipe_create_is_undone),
    };

    return cmocka_run_group_tests(tests, setup, NULL);
}
