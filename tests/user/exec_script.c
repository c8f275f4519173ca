/*
 * #! scripts: interpreter, its one argument, nesting, and what is refused. Run with arguments, as
 * the interpreter of /data/exec/arguments, it prints them.
 */
#include "check.h"

#define FOLDER DATA "exec/"

static void exec_script(void *name)
{
    char path[128];

    snprintf(path, sizeof(path), FOLDER "%s", (char *)name);
    execl(path, "ignored", "first", "second", NULL);
    _exit(errno);
}

/* What the script printed, and its wait status. */
static int script_output(const char *name, char *text, size_t size)
{
    size_t length = 0;
    ssize_t n;
    int ends[2];
    pid_t child;

    CHECK_OK(pipe(ends));
    child = REQUIRE(fork());
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        exec_script((void *)name);
    }
    close(ends[1]);
    while ((n = read(ends[0], text + length, size - 1 - length)) > 0)
        length += n;
    text[length] = 0;
    close(ends[0]);
    return child_wait(child);
}

static void expect_output(const char *name, const char *want)
{
    char text[4096];

    CHECK_EXIT(script_output(name, text, sizeof(text)), 0);
    CHECK(strcmp(text, want) == 0, "%s: %s, wanted %s", name, text, want);
}

int main(int argc, char **argv)
{
    char long_argument[4096];

    if (argc > 1) {
        for (int i = 0; i < argc; i++)
            printf("[%s]", argv[i]);
        return 0;
    }
    CHECK_EXIT(child_run(exec_script, "script"), 7);
    CHECK_EXIT(child_run(exec_script, "spaces"), 8);
    CHECK_EXIT(child_run(exec_script, "no-newline"), 0);
    expect_output("arguments", "[/t/exec_script][one two][/data/exec/arguments][first][second]");
    expect_output("nest-2", "[/t/exec_script][one two][/data/exec/arguments][/data/exec/nest-1]"
                            "[/data/exec/nest-2][first][second]");
    CHECK_EXIT(script_output("nest-7", long_argument, sizeof(long_argument)), ELOOP);
    CHECK_EXIT(child_run(exec_script, "self-script"), ELOOP);
    CHECK_EXIT(child_run(exec_script, "missing"), ENOENT);
    CHECK_EXIT(child_run(exec_script, "folder"), EACCES);
    CHECK_EXIT(child_run(exec_script, "none"), ENOEXEC);
    CHECK_EXIT(child_run(exec_script, "blank"), ENOEXEC);
    CHECK_EXIT(child_run(exec_script, "text"), ENOEXEC);
    CHECK_EXIT(child_run(exec_script, "empty"), ENOEXEC);
    CHECK_EXIT(child_run(exec_script, "nul"), ENOEXEC);
    CHECK_EXIT(child_run(exec_script, "long"), ENOEXEC);
    CHECK_EXIT(child_run(exec_script, "not-executable"), EACCES);
    return check_end();
}
