/*
 * The terminal as a file, over a device that the test plays: reads by lines and by VMIN and VTIME,
 * output in order with the echo, signals and job control, a busy device, a long paste.
 *
 * Sleeping is the test's wait hook: it types what the reader waits for, or moves time on.
 */
// uses: fs/tty.c fs/tty_device.c fs/tty_session.c fs/tty_ioctl.c fs/line_discipline.c
// uses: fs/line_output.c fs/termios.c fs/uio.c sched/process_group.c lib/ring.c lib/parse.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch/time.h"
#include "fs/tty.h"
#include "fs/tty_device.h"
#include "kernel/cmdline.h"
#include "lib/errno.h"
#include "mm/alloc/kmalloc.h"
#include "sched/kthread.h"
#include "sched/signal_post.h"
#include "tests/host/support/host.h"
#include "tests/host/support/sched_host.h"
#include <cmocka.h>

#define TENTH_NS 100000000UL

/* What the terminal stands on. */

static char line[65536];        /* what the device has sent */
static size_t line_count, room; /* room: bytes that put() still takes */
static int group_signals[NSIG + 1];
static const char *to_type; /* by the wait hook */

bool cmdline_get(const char *key, char *buf, size_t size)
{
    assert_string_equal(key, "console.size");
    snprintf(buf, size, "100x30");
    return true;
}

void *kmalloc(size_t size, unsigned flags)
{
    (void)flags;
    return calloc(1, size);
}

void kmfree(void *ptr)
{
    free(ptr);
}

struct task *kthread_create(const char *name, void (*fn)(void *), void *arg)
{
    (void)name;
    (void)fn;
    (void)arg;
    return &host_task; /* the echo thread: what the device does not take waits for a write */
}

int signal_post_group(pid_t pgid, int sig, const struct siginfo *info)
{
    (void)info;
    assert_int_equal(pgid, host_process.pgid);
    group_signals[sig]++;
    return 1;
}

static size_t device_put(struct char_device *dev, const char *buf, size_t n)
{
    (void)dev;
    n = MIN(n, room);
    memcpy(line + line_count, buf, n);
    line_count += n;
    room -= n;
    return n;
}

static ssize_t device_write(struct char_device *dev, const char *buf, size_t n)
{
    room = MAX(room, n);
    return (ssize_t)device_put(dev, buf, n);
}

static uint32_t device_poll(struct char_device *dev)
{
    (void)dev;
    return room > 0 ? CHAR_POLLOUT : 0;
}

static const struct char_ops device_ops = {
    .write = device_write, .put = device_put, .poll = device_poll};
static struct wait_queue device_wait;
static struct char_device device = {.name = "ttyS0", .ops = &device_ops, .wait = &device_wait};
static struct sighand sighand;
static struct file file;

static struct tty *tty(void)
{
    return file.private;
}

static void type(const char *keys)
{
    while (*keys)
        device.receive(&device, *keys++);
}

static const char *line_take(void)
{
    line[line_count] = '\0';
    line_count = 0;
    return line;
}

/* A sleeper waits for keys; without any, time passes. */
static bool type_when_waiting(void)
{
    const char *keys = to_type;

    to_type = NULL;
    if (keys)
        type(keys);
    return keys != NULL;
}

/* A fresh terminal: the old one's state thrown away, its session taken from it. */
static int set_up(void **state)
{
    struct termios termios = termios_initial;

    (void)state;
    host_sched_init();
    memset(&file, 0, sizeof(file));
    memset(&sighand, 0, sizeof(sighand));
    memset(group_signals, 0, sizeof(group_signals));
    host_wait_hook = type_when_waiting;
    host_process.pgid = host_process.sid = host_process.pid;
    host_process.sighand = &sighand;
    host_process.parent = NULL;
    host_process.tty = NULL;
    wait_queue_init(&device_wait);
    room = sizeof(line);
    assert_int_equal(tty_init(&device), 0);
    file.flags = O_RDWR;
    assert_int_equal(tty_console_ops.open(&file), 0);
    tty()->session = tty()->foreground = host_process.pid;
    host_process.tty = tty();
    tty_device_flush(tty(), true, true);
    tty_device_set_termios(tty(), &termios);
    tty_device_stop(tty(), false);
    line_count = 0;
    return 0;
}

static const char *read_text(size_t size)
{
    static char text[8192];
    struct iovec iov;
    struct uio uio;
    uint64_t pos = 0;
    ssize_t n;

    uio_init_kernel(&uio, &iov, text, size);
    n = tty_console_ops.read(&file, &uio, &pos);
    if (n < 0)
        snprintf(text, sizeof(text), "error %zd", -n);
    else
        text[n] = '\0';
    return text;
}

static ssize_t write_text(const char *text)
{
    struct iovec iov;
    struct uio uio;
    uint64_t pos = 0;

    uio_init_kernel(&uio, &iov, (char *)text, strlen(text));
    return tty_console_ops.write(&file, &uio, &pos);
}

