/* Identity and limits: uname, ids, sysinfo, rlimits, getrandom, umask, sched calls; numbers nobody
 * serves. */
#include "check.h"

#include <limits.h>
#include <sched.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>

static void names(void)
{
    struct utsname name;

    CHECK_OK(uname(&name));
    CHECK(name.sysname[0] && name.nodename[0] && name.version[0]);
    CHECK(atoi(name.release) >= 5, "%s", name.release); /* glibc's oldest is 4.15 */
#ifdef __riscv
    CHECK_EQ(strcmp(name.machine, "riscv64"), 0);
#endif
}

static void ids(void)
{
    uid_t real, effective, saved;

    CHECK_EQ(getuid() + geteuid() + getgid() + getegid(), 0);
    CHECK_OK(getresuid(&real, &effective, &saved));
    CHECK_EQ(real + effective + saved, 0);
    CHECK(getgroups(0, NULL) >= 0);
    CHECK(getpid() > 1 && getppid() >= 1);
}

static void drop_root(void *unused)
{
    (void)unused;
    CHECK_OK(setgid(1000));
    CHECK_OK(setuid(1000));
    CHECK_EQ(getuid(), 1000);
    CHECK_EQ(geteuid(), 1000);
    CHECK_ERR(setuid(0), EPERM);
    CHECK_ERR(kill(1, SIGUSR1), EPERM);
    CHECK_ERR(open(DATA "modes/0000", O_RDONLY), EACCES);
    CHECK_OK(open(DATA "modes/0644", O_RDONLY));
}

static void limits(void)
{
    struct rlimit limit, other = {0};

    for (int which = 0; which < RLIM_NLIMITS; which++) {
        CHECK_OK(getrlimit(which, &limit));
        CHECK(limit.rlim_cur <= limit.rlim_max);
        CHECK_OK(prlimit(0, which, NULL, &other));
        CHECK_EQ(other.rlim_cur, limit.rlim_cur);
    }
    CHECK_ERR(getrlimit(RLIM_NLIMITS, &limit), EINVAL);
    CHECK_OK(getrlimit(RLIMIT_CORE, &limit));
    limit.rlim_cur = limit.rlim_max == 0 ? 1 : limit.rlim_max;
    if (limit.rlim_max != RLIM_INFINITY) {
        limit.rlim_cur = limit.rlim_max + 1;
        CHECK_ERR(setrlimit(RLIMIT_CORE, &limit), EINVAL); /* soft above hard */
    }
    CHECK_ERR(prlimit(999999, RLIMIT_CORE, NULL, &limit), ESRCH);
}

static void randomness(void)
{
    unsigned char first[300] = {0}, second[300] = {0};

    CHECK_EQ(getrandom(first, sizeof(first), 0), sizeof(first));
    CHECK_EQ(getrandom(second, sizeof(second), GRND_NONBLOCK), sizeof(second));
    CHECK(memcmp(first, second, sizeof(first)) != 0);
    CHECK(byte_mismatch(first + 280, 20, first[280]) != -1);
    CHECK_ERR(getrandom(first, 1, 0x80), EINVAL);
    CHECK_ERR(syscall(SYS_getrandom, 8L, 16, 0), EFAULT);
    CHECK_EQ(getrandom(first, 0, 0), 0);
}

static void the_system(void)
{
    struct sysinfo info;
    cpu_set_t harts;

    CHECK_OK(sysinfo(&info));
    CHECK(info.totalram > 16 * MIB && info.freeram < info.totalram && info.mem_unit >= 1);
    CHECK(info.procs > 1 && info.uptime >= 0);
    CHECK_OK(sched_yield());
    CHECK_OK(sched_getaffinity(0, sizeof(harts), &harts));
    CHECK(CPU_COUNT(&harts) >= 1);
    CHECK_EQ(umask(022) & ~0777, 0);
    CHECK_EQ(umask(07777), 022);
    CHECK_EQ(umask(0), 0777);
}

static void unknown_numbers(void)
{
    static const long numbers[] = {600,
                                   1000,
                                   4095,
                                   4098,
                                   INT_MAX,
#ifdef __riscv /* others look at 32 bits of the number only */
                                   1L << 32,
                                   (1L << 40) + 172,
                                   -1,
                                   LONG_MIN
#endif
    };

    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
        CHECK_ERR(syscall(numbers[i], 1, 2, 3, 4, 5, 6), ENOSYS);
}

int main(void)
{
    names();
    ids();
    CHECK_EXIT(child_run(drop_root, NULL), 0);
    limits();
    randomness();
    the_system();
    unknown_numbers();
    return check_end();
}
