/* Process groups and sessions: setpgid, setsid and the errors of their man pages. */
#include "check.h"

static void hold(void *unused)
{
    (void)unused;
    for (;;)
        milliseconds_sleep(1000);
}

static void release(pid_t child)
{
    CHECK_OK(kill(child, SIGKILL));
    CHECK_KILLED(child_wait(child), SIGKILL);
}

static void setpgid_moves_oneself_and_children(void)
{
    pid_t first = child_start(hold, NULL), second = child_start(hold, NULL);

    CHECK_OK(setpgid(first, 0));
    CHECK_EQ(getpgid(first), first);
    CHECK_OK(setpgid(second, first));
    CHECK_EQ(getpgid(second), first);
    CHECK_OK(setpgid(second, second));
    CHECK_EQ(getpgid(second), second);
    CHECK_ERR(setpgid(second, 999999), EPERM); /* no such group */
    CHECK_ERR(setpgid(second, -1), EINVAL);
    CHECK_ERR(setpgid(999999, 0), ESRCH);
    CHECK_ERR(setpgid(getppid(), 0), ESRCH); /* neither oneself nor a child */
    CHECK_ERR(getpgid(999999), ESRCH);
    CHECK_ERR(getsid(999999), ESRCH);
    release(first);
    release(second);
}

static void new_session(void *unused)
{
    pid_t child;

    (void)unused;
    CHECK_EQ(setsid(), getpid());
    CHECK_EQ(getsid(0), getpid());
    CHECK_EQ(getpgrp(), getpid());
    CHECK_ERR(setsid(), EPERM);      /* leads a group already */
    CHECK_ERR(setpgid(0, 0), EPERM); /* leads a session */
    CHECK_ERR(open("/dev/tty", O_RDWR), ENXIO);
    child = child_start(hold, NULL);
    CHECK_EQ(getsid(child), getpid());
    CHECK_EQ(getpgid(child), getpid());
    release(child);
}

static void session_then_hold(void *unused)
{
    CHECK_OK(setsid());
    hold(unused);
}

/* A child of another session cannot be moved, nor into a group of another session. */
static void sessions_are_walls(void)
{
    pid_t away = child_start(session_then_hold, NULL), here = child_start(hold, NULL);

    for (int i = 0; i < 200 && getsid(away) != away; i++)
        milliseconds_sleep(5);
    CHECK_ERR(setpgid(away, 0), EPERM);
    CHECK_ERR(setpgid(here, away), EPERM);
    release(away);
    release(here);
}

/* After a child has called execve its parent may not move it any more. */
static void exec_ends_the_right_to_move(void)
{
    pid_t child;
    int out[2], go[2];
    char byte;

    CHECK_OK(pipe(out));
    CHECK_OK(pipe(go));
    child = REQUIRE(fork());
    if (child == 0) {
        dup2(out[1], STDOUT_FILENO);
        dup2(go[0], STDIN_FILENO);
        execl("/bin/sh", "sh", "-c", "echo; read line", NULL);
        _exit(1);
    }
    CHECK_EQ(read(out[0], &byte, 1), 1);
    CHECK_ERR(setpgid(child, child), EACCES);
    CHECK_EQ(write(go[1], "\n", 1), 1);
    CHECK_EXIT(child_wait(child), 0);
}

static void hold_in_group(void *group)
{
    setpgid(0, (pid_t)(intptr_t)group);
    hold(NULL);
}

/* kill with a negative pid reaches the group, all of it and nobody else. */
static void group_is_killed_as_one(void)
{
    pid_t leader = child_start(hold_in_group, (void *)0), members[3], other;

    setpgid(leader, leader);
    for (int i = 0; i < 3; i++) {
        members[i] = child_start(hold_in_group, (void *)(intptr_t)leader);
        setpgid(members[i], leader);
    }
    other = child_start(hold, NULL);
    CHECK_OK(kill(-leader, SIGTERM));
    CHECK_KILLED(child_wait(leader), SIGTERM);
    for (int i = 0; i < 3; i++)
        CHECK_KILLED(child_wait(members[i]), SIGTERM);
    CHECK_ERR(kill(-leader, 0), ESRCH);
    release(other);
}

int main(void)
{
    setpgid_moves_oneself_and_children();
    CHECK_EXIT(child_run(new_session, NULL), 0);
    sessions_are_walls();
    exec_ends_the_right_to_move();
    group_is_killed_as_one();
    return check_end();
}
