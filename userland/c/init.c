/*
 * init.c - /sbin/init, process 1: runs the one job the machine was started for.
 *
 * It has three ways to begin, tried in this order:
 *
 *   control    /dev/virtio-ports/fathom.control exists: tools/run is at the other end and sends
 *              a record: a length of 4 bytes, little-endian, then that many bytes of strings,
 *              each ended by a NUL: the working directory, argc in decimal, the arguments,
 *              and for the rest the environment. The program gets the three ports beside it as
 *              standard input, output and error. Its end is answered with "exit N" or
 *              "signal N" and a newline.
 *   arguments  init [--] PROGRAM [ARG...] (from the kernel's command line): the program runs
 *              on the console, and init says "init: exit N" or "init: signal N".
 *   shell      otherwise an interactive shell has the console as its controlling terminal.
 *
 * Meanwhile init reaps every orphan. After the job everything else is killed and reaped, the
 * disks are synced and the machine is switched off; init itself never ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CONSOLE      "/dev/console"
#define PORT_CONTROL "/dev/virtio-ports/fathom.control"
#define PORT_STDIN   "/dev/virtio-ports/fathom.stdin"
#define PORT_STDOUT  "/dev/virtio-ports/fathom.stdout"
#define PORT_STDERR  "/dev/virtio-ports/fathom.stderr"
#define DEFAULT_PATH "/bin:/sbin:/usr/bin"
#define RECORD_MAX   (4U << 20) /* more than any argument list execve takes */
#define RETRY_NS     10000000L  /* the other end may connect a moment after boot */
#define RETRY_COUNT  1000
#define CANNOT_RUN   126 /* POSIX 2.8.2: found but not runnable */
#define NOT_FOUND    127

/* What to run. The strings live in the record, or in init's own arguments. */
struct job {
    const char *directory;
    char **argv;
    char **environment;
};

static void complain(const char *thing)
{
    dprintf(STDERR_FILENO, "init: %s: %s\n", thing, strerror(errno));
}

static void descriptor_move(int from, int to)
{
    if (from == to)
        return;
    dup2(from, to);
    close(from);
}

/* The console as 0, 1 and 2, whatever the kernel left open. */
static void console_open(void)
{
    int fd = open(CONSOLE, O_RDWR | O_NOCTTY);

    if (fd < 0)
        return;
    for (int target = STDIN_FILENO; target <= STDERR_FILENO; target++)
        if (target != fd)
            dup2(fd, target);
    if (fd > STDERR_FILENO)
        close(fd);
}

/* Ends everything: no process but this one is left, nothing unwritten, and no power. */
static _Noreturn void power_off(void)
{
    sync();
    reboot(RB_POWER_OFF);
    complain("power off");
    for (;;)
        pause();
}

static void processes_kill(void)
{
    kill(-1, SIGKILL); /* ESRCH: there is nobody, which is as good */
    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
        ;
}

/* Reaps whoever ends until PID has; returns its wait status. */
static int job_wait(pid_t pid)
{
    int status;
    pid_t ended;

    for (;;) {
        ended = waitpid(-1, &status, 0);
        if (ended == pid)
            return status;
        if (ended < 0 && errno != EINTR) {
            complain("wait");
            return CANNOT_RUN << 8;
        }
    }
}

/* "exit N" or "signal N". */
static void status_format(int status, char *text, size_t size)
{
    if (WIFSIGNALED(status))
        snprintf(text, size, "signal %d\n", WTERMSIG(status));
    else
        snprintf(text, size, "exit %d\n", WEXITSTATUS(status));
}

static _Noreturn void job_exec(const struct job *job)
{
    int status;

    if (chdir(job->directory) < 0) {
        dprintf(STDERR_FILENO, "%s: %s\n", job->directory, strerror(errno));
        _exit(CANNOT_RUN);
    }
    for (char **entry = job->environment; *entry; entry++)
        if (strncmp(*entry, "PATH=", 5) == 0)
            setenv("PATH", *entry + 5, 1);
    execvpe(job->argv[0], job->argv, job->environment);
    status = errno == ENOENT ? NOT_FOUND : CANNOT_RUN;
    dprintf(STDERR_FILENO, "%s: %s\n", job->argv[0], strerror(errno));
    _exit(status);
}

/*
 * Forks and runs the job after PREPARE, which arranges its descriptors and ends the child itself
 * if it cannot. Returns the wait status.
 */
static int job_run(const struct job *job, void (*prepare)(void))
{
    pid_t pid = fork();

    if (pid < 0) {
        complain("fork");
        return CANNOT_RUN << 8;
    }
    if (pid == 0) {
        prepare();
        job_exec(job);
    }
    return job_wait(pid);
}

static void port_open(const char *path, int flags, int target)
{
    int fd = open(path, flags);

    if (fd < 0) {
        complain(path);
        _exit(CANNOT_RUN);
    }
    descriptor_move(fd, target);
}

