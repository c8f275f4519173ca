#include "lib/assert.h"

static assert_hook_fn *assert_hook;

void assert_set_hook(assert_hook_fn *hook)
{
    assert_hook = hook;
}

void assert_fail(const char *expr, const char *file, int line, const char *func)
{
    if (assert_hook)
        assert_hook(expr, file, line, func);
    __builtin_trap();
}
