/* A child whose parent ends gets init as its parent, and is reaped by it: nothing is left in /proc.
 */
#include "check.h"

static int report[2];

static void orphan(void *original)
{
    pid_t me = getpid();

    for (int i = 0; i < 200 && getppid() == (pid_t)(intptr_t)original; i++)
        milliseconds_sleep(5);
    CHECK_EQ(getppid(), 1);
    CHECK_EQ(write(report[1], &me, sizeof(me)), sizeof(me));
}

static void make_orphan(void *unused)
{
    (void)unused;
    child_start(orphan, (void *)(intptr_t)getpid());
}

static bool exists(pid_t pid)
{
    return kill(pid, 0) == 0;
}

int main(void)
{
    pid_t pid = 0;

    CHECK_OK(pipe(report));
    for (int i = 0; i < 5; i++) {
        CHECK_EXIT(child_run(make_orphan, NULL), 0);
        CHECK_EQ(read(report[0], &pid, sizeof(pid)), sizeof(pid));
        CHECK_ERR(waitpid(pid, NULL, 0), ECHILD);
        for (int tries = 0; tries < 400 && exists(pid); tries++)
            milliseconds_sleep(5);
        CHECK(!exists(pid));
    }
    return check_end();
}
