/* What execve keeps (pid, directory, mask, ignored signals, descriptors) and what it does not. */
#include "check.h"

static char *self;

/* exec_state after PID KEPT GONE */
static int after(char **argv)
{
    struct sigaction action;
    sigset_t mask;
    char here[64];

    CHECK_EQ(getpid(), atoi(argv[2]));
    CHECK_OK(fcntl(atoi(argv[3]), F_GETFD));
    CHECK_EQ(lseek(atoi(argv[3]), 0, SEEK_CUR), 77);
    CHECK_ERR(fcntl(atoi(argv[4]), F_GETFD), EBADF);
    CHECK(getcwd(here, sizeof(here)) && strcmp(here, "/dev") == 0);
    CHECK_EQ(umask(0), 031);
    CHECK_OK(sigprocmask(SIG_SETMASK, NULL, &mask));
    CHECK(sigismember(&mask, SIGUSR1) && !sigismember(&mask, SIGUSR2));
    CHECK_OK(sigpending(&mask));
    CHECK(sigismember(&mask, SIGUSR1));
    CHECK_OK(sigaction(SIGHUP, NULL, &action));
    CHECK(action.sa_handler == SIG_IGN);
    CHECK_OK(sigaction(SIGTERM, NULL, &action));
    CHECK(action.sa_handler == SIG_DFL);
    return check_end();
}

static void handler(int number)
{
    (void)number;
}

static void before(void *unused)
{
    char pid[16], kept_text[16], gone_text[16];
    int kept = REQUIRE(open(DATA "short", O_RDONLY));
    int gone = REQUIRE(open(DATA "short", O_RDONLY | O_CLOEXEC));
    sigset_t mask;

    (void)unused;
    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR1);
    CHECK_OK(sigprocmask(SIG_SETMASK, &mask, NULL));
    CHECK_OK(raise(SIGUSR1));
    signal(SIGHUP, SIG_IGN);
    signal(SIGTERM, handler);
    CHECK_OK(chdir("/dev"));
    umask(031);
    CHECK_EQ(lseek(kept, 77, SEEK_SET), 77);
    snprintf(pid, sizeof(pid), "%d", getpid());
    snprintf(kept_text, sizeof(kept_text), "%d", kept);
    snprintf(gone_text, sizeof(gone_text), "%d", gone);
    execl(self, self, "after", pid, kept_text, gone_text, NULL);
    _exit(9);
}

/* Memory of before is not there after: a second program finds its own break and no old mapping. */
int main(int argc, char **argv)
{
    self = argv[0];
    if (argc > 1)
        return after(argv);
    CHECK_EXIT(child_run(before, NULL), 0);
    return check_end();
}
