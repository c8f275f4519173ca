/*
 * command_test.c - the test utility, also spelled [ ... ].
 *
 * POSIX decides by the number of arguments what they mean, so that no value of a variable
 * can be taken for an operator: one argument is a string, two are "! x" or an operator and
 * its operand, three are a binary primary, and so on. Only above four (where POSIX leaves
 * the result open) does a little grammar apply:
 *
 *      or      = and { -o and }
 *      and     = not { -a not }
 *      not     = ! not | ( or ) | unary x | x binary y | x
 *
 * Result: 0 true, 1 false, 2 error (said on standard error).
 */
#include "userland/c/lib/command.h"

#include "userland/c/lib/number.h"
#include "userland/c/lib/program.h"

#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEST_TRUE = 0, TEST_FALSE = 1, TEST_ERROR = 2 };

#define TEST_DEPTH_MAX 200 /* nested "!" and "(": deeper than anyone writes */

struct test {
    char **word; /* what is left */
    int left;
    int depth;
    bool failed; /* an error has been reported */
};

static int truth(bool value)
{
    return value ? TEST_TRUE : TEST_FALSE;
}

static bool test_complain(struct test *test, const char *what, const char *word)
{
    if (!test->failed)
        program_complain("%s: %s", word, what);
    test->failed = true;
    return false;
}

static bool file_mode_is(const char *path, mode_t type)
{
    struct stat st;

    return stat(path, &st) == 0 && (st.st_mode & S_IFMT) == type;
}

static bool file_is_link(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}

static bool file_has_bits(const char *path, mode_t bits)
{
    struct stat st;

    return stat(path, &st) == 0 && (st.st_mode & bits);
}

static bool file_has_size(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && st.st_size > 0;
}

static bool descriptor_is_terminal(struct test *test, const char *text)
{
    long fd;

    if (!number_parse_long(text, &fd) || fd != (int)fd)
        return test_complain(test, "not a number", text);
    return isatty((int)fd);
}

static bool is_unary(const char *word)
{
    return word[0] == '-' && word[1] && !word[2] && strchr("bcdefghLnprSstuwxz", word[1]);
}

static bool unary(struct test *test, const char *op, const char *operand)
{
    switch (op[1]) {
    case 'b':
        return file_mode_is(operand, S_IFBLK);
    case 'c':
        return file_mode_is(operand, S_IFCHR);
    case 'd':
        return file_mode_is(operand, S_IFDIR);
    case 'e':
        return access(operand, F_OK) == 0;
    case 'f':
        return file_mode_is(operand, S_IFREG);
    case 'g':
        return file_has_bits(operand, S_ISGID);
    case 'h':
    case 'L':
        return file_is_link(operand);
    case 'n':
        return *operand != '\0';
    case 'p':
        return file_mode_is(operand, S_IFIFO);
    case 'r':
        return access(operand, R_OK) == 0;
    case 'S':
        return file_mode_is(operand, S_IFSOCK);
    case 's':
        return file_has_size(operand);
    case 't':
        return descriptor_is_terminal(test, operand);
    case 'u':
        return file_has_bits(operand, S_ISUID);
    case 'w':
        return access(operand, W_OK) == 0;
    case 'x':
        return access(operand, X_OK) == 0;
    default: /* 'z' */
        return *operand == '\0';
    }
}

static const char *const binary_operators[] = {"=",   "!=",  "-eq", "-ne", "-gt", "-ge", "-lt",
                                               "-le", "-nt", "-ot", "-ef", "<",   ">",   NULL};

static bool is_binary(const char *word)
{
    for (int i = 0; binary_operators[i]; i++)
        if (strcmp(word, binary_operators[i]) == 0)
            return true;
    return false;
}

/* -nt, -ot, -ef. A file that is not there is older than one that is. */
static bool binary_files(const char *left, char op, const char *right)
{
    struct stat a, b;
    bool have_a = stat(left, &a) == 0, have_b = stat(right, &b) == 0;
    bool a_later;

    if (op == 'e')
        return have_a && have_b && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
    if (!have_a || !have_b)
        return op == 'n' ? have_a && !have_b : !have_a && have_b;
    a_later = a.st_mtim.tv_sec != b.st_mtim.tv_sec ? a.st_mtim.tv_sec > b.st_mtim.tv_sec
                                                   : a.st_mtim.tv_nsec > b.st_mtim.tv_nsec;
    if (op == 'n')
        return a_later;
    return !a_later &&
           (a.st_mtim.tv_sec != b.st_mtim.tv_sec || a.st_mtim.tv_nsec != b.st_mtim.tv_nsec);
}

static bool binary_numbers(struct test *test, const char *left, const char *op, const char *right)
{
    long a, b;

    if (!number_parse_long(left, &a))
        return test_complain(test, "not a number", left);
    if (!number_parse_long(right, &b))
        return test_complain(test, "not a number", right);
    switch (op[1]) {
    case 'e':
        return a == b;
    case 'n':
        return a != b;
    case 'g':
        return op[2] == 't' ? a > b : a >= b;
    default: /* 'l' */
        return op[2] == 't' ? a < b : a <= b;
    }
}

