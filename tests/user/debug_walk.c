/*
 * debug_pte(): the entries that lead to an address, before it is touched, after, without rights and
 * after munmap; of another process; and what is no address, no process, no place to write to.
 */
#include "check.h"

#define SYS_DEBUG_PTE 4097
#define LEVELS        3
#define ENTRY_V       0x01UL
#define ENTRY_W       0x04UL
#define ENTRY_LEAF    0x0eUL
#define ENTRY_PAGE    0xd7UL /* D A U W R V */

struct walk {
    uint64_t root, count, entries[LEVELS];
};

static long walk_of(pid_t pid, const void *addr, struct walk *walk)
{
    return syscall(SYS_DEBUG_PTE, pid, addr, walk);
}

static void entries_follow_the_page(void)
{
    char *p = REQUIRE(mmap(NULL, PAGE, RW, ANON, -1, 0));
    struct walk walk = {0};

    CHECK_OK(walk_of(0, p, &walk));
    CHECK(walk.count < LEVELS || walk.entries[walk.count - 1] == 0, "%lu", walk.count);
    *p = 1;
    CHECK_OK(walk_of(0, p + 5, &walk));
    CHECK_EQ(walk.count, LEVELS);
    CHECK_EQ(walk.entries[0] & (ENTRY_V | ENTRY_LEAF), ENTRY_V);
    CHECK_EQ(walk.entries[1] & (ENTRY_V | ENTRY_LEAF), ENTRY_V);
    CHECK_EQ(walk.entries[2] & 0xff, ENTRY_PAGE);
    CHECK(walk.root % PAGE == 0 && walk.root != 0, "%#lx", walk.root);
    REQUIRE(mprotect(p, PAGE, PROT_NONE));
    CHECK_OK(walk_of(0, p, &walk));
    CHECK_EQ(walk.count, LEVELS);
    CHECK(walk.entries[2] != 0 && !(walk.entries[2] & ENTRY_V), "%#lx", walk.entries[2]);
    REQUIRE(munmap(p, PAGE));
    CHECK_OK(walk_of(0, p, &walk));
    CHECK(walk.entries[walk.count - 1] == 0, "%#lx", walk.entries[walk.count - 1]);
}

static void child_has_entries_of_its_own(void)
{
    char *p = REQUIRE(mmap(NULL, PAGE, RW, ANON, -1, 0));
    struct walk mine = {0}, its = {0};
    pid_t child;

    *p = 1;
    child = REQUIRE(fork());
    if (child == 0) {
        pause();
        _exit(0);
    }
    CHECK_OK(walk_of(0, p, &mine));
    CHECK_OK(walk_of(child, p, &its));
    CHECK(mine.root != its.root, "%#lx", mine.root);
    CHECK_EQ(mine.entries[2], its.entries[2]);
    CHECK_EQ(mine.entries[2] & ENTRY_W, 0);
    *p = 2;
    CHECK_OK(walk_of(0, p, &mine));
    CHECK(mine.entries[2] != its.entries[2], "%#lx", mine.entries[2]);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    CHECK_ERR(walk_of(child, p, &its), ESRCH);
}

static void another_user_may_not(void)
{
    pid_t child = REQUIRE(fork());
    struct walk walk;
    int status = -1;

    if (child == 0) {
        if (setuid(1000) || walk_of(getppid(), &walk, &walk) != -1 || errno != EACCES)
            _exit(1);
        _exit(walk_of(0, &walk, &walk) ? 2 : 0);
    }
    waitpid(child, &status, 0);
    CHECK_EQ(status, 0);
}

int main(void)
{
    struct walk walk;

    entries_follow_the_page();
    child_has_entries_of_its_own();
    another_user_may_not();
    CHECK_ERR(walk_of(0, KERNEL_ADDRESS, &walk), EINVAL);
    CHECK_ERR(walk_of(0, (void *)(1UL << 38), &walk), EINVAL);
    CHECK_ERR(walk_of(0, &walk, KERNEL_ADDRESS), EFAULT);
    CHECK_ERR(walk_of(32000, &walk, &walk), ESRCH);
    return check_end();
}
