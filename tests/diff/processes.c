/* processes.c - fork, exec, identities, and every way to wait. */
#include "tests/diff/cases.h"

#include <sched.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/utsname.h>

#define SELF "/d/cases"

CASE(fork_relations)
{
    pid_t parent = getpid(), pid;

    say_pid("me", parent);
    pid = must_fork();
    if (pid == 0) {
        say_pid("child's parent", getppid());
        say("other than its parent", getpid() != parent);
        say("same group", getpgid(0) == getpgid(parent));
        say("same session", getsid(0) == getsid(parent));
        _exit(0);
    }
    say_wait("child", pid);
    say("no child is left", wait(NULL));
}

CASE(fork_copies_memory)
{
    static int value = 1;
    int local = 1;
    pid_t pid = must_fork();

    if (pid == 0) {
        value = local = 2;
        _exit(value + local);
    }
    say_wait("child", pid);
    say("parent's", value + local);
}

CASE(exit_statuses)
{
    static const int codes[] = {0, 1, 42, 255, 256, 257, -1};

    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
        pid_t pid = must_fork();

        if (pid == 0)
            _exit(codes[i]);
        say_wait("exit", pid);
    }
}

static void first(void)
{
    dprintf(STDOUT_FILENO, "registered first\n");
}

static void second(void)
{
    dprintf(STDOUT_FILENO, "registered second\n");
}

CASE(exit_handlers)
{
    atexit(first);
    atexit(second);
    exit(3);
}

CASE(exec_passes)
{
    char *arguments[] = {"zero", "child", "", "two words", NULL};
    char *environment[] = {"A=1", "EMPTY=", "odd", NULL};

    open("/d/hello", O_RDONLY);
    open("/d/hello", O_RDONLY | O_CLOEXEC);
    open("/d/hello", O_RDONLY);
    execve(SELF, arguments, environment);
    say("exec", -1);
}

CASE(exec_errors)
{
    char *arguments[] = {"x", NULL};

    say("missing", execve("/d/missing", arguments, NULL));
    say("not executable", execve("/d/hello", arguments, NULL));
    say("folder", execve("/d/dir", arguments, NULL));
    say("garbage", execve("/d/garbage", arguments, NULL));
    say("nothing", execve("/d/nothing", arguments, NULL));
    say("cut off", execve("/d/cut", arguments, NULL));
    say("below a file", execve("/d/hello/x", arguments, NULL));
    say("loop", execve("/d/loop1", arguments, NULL));
    say("bad arguments", execve(SELF, (char **)8, NULL));
    say("script without program", execve("/d/orphan", arguments, NULL));
}

CASE(exec_script)
{
    char *arguments[] = {"ignored", "last", NULL};
    char *environment[] = {"B=2", NULL};

    execve("/d/script", arguments, environment);
    say("exec", -1);
}

CASE(exec_long_arguments)
{
    static char word[200000];
    char *arguments[] = {"x", word, NULL};

    memset(word, 'w', sizeof(word) - 1);
    say("a word too long", execve(SELF, arguments, NULL));
}

CASE(exec_keeps_the_process)
{
    pid_t pid = must_fork();

    if (pid == 0) {
        signal(SIGTERM, SIG_IGN);
        execl("/d/cases", "cases", "child", NULL);
        _exit(99);
    }
    say_wait("same child", pid);
}

CASE(vfork_and_spawn)
{
    char *arguments[] = {"spawned", "child", NULL};
    char *environment[] = {NULL};
    pid_t pid = vfork();

    if (pid == 0)
        _exit(7);
    say_wait("vfork", pid);
    if (posix_spawn(&pid, SELF, NULL, NULL, arguments, environment) == 0)
        say_wait("spawned", pid);
    say("missing", posix_spawn(&pid, "/d/missing", NULL, NULL, arguments, environment));
}

CASE(groups_and_sessions)
{
    pid_t pid = must_fork();

    if (pid == 0) {
        say("set group", setpgid(0, 0));
        say("leader", getpgid(0) == getpid());
        say("leader cannot start a session", setsid());
        _exit(0);
    }
    say_wait("child", pid);
    pid = must_fork();
    if (pid == 0) {
        say("session", setsid() == getpid());
        say("group", getpgrp() == getpid());
        say("session leader cannot move", setpgid(0, 0));
        _exit(0);
    }
    say_wait("child", pid);
    say("of nobody", getpgid(999999));
    say("session of nobody", getsid(999999));
    say("negative", setpgid(0, -1));
    say("stranger", setpgid(999999, 0));
}