static bool binary(struct test *test, const char *left, const char *op, const char *right)
{
    if (op[0] == '=')
        return strcmp(left, right) == 0;
    if (op[0] == '!')
        return strcmp(left, right) != 0;
    if (op[0] == '<')
        return strcmp(left, right) < 0;
    if (op[0] == '>')
        return strcmp(left, right) > 0;
    if (strcmp(op, "-nt") == 0 || strcmp(op, "-ot") == 0 || strcmp(op, "-ef") == 0)
        return binary_files(left, op[1], right);
    return binary_numbers(test, left, op, right);
}

static char *test_next(struct test *test)
{
    test->left--;
    return *test->word++;
}

static bool test_at(const struct test *test, const char *word)
{
    return test->left > 0 && strcmp(test->word[0], word) == 0;
}

static bool parse_or(struct test *test);

static bool parse_group(struct test *test)
{
    bool value;

    test_next(test);
    value = parse_or(test);
    if (!test_at(test, ")"))
        return test_complain(test, "closing parenthesis missing", "(");
    test_next(test);
    return value;
}

static bool parse_primary(struct test *test)
{
    char *word, *op;

    if (test->left == 0)
        return test_complain(test, "argument expected", "expression");
    if (test->left >= 3 && is_binary(test->word[1])) {
        word = test_next(test);
        op = test_next(test);
        return binary(test, word, op, test_next(test));
    }
    if (test_at(test, "("))
        return parse_group(test);
    word = test_next(test);
    if (test->left > 0 && is_unary(word))
        return unary(test, word, test_next(test));
    return *word != '\0';
}

static bool parse_not(struct test *test)
{
    bool value;

    if (++test->depth > TEST_DEPTH_MAX)
        return test_complain(test, "nested too deeply", "expression");
    if (test->left > 1 && test_at(test, "!") && !(test->left >= 3 && is_binary(test->word[1]))) {
        test_next(test);
        value = !parse_not(test);
    } else {
        value = parse_primary(test);
    }
    test->depth--;
    return value;
}

static bool parse_and(struct test *test)
{
    bool value = parse_not(test);

    while (!test->failed && test_at(test, "-a")) {
        test_next(test);
        value = parse_not(test) && value;
    }
    return value;
}

static bool parse_or(struct test *test)
{
    bool value = parse_and(test);

    while (!test->failed && test_at(test, "-o")) {
        test_next(test);
        value = parse_and(test) || value;
    }
    return value;
}

static int evaluate_grammar(struct test *test)
{
    bool value = parse_or(test);

    if (!test->failed && test->left > 0)
        test_complain(test, "unexpected argument", test->word[0]);
    return test->failed ? TEST_ERROR : truth(value);
}

static int negate(int result)
{
    return result == TEST_ERROR ? TEST_ERROR : !result;
}

static int evaluate_two(struct test *test, char **word)
{
    bool value;

    if (strcmp(word[0], "!") == 0)
        return truth(*word[1] == '\0');
    if (!is_unary(word[0]))
        test_complain(test, "unknown operator", word[0]);
    value = !test->failed && unary(test, word[0], word[1]);
    return test->failed ? TEST_ERROR : truth(value);
}

static int evaluate_three(struct test *test, char **word)
{
    bool value;

    if (is_binary(word[1])) {
        value = binary(test, word[0], word[1], word[2]);
        return test->failed ? TEST_ERROR : truth(value);
    }
    if (strcmp(word[0], "!") == 0)
        return negate(evaluate_two(test, word + 1));
    if (strcmp(word[0], "(") == 0 && strcmp(word[2], ")") == 0)
        return truth(*word[1] != '\0');
    if (strcmp(word[1], "-a") == 0)
        return truth(*word[0] && *word[2]);
    if (strcmp(word[1], "-o") == 0)
        return truth(*word[0] || *word[2]);
    test_complain(test, "unknown operator", word[1]);
    return TEST_ERROR;
}

/* POSIX, test, OPERANDS: by the number of arguments. */
static int evaluate(struct test *test, int argc, char **word)
{
    switch (argc) {
    case 0:
        return TEST_FALSE;
    case 1:
        return truth(*word[0] != '\0');
    case 2:
        return evaluate_two(test, word);
    case 3:
        return evaluate_three(test, word);
    case 4:
        if (strcmp(word[0], "!") == 0)
            return negate(evaluate_three(test, word + 1));
        if (strcmp(word[0], "(") == 0 && strcmp(word[3], ")") == 0)
            return evaluate_two(test, word + 1);
        break;
    }
    test->word = word;
    test->left = argc;
    return evaluate_grammar(test);
}

int command_test(int argc, char **argv)
{
    struct test test = {0};

    if (strcmp(argv[0], "[") == 0) {
        if (strcmp(argv[argc - 1], "]") != 0) {
            program_complain("closing ] missing");
            return TEST_ERROR;
        }
        argc--;
    }
    return evaluate(&test, argc - 1, argv + 1);
}
