/* vfork, posix_spawn, system and popen: the ways in which C libraries start programs. */
#include "check.h"

#include <spawn.h>

static volatile int touched;

/* The child runs in the parent's memory, and the parent only after it. */
static void vfork_shares_and_waits(void)
{
    pid_t child;

    touched = 0;
    child = vfork();
    if (child == 0) {
        touched = 1;
        milliseconds_sleep(30);
        touched = 2;
        _exit(5);
    }
    CHECK(child > 0);
    CHECK_EQ(touched, 2);
    CHECK_EXIT(child_wait(child), 5);
}

static void vfork_then_exec(void)
{
    pid_t child = vfork();

    if (child == 0) {
        execl("/bin/sh", "sh", "-c", "exit 9", NULL);
        _exit(1);
    }
    CHECK_EXIT(child_wait(child), 9);
    child = vfork();
    if (child == 0) {
        execl("/bin/nowhere", "nowhere", NULL);
        touched = errno;
        _exit(6);
    }
    CHECK_EXIT(child_wait(child), 6);
    CHECK_EQ(touched, ENOENT);
}

static void spawn_with_files(char **environment)
{
    char *arguments[] = {"sh", "-c", "echo spawned; exit 3", NULL}, text[32] = "";
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    pid_t child;
    int ends[2];

    sigemptyset(&none);
    CHECK_OK(pipe(ends));
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setsigmask(&attributes, &none);
    CHECK_EQ(posix_spawn(&child, "/bin/sh", &actions, &attributes, arguments, environment), 0);
    close(ends[1]);
    CHECK_EQ(getpgid(child), child);
    CHECK_EQ(read(ends[0], text, sizeof(text)), 8);
    CHECK_EQ(strcmp(text, "spawned\n"), 0);
    CHECK_EXIT(child_wait(child), 3);
    close(ends[0]);
    CHECK_EQ(posix_spawn(&child, "/bin/nowhere", NULL, NULL, arguments, environment), ENOENT);
    CHECK_EQ(posix_spawnp(&child, "true", NULL, NULL, arguments, environment), 0);
    CHECK_EXIT(child_wait(child), 0);
}

static void system_and_popen(void)
{
    char text[32] = "";
    FILE *stream;

    CHECK_EXIT(system("exit 4"), 4);
    CHECK_KILLED(system("kill -9 $$"), SIGKILL);
    stream = popen("echo from popen", "r");
    CHECK(stream && fgets(text, sizeof(text), stream) && strcmp(text, "from popen\n") == 0);
    CHECK_EXIT(pclose(stream), 0);
}

/* The C library sees clone3 and has no reason to leave an errno behind. */
static void success_leaves_errno(void)
{
    errno = 0;
    CHECK_EXIT(system("exit 4"), 4);
    CHECK_EQ(errno, 0);
}

/* struct clone_args of Linux's linux/sched.h, as its first version has it. */
struct clone3_args {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
};

#define CLEAR_SIGHAND 0x100000000 /* CLONE_CLEAR_SIGHAND */

static void handler_exit(int number)
{
    _exit(number);
}

static pid_t clone3_start(uint64_t flags)
{
    struct clone3_args args = {.flags = flags, .exit_signal = SIGCHLD};
    pid_t child = (pid_t)syscall(SYS_clone3, &args, sizeof(args));

    if (child == 0) {
        raise(SIGINT);
        raise(SIGUSR1);
        _exit(0);
    }
    return child;
}

static void clone3_clears_handlers(void)
{
    signal(SIGINT, SIG_IGN);
    signal(SIGUSR1, handler_exit);
    CHECK_EXIT(child_wait(clone3_start(0)), SIGUSR1);
    CHECK_KILLED(child_wait(clone3_start(CLEAR_SIGHAND)), SIGUSR1);
    signal(SIGINT, SIG_DFL);
    signal(SIGUSR1, SIG_DFL);
}

static void clone3_refuses(void)
{
    struct clone3_args args = {.exit_signal = SIGCHLD};

    CHECK_ERR(syscall(SYS_clone3, &args, sizeof(args) - 8), EINVAL);
    CHECK_ERR(syscall(SYS_clone3, &args, PAGE + 8), E2BIG);
    CHECK_ERR(syscall(SYS_clone3, KERNEL_ADDRESS, sizeof(args)), EFAULT);
    args.stack = 16 * PAGE;
    CHECK_ERR(syscall(SYS_clone3, &args, sizeof(args)), EINVAL);
    args = (struct clone3_args){.flags = SIGCHLD};
    CHECK_ERR(syscall(SYS_clone3, &args, sizeof(args)), EINVAL);
}

int main(int argc, char **argv, char **environment)
{
    (void)argc;
    (void)argv;
    vfork_shares_and_waits();
    vfork_then_exec();
    spawn_with_files(environment);
    system_and_popen();
    success_leaves_errno();
    clone3_clears_handlers();
    clone3_refuses();
    return check_end();
}