static void set_raw(uint8_t vmin, uint8_t vtime)
{
    struct termios termios = termios_initial;

    termios.lflag &= ~(uint32_t)(ICANON | ECHO);
    termios.cc[VMIN] = vmin;
    termios.cc[VTIME] = vtime;
    tty_device_set_termios(tty(), &termios);
}

/* Reading. */

static void a_read_waits_for_its_line(void **state)
{
    (void)state;
    to_type = "hello\nworld\n";
    assert_string_equal(read_text(100), "hello\n");
    assert_string_equal(read_text(3), "wor");
    assert_string_equal(read_text(100), "ld\n");
    assert_string_equal(line_take(), "hello\r\nworld\r\n");
    type("\x04");
    assert_string_equal(read_text(100), "");
    file.flags |= O_NONBLOCK;
    assert_string_equal(read_text(100), "error 11"); /* EAGAIN */
}

static void vmin_and_vtime_say_when_a_read_ends(void **state)
{
    uint64_t start;

    (void)state;
    set_raw(3, 0);
    to_type = "abcd";
    assert_string_equal(read_text(100), "abcd");
    set_raw(3, 0);
    to_type = "ab";
    type("x");
    assert_string_equal(read_text(100), "xab");
    set_raw(5, 2); /* a pause ends it */
    start = host_time_ns;
    to_type = "ab";
    assert_string_equal(read_text(100), "ab");
    assert_int_equal(host_time_ns - start, 2 * TENTH_NS);
    set_raw(0, 3); /* nothing comes */
    start = host_time_ns;
    assert_string_equal(read_text(100), "");
    assert_int_equal(host_time_ns - start, 3 * TENTH_NS);
    set_raw(0, 0); /* does not wait */
    assert_string_equal(read_text(100), "");
    type("q");
    assert_string_equal(read_text(100), "q");
    set_raw(9, 0); /* more than the reader has room for */
    to_type = "abc";
    assert_string_equal(read_text(2), "ab");
}

static void a_long_paste_is_not_lost(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++)
        type("a line of text\n");
    for (int i = 0; i < 1000; i++)
        assert_string_equal(read_text(100), "a line of text\n");
    assert_false(tty_device_readable(tty()));
}

static void a_signal_overtakes_what_nobody_reads(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++)
        type("a line of text\n");
    type("\x03");
    assert_int_equal(group_signals[SIGINT], 1);
    assert_false(tty_device_readable(tty()));
    type("x\n");
    assert_string_equal(read_text(100), "x\n");
}

/* Writing. */

static void output_is_processed_and_stays_in_order(void **state)
{
    char text[2001];

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    assert_int_equal(write_text("a\nb\n"), 4);
    assert_string_equal(line_take(), "a\r\nb\r\n");
    assert_int_equal(write_text(text), 2000);
    assert_string_equal(line_take(), text);
    /* An echo that the device did not take goes out before the next write. */
    room = 0;
    type("ab");
    assert_string_equal(line_take(), "");
    assert_int_equal(write_text("c"), 1);
    assert_string_equal(line_take(), "abc");
}