static void prepare_ports(void)
{
    setsid();
    port_open(PORT_STDIN, O_RDONLY, STDIN_FILENO);
    port_open(PORT_STDOUT, O_WRONLY, STDOUT_FILENO);
    port_open(PORT_STDERR, O_WRONLY, STDERR_FILENO);
}

static void prepare_console(void)
{
    setsid();
    console_open();
    if (ioctl(STDIN_FILENO, TIOCSCTTY, 0) < 0)
        complain(CONSOLE);
}

/* Reads exactly LENGTH bytes. A port whose other end is not yet there reads as empty. */
static bool read_exactly(int fd, void *data, size_t length)
{
    const struct timespec pause_time = {.tv_nsec = RETRY_NS};
    char *at = data;

    for (int tries = 0; length > 0 && tries < RETRY_COUNT;) {
        ssize_t got = read(fd, at, length);

        if (got > 0) {
            at += got;
            length -= (size_t)got;
        } else if (got == 0 || errno == EINTR || errno == EAGAIN) {
            nanosleep(&pause_time, NULL);
            tries++;
        } else {
            return false;
        }
    }
    if (length > 0)
        errno = ETIMEDOUT;
    return length == 0;
}

/* The record's bytes with a NUL after them, so that every string in it ends. */
static char *record_read(int fd, size_t *length)
{
    uint8_t head[4];
    char *data;

    if (!read_exactly(fd, head, sizeof(head)))
        return NULL;
    *length = head[0] | (size_t)head[1] << 8 | (size_t)head[2] << 16 | (size_t)head[3] << 24;
    if (*length > RECORD_MAX) {
        errno = E2BIG;
        return NULL;
    }
    data = calloc(1, *length + 1);
    if (data && !read_exactly(fd, data, *length)) {
        free(data);
        return NULL;
    }
    return data;
}

/* Splits the record into JOB. False, with errno EBADMSG or ENOMEM, if it is malformed. */
static bool record_parse(char *data, size_t length, struct job *job)
{
    size_t count = 0, argc;
    char **strings, *end, *at = data;

    for (size_t i = 0; i < length; i++)
        count += data[i] == '\0';
    strings = calloc(count + 2, sizeof(*strings));
    if (!strings)
        return false;
    errno = EBADMSG;
    if (count < 3 || data[length - 1] != '\0')
        return false;
    for (size_t i = 0; i < count; i++, at += strlen(at) + 1)
        strings[i] = at;
    argc = strtoul(strings[1], &end, 10);
    if (*end || argc < 1 || argc > count - 2)
        return false;
    /* cwd, argc, argv..., env...: a NULL must come between the last two. */
    memmove(&strings[argc + 3], &strings[argc + 2], (count - argc - 2) * sizeof(*strings));
    strings[argc + 2] = NULL;
    job->directory = strings[0];
    job->argv = &strings[2];
    job->environment = &strings[argc + 3];
    return true;
}

static _Noreturn void run_from_control(int control)
{
    struct job job;
    char text[32];
    size_t length = 0;
    char *record = record_read(control, &length);
    int status = CANNOT_RUN << 8;

    if (!record || !record_parse(record, length, &job))
        complain(PORT_CONTROL);
    else
        status = job_run(&job, prepare_ports);
    processes_kill();
    status_format(status, text, sizeof(text));
    sync();
    if (write(control, text, strlen(text)) < 0)
        complain(PORT_CONTROL);
    power_off();
}

static char *console_environment[] = {"PATH=" DEFAULT_PATH, "HOME=/root", "TERM=vt100", "USER=root",
                                      NULL};

static _Noreturn void run_from_arguments(char **argv)
{
    const struct job job = {.directory = "/", .argv = argv, .environment = console_environment};
    char text[32];
    int status = job_run(&job, prepare_console);

    processes_kill();
    status_format(status, text, sizeof(text));
    dprintf(STDOUT_FILENO, "init: %s", text);
    power_off();
}

static _Noreturn void run_shell(void)
{
    static char *argv[] = {"/bin/sh", "-i", NULL};
    const char *home = access("/root", X_OK) == 0 ? "/root" : "/";
    const struct job job = {.directory = home, .argv = argv, .environment = console_environment};

    dprintf(STDOUT_FILENO, "\nFathom: a kernel small enough to read.\n"
                           "Type help for the shell's commands, ls /bin for the programs.\n");
    job_run(&job, prepare_console);
    processes_kill();
    power_off();
}

int main(int argc, char **argv)
{
    char **words = argc > 0 ? argv + 1 : argv;
    int control;

    if (getpid() != 1) {
        dprintf(STDERR_FILENO, "init: only the kernel starts init, as process 1\n");
        return 1;
    }
    console_open();
    control = open(PORT_CONTROL, O_RDWR | O_CLOEXEC);
    if (control >= 0)
        run_from_control(control);
    if (*words && strcmp(*words, "--") == 0)
        words++;
    if (*words)
        run_from_arguments(words);
    run_shell();
}
