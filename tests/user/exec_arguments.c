/* Arguments and environment through execve: empty, many, long, too many; and what the new stack
 * holds. */
#include "check.h"

#include <elf.h>
#include <sys/auxv.h>
#include <sys/resource.h>

#define MANY 3000

extern char **environ;
static char *self;

/* exec_arguments count N: argument i is "argument-i", as is environment i. */
static int count_them(int argc, char **argv)
{
    int want = atoi(argv[2]), have = 0;
    char name[32];

    for (; environ[have]; have++) {
        snprintf(name, sizeof(name), "variable_%d=%d", have, have);
        CHECK_EQ(strcmp(environ[have], name), 0);
    }
    CHECK_EQ(have, want);
    CHECK_EQ(argc, want + 3);
    CHECK(argv[argc] == NULL);
    for (int i = 0; i < want; i++) {
        snprintf(name, sizeof(name), "argument-%d", i);
        CHECK_EQ(strcmp(argv[i + 3], name), 0);
    }
    return check_end();
}

static void exec_with(void *count)
{
    static char *arguments[MANY + 4], *variables[MANY + 1], number[16];
    int want = (int)(intptr_t)count;

    snprintf(number, sizeof(number), "%d", want);
    arguments[0] = self;
    arguments[1] = "count";
    arguments[2] = number;
    for (int i = 0; i < want; i++)
        if (asprintf(&arguments[i + 3], "argument-%d", i) < 0 ||
            asprintf(&variables[i], "variable_%d=%d", i, i) < 0)
            _exit(2);
    execve(self, arguments, variables);
    _exit(3);
}

/* exec_arguments long LENGTH TEXT, exec_arguments empty "" "" */
static int look(int argc, char **argv)
{
    if (strcmp(argv[1], "long") == 0) {
        CHECK_EQ(strlen(argv[3]), atoi(argv[2]));
        CHECK_EQ(byte_mismatch(argv[3], atoi(argv[2]), 'a'), -1);
    } else {
        CHECK_EQ(argc, 4);
        CHECK_EQ(strlen(argv[2]), 0);
        CHECK_EQ(strlen(argv[3]), 0);
    }
    return check_end();
}

static void exec_long(void *length)
{
    char *text = malloc((long)length + 1), number[16];

    memset(text, 'a', (long)length);
    text[(long)length] = 0;
    snprintf(number, sizeof(number), "%ld", (long)length);
    execl(self, self, "long", number, text, NULL);
    _exit(errno);
}

static void exec_empty(void *unused)
{
    (void)unused;
    execl(self, self, "empty", "", "", NULL);
    _exit(1);
}

/* More than a quarter of the stack's limit: E2BIG, and the caller lives on. */
static void too_much_is_refused(void)
{
    static char *arguments[40];
    char *text = malloc(100000);

    memset(text, 'x', 99999);
    text[99999] = 0;
    for (int i = 0; i < 39; i++)
        arguments[i] = text;
    CHECK_ERR(execve(self, arguments, environ), E2BIG);
    CHECK_ERR(execve(self, environ, arguments), E2BIG);
}

static void auxiliary_vector_is_linux(void)
{
    const unsigned char *random_bytes = (const unsigned char *)getauxval(AT_RANDOM);
    const Elf64_Phdr *header = (const Elf64_Phdr *)getauxval(AT_PHDR);

    CHECK_EQ(getauxval(AT_PAGESZ), PAGE);
    CHECK_EQ(getauxval(AT_PHENT), sizeof(Elf64_Phdr));
    CHECK(getauxval(AT_PHNUM) > 0 && header);
    CHECK(getauxval(AT_ENTRY) != 0);
    CHECK_EQ(getauxval(AT_UID) + getauxval(AT_EUID) + getauxval(AT_GID) + getauxval(AT_EGID), 0);
    CHECK_EQ(getauxval(AT_SECURE), 0);
    CHECK_EQ(getauxval(AT_CLKTCK), 100);
    CHECK(random_bytes && byte_mismatch(random_bytes, 16, random_bytes[0]) != -1);
    CHECK(getauxval(AT_EXECFN) && strcmp((char *)getauxval(AT_EXECFN), self) == 0);
#ifdef __riscv
    CHECK_EQ(getauxval(AT_HWCAP) & 0x112d, 0x112d); /* i m a f d c */
#endif
}

#ifdef __riscv
static void stack_is_aligned(void)
{
    CHECK_EQ((uintptr_t)__builtin_frame_address(0) % 16, 0);
}
#else
static void stack_is_aligned(void)
{
}
#endif

int main(int argc, char **argv)
{
    self = argv[0];
    if (argc > 1)
        return strcmp(argv[1], "count") == 0 ? count_them(argc, argv) : look(argc, argv);
    CHECK_EXIT(child_run(exec_with, (void *)0L), 0);
    CHECK_EXIT(child_run(exec_with, (void *)1L), 0);
    CHECK_EXIT(child_run(exec_with, (void *)(long)MANY), 0);
    CHECK_EXIT(child_run(exec_long, (void *)4096L), 0);
    CHECK_EXIT(child_run(exec_long, (void *)100000L), 0);
    CHECK_EXIT(child_run(exec_long, (void *)(32 * 4096L)), E2BIG); /* MAX_ARG_STRLEN */
    CHECK_EXIT(child_run(exec_empty, NULL), 0);
    too_much_is_refused();
    auxiliary_vector_is_linux();
    stack_is_aligned();
    return check_end();
}
