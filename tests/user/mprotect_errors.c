/* What mprotect refuses, and what it has changed when it fails half way (mprotect(2)). */
#include "check.h"

int main(void)
{
    char *area = pages_map(4);

    memset(area, 1, 4 * PAGE);
    CHECK_ERR(mprotect(area + 1, PAGE, PROT_READ), EINVAL);
    CHECK_ERR(mprotect(area, PAGE, 0x40000000), EINVAL);
    CHECK_ERR(mprotect(area, PAGE, PROT_READ | PROT_GROWSUP | PROT_GROWSDOWN), EINVAL);
    CHECK_ERR(mprotect(area, -PAGE, PROT_READ), ENOMEM);
    CHECK_OK(mprotect(area, 0, PROT_NONE)); /* nothing to do */
    CHECK_EQ(area[0], 1);
    CHECK_OK(mprotect(area, 1, PROT_READ)); /* a length is rounded up to pages */
    CHECK_KILLED(child_run(touch_store, area + PAGE - 1), SIGSEGV);
    CHECK_EXIT(child_run(touch_store, area + PAGE), 0);
    CHECK_OK(mprotect(area, PAGE, RW));

    CHECK_OK(munmap(area + 2 * PAGE, PAGE));
    CHECK_ERR(mprotect(area + 2 * PAGE, PAGE, PROT_READ), ENOMEM);
    CHECK_ERR(mprotect(area + 2 * PAGE, 2 * PAGE, PROT_READ), ENOMEM);
    CHECK_EXIT(child_run(touch_store, area + 3 * PAGE), 0);
    /* What lies before the hole has changed, what lies after it has not. */
    CHECK_ERR(mprotect(area, 4 * PAGE, PROT_READ), ENOMEM);
    CHECK_KILLED(child_run(touch_store, area + PAGE), SIGSEGV);
    CHECK_EXIT(child_run(touch_store, area + 3 * PAGE), 0);
    CHECK_ERR(mprotect((void *)(1UL << 62), PAGE, PROT_READ), ENOMEM);
    return check_end();
}
