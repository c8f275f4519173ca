/*
 * cases.c - the main program of /d/cases, and how a case prints.
 *
 *   cases             runs every case, each as `cases NAME`: "@ NAME", what it prints, "= exit N"
 *   cases NAME        runs one
 *   cases child ...   what a case that executes a program gets: prints what it was given
 */
#include "tests/diff/cases.h"

#define CASE_SECONDS 20 /* one that hangs is killed, and that shows */
#define LOOK_US      1000
#define SHOWN        64

extern const struct test_case __start_cases[], __stop_cases[];
extern char **environ;

long say(const char *what, long value)
{
    if (value == -1)
        dprintf(STDOUT_FILENO, "%s: %s\n", what, strerrorname_np(errno));
    else
        dprintf(STDOUT_FILENO, "%s: %ld\n", what, value);
    return value;
}

void say_status(const char *what, int status)
{
    if (WIFEXITED(status))
        dprintf(STDOUT_FILENO, "%s: exit %d\n", what, WEXITSTATUS(status));
    else if (WIFSIGNALED(status))
        dprintf(STDOUT_FILENO, "%s: signal %d\n", what, WTERMSIG(status));
    else if (WIFSTOPPED(status))
        dprintf(STDOUT_FILENO, "%s: stopped by %d\n", what, WSTOPSIG(status));
    else
        dprintf(STDOUT_FILENO, "%s: %s\n", what, WIFCONTINUED(status) ? "continued" : "strange");
}

void say_pid(const char *what, pid_t pid)
{
    dprintf(STDOUT_FILENO, "%s: <pid %d>\n", what, pid);
}

void say_address(const char *what, const void *address)
{
    dprintf(STDOUT_FILENO, "%s: <address %p>\n", what, address);
}

void say_bytes(const char *what, const void *data, ssize_t length)
{
    const unsigned char *bytes = data;
    unsigned long sum = 0;

    if (length < 0) {
        say(what, -1);
        return;
    }
    for (ssize_t i = 0; i < length; i++)
        sum = sum * 31 + bytes[i];
    dprintf(STDOUT_FILENO, "%s: %zd bytes, sum %lx", what, length, sum);
    if (length <= SHOWN)
        dprintf(STDOUT_FILENO, " [%.*s]", (int)length, (const char *)data);
    dprintf(STDOUT_FILENO, "\n");
}

pid_t must_fork(void)
{
    pid_t pid = fork();

    if (pid < 0) {
        say("fork", -1);
        _exit(1);
    }
    return pid;
}

void say_wait(const char *what, pid_t pid)
{
    int status;

    if (waitpid(pid, &status, 0) != pid)
        say(what, -1);
    else
        say_status(what, status);
}

void say_child(const char *what, int (*work)(void))
{
    pid_t pid = must_fork();

    if (pid == 0)
        _exit(work());
    say_wait(what, pid);
}

/* What a program that was executed finds: arguments, environment, descriptors. */
static int child_report(char **argv)
{
    for (char **word = argv; *word; word++)
        dprintf(STDOUT_FILENO, "argument [%s]\n", *word);
    for (char **entry = environ; *entry; entry++)
        dprintf(STDOUT_FILENO, "environment [%s]\n", *entry);
    for (int fd = 0; fd < 16; fd++)
        if (fcntl(fd, F_GETFD) >= 0)
            dprintf(STDOUT_FILENO, "descriptor %d\n", fd);
    return 0;
}

static int run_one(const char *name)
{
    for (const struct test_case *one = __start_cases; one < __stop_cases; one++) {
        if (strcmp(one->name, name) == 0) {
            one->run();
            return 0;
        }
    }
    dprintf(STDERR_FILENO, "cases: there is no %s\n", name);
    return 2;
}

/* Waits for PID, which it kills when the case takes too long; returns the wait status. */
static int wait_or_kill(pid_t pid)
{
    time_t start = time(NULL);
    int status = 0;

    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (time(NULL) - start > CASE_SECONDS)
            kill(pid, SIGKILL);
        usleep(LOOK_US);
    }
    return status;
}

static void run_all(void)
{
    for (const struct test_case *one = __start_cases; one < __stop_cases; one++) {
        pid_t pid;

        dprintf(STDOUT_FILENO, "@ %s\n", one->name);
        pid = must_fork();
        if (pid == 0) {
            setpgid(0, 0);
            execl("/d/cases", "cases", one->name, NULL);
            say("exec", -1);
            _exit(1);
        }
        say_status("=", wait_or_kill(pid));
        kill(-pid, SIGKILL); /* whom the case left behind */
    }
}

int main(int argc, char **argv)
{
    int null = open("/dev/null", O_RDWR);

    if (argc > 1 && strcmp(argv[1], "child") == 0) {
        close(null);
        return child_report(argv);
    }
    dup2(null, STDIN_FILENO);
    close(null);
    if (argc > 1)
        return run_one(argv[1]);
    run_all();
    return 0;
}