CASE(orphan_goes_to_init)
{
    int ends[2];
    char text[10];

    pipe(ends);
    if (must_fork() == 0) {
        pid_t parent = getpid();

        if (must_fork() == 0) {
            while (getppid() == parent)
                usleep(1000);
            dprintf(ends[1], "%d", getppid());
            _exit(0);
        }
        _exit(0);
    }
    wait(NULL);
    say_bytes("new parent", text, read(ends[0], text, sizeof(text)));
}

CASE(identity)
{
    struct utsname name;

    say("user", getuid());
    say("effective user", geteuid());
    say("group", getgid());
    say("effective group", getegid());
    say("uname", uname(&name));
    dprintf(STDOUT_FILENO, "%s on %s\n", name.sysname, name.machine);
    say("page", sysconf(_SC_PAGESIZE));
    say("ticks", sysconf(_SC_CLK_TCK));
    say("old mask", umask(027));
    say("mask", umask(022));
}

CASE(wait_kinds)
{
    int status = 0;
    pid_t pid = must_fork();

    if (pid == 0) {
        pause();
        _exit(0);
    }
    say("not ended", waitpid(pid, &status, WNOHANG));
    kill(pid, SIGTERM);
    say("by group", waitpid(-getpgrp(), &status, 0) == pid);
    say_status("ended", status);
    say("again", waitpid(pid, &status, 0));
    say("any", waitpid(-1, &status, WNOHANG));
    say("flags", waitpid(-1, &status, 0x400));
    say("stranger", waitpid(1, &status, 0));
}

CASE(wait_id)
{
    siginfo_t info = {0};
    pid_t pid = must_fork();

    if (pid == 0)
        _exit(17);
    say("look", waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT));
    say("code", info.si_code == CLD_EXITED);
    say("status", info.si_status);
    say("who", info.si_pid == pid);
    say("signal", info.si_signo == SIGCHLD);
    say("take", waitid(P_PID, (id_t)pid, &info, WEXITED));
    say("gone", waitid(P_PID, (id_t)pid, &info, WEXITED));
    say("nothing asked", waitid(P_ALL, 0, &info, 0));
    say("kind", waitid(77, 0, &info, WEXITED));
}

CASE(wait_stopped)
{
    int status;
    pid_t pid = must_fork();

    if (pid == 0) {
        raise(SIGSTOP);
        pause();
    }
    say("stopped", waitpid(pid, &status, WUNTRACED) == pid);
    say_status("by", status);
    say("only once", waitpid(pid, &status, WUNTRACED | WNOHANG));
    say("continue", kill(pid, SIGCONT));
    say("continued", waitpid(pid, &status, WCONTINUED) == pid);
    say_status("then", status);
    kill(pid, SIGTERM);
    say_wait("end", pid);
}

CASE(wait_signalled_child_info)
{
    siginfo_t info = {0};
    pid_t pid = must_fork();

    if (pid == 0) {
        pause();
        _exit(0);
    }
    kill(pid, SIGKILL);
    say("wait", waitid(P_ALL, 0, &info, WEXITED));
    say("killed", info.si_code == CLD_KILLED);
    say("by", info.si_status);
}

CASE(ignored_children_reap_themselves)
{
    signal(SIGCHLD, SIG_IGN);
    if (must_fork() == 0)
        _exit(3);
    say("wait", wait(NULL));
}

CASE(zombie_can_be_signalled)
{
    siginfo_t info;
    pid_t pid = must_fork();

    if (pid == 0)
        _exit(6);
    waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
    say("kill", kill(pid, SIGKILL));
    say_wait("status stays", pid);
    say("then", kill(pid, 0));
}

CASE(limits)
{
    struct rlimit limit;

    say("stack", getrlimit(RLIMIT_STACK, &limit));
    say("soft", (long)limit.rlim_cur);
    say("core", getrlimit(RLIMIT_CORE, &limit));
    say("soft", (long)limit.rlim_cur);
    say("unknown", getrlimit(99, &limit));
    say("soft above hard", setrlimit(RLIMIT_CORE, &(struct rlimit){2, 1}));
    say("yield", sched_yield());
}