static void a_writer_that_must_not_wait_does_not(void **state)
{
    ssize_t n, all = 0;
    char text[513];

    (void)state;
    memset(text, 'y', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    file.flags |= O_NONBLOCK;
    room = 100;
    while ((n = write_text(text)) > 0)
        all += n;
    assert_int_equal(n, -EAGAIN);
    room = sizeof(line);
    assert_int_equal(tty_device_drain(tty()), 0);
    assert_int_equal(strlen(line_take()), all);
    type("\x13");
    assert_int_equal(write_text("z"), -EAGAIN);
    type("\x11");
    assert_int_equal(write_text("z"), 1);
}

static void stopped_output_goes_on_after_start(void **state)
{
    (void)state;
    type("\x13");
    to_type = "\x11";
    assert_int_equal(write_text("ab"), 2);
    assert_string_equal(line_take(), "ab");
}

/* Job control. */

static struct process shell = {.pid = 7, .pgid = 7};

/* The process becomes a background job of a shell that could continue it. */
static void go_to_background(void)
{
    shell.sid = host_process.sid;
    host_process.parent = &shell;
    tty()->foreground = shell.pgid;
}

static void a_background_reader_is_stopped(void **state)
{
    (void)state;
    go_to_background();
    assert_string_equal(read_text(10), "error 4"); /* EINTR: the signal comes first */
    assert_int_equal(group_signals[SIGTTIN], 1);
    sighand.action[SIGTTIN - 1].handler = SIG_IGN;
    assert_string_equal(read_text(10), "error 5"); /* EIO */
    sighand.action[SIGTTIN - 1].handler = SIG_DFL;
    host_process.parent = NULL;
    assert_string_equal(read_text(10), "error 5"); /* orphaned: nobody would continue it */
    assert_int_equal(group_signals[SIGTTIN], 1);
}

static void a_background_writer_is_stopped_under_tostop(void **state)
{
    struct termios termios = termios_initial;

    (void)state;
    go_to_background();
    assert_int_equal(write_text("a"), 1);
    termios.lflag |= TOSTOP;
    tty_device_set_termios(tty(), &termios);
    assert_int_equal(write_text("a"), -EINTR);
    assert_int_equal(group_signals[SIGTTOU], 1);
    sighand.action[SIGTTOU - 1].handler = SIG_IGN;
    assert_int_equal(write_text("a"), 1);
}

static int64_t ioctl_int(unsigned cmd, int *value)
{
    return tty_console_ops.ioctl(&file, cmd, (uintptr_t)value);
}

static void the_foreground_is_a_group_of_the_session(void **state)
{
    int group = 0;

    (void)state;
    assert_int_equal(ioctl_int(TIOCGPGRP, &group), 0);
    assert_int_equal(group, host_process.pid);
    group = 99;
    assert_int_equal(ioctl_int(TIOCSPGRP, &group), -ESRCH);
    group = -1;
    assert_int_equal(ioctl_int(TIOCSPGRP, &group), -EINVAL);
    group = host_process.pgid;
    assert_int_equal(ioctl_int(TIOCSPGRP, &group), 0);
    assert_int_equal(ioctl_int(TIOCGSID, &group), 0);
    assert_int_equal(group, host_process.sid);
    host_process.tty = NULL;
    assert_int_equal(ioctl_int(TIOCGPGRP, &group), -ENOTTY);
    assert_int_equal(ioctl_int(TIOCSPGRP, &group), -ENOTTY);
}

static void a_leader_that_exits_hangs_up_the_foreground(void **state)
{
    uint64_t rdev;
    pid_t foreground;

    (void)state;
    tty_describe(&host_process, &rdev, &foreground);
    assert_int_equal(rdev, 4 << 8 | 64);
    assert_int_equal(foreground, host_process.pid);
    tty_session_exit(&host_process);
    assert_int_equal(group_signals[SIGHUP], 1);
    assert_int_equal(group_signals[SIGCONT], 1);
    assert_null(host_process.tty);
    tty_describe(&host_process, &rdev, &foreground);
    assert_int_equal(rdev, 0);
    assert_int_equal(foreground, -1);
    /* It opens one again: without O_NOCTTY that becomes its terminal. */
    file.flags = O_RDWR | O_NOCTTY;
    assert_int_equal(tty_console_ops.open(&file), 0);
    assert_null(host_process.tty);
    assert_int_equal(tty_current_ops.open(&file), -ENXIO);
    file.flags = O_RDWR;
    assert_int_equal(tty_console_ops.open(&file), 0);
    assert_ptr_equal(host_process.tty, tty());
}

static void the_size_is_the_command_lines_until_told(void **state)
{
    struct winsize size;

    (void)state;
    assert_int_equal(tty_console_ops.ioctl(&file, TIOCGWINSZ, (uintptr_t)&size), 0);
    assert_int_equal(size.columns, 100);
    assert_int_equal(size.rows, 30);
    size.rows = 50;
    size.columns = 132;
    assert_int_equal(tty_console_ops.ioctl(&file, TIOCSWINSZ, (uintptr_t)&size), 0);
    assert_int_equal(group_signals[SIGWINCH], 1);
    assert_int_equal(tty_console_ops.ioctl(&file, TIOCSWINSZ, (uintptr_t)&size), 0);
    assert_int_equal(group_signals[SIGWINCH], 1);
    assert_int_equal(tty_console_ops.ioctl(&file, 0x1234, 0), -ENOTTY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_read_waits_for_its_line, set_up),
        cmocka_unit_test_setup(vmin_and_vtime_say_when_a_read_ends, set_up),
        cmocka_unit_test_setup(a_long_paste_is_not_lost, set_up),
        cmocka_unit_test_setup(a_signal_overtakes_what_nobody_reads, set_up),
        cmocka_unit_test_setup(output_is_processed_and_stays_in_order, set_up),
        cmocka_unit_test_setup(a_writer_that_must_not_wait_does_not, set_up),
        cmocka_unit_test_setup(stopped_output_goes_on_after_start, set_up),
        cmocka_unit_test_setup(a_background_reader_is_stopped, set_up),
        cmocka_unit_test_setup(a_background_writer_is_stopped_under_tostop, set_up),
        cmocka_unit_test_setup(the_foreground_is_a_group_of_the_session, set_up),
        cmocka_unit_test_setup(a_leader_that_exits_hangs_up_the_foreground, set_up),
        cmocka_unit_test_setup(the_size_is_the_command_lines_until_told, set_up),
    };

    host_memory_init(1 << 20);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
