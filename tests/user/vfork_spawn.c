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

int main(int argc, char **argv, char **environment)
{
    (void)argc;
    (void)argv;
    vfork_shares_and_waits();
    vfork_then_exec();
    spawn_with_files(environment);
    system_and_popen();
    return check_end();
}
