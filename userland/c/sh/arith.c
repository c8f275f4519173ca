/*
 * arith.c - C's integer expressions on signed longs (POSIX 2.6.4).
 *
 *      assignment  = NAME [op]= assignment | conditional
 *      conditional = binary [ ? assignment : conditional ]
 *      binary      = by precedence: || && | ^ & == != < <= > >= << >> + - * / %
 *      unary       = + - ! ~ unary | ( assignment ) | number | NAME
 *
 * An unset or empty variable is 0. Overflow wraps, as the machine does it. SKIPPING counts how
 * deep we are in an operand that && || ?: do not evaluate: there nothing is assigned and
 * dividing by zero is no error.
 */
#include "userland/c/sh/arith.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 200 /* nested operators and parentheses; bounds the C stack */
#define NAME_SIZE 256

struct arith {
    struct vars *vars;
    const char *at;
    const char *error; /* the first one */
    int skipping;
    int depth;
};

struct binary_operator {
    const char *text;
    int precedence;
};

/* Longer spellings first. */
static const struct binary_operator operators[] = {
    {"||", 1}, {"&&", 2}, {"==", 6}, {"!=", 6}, {"<<", 8}, {">>", 8},
    {"<=", 7}, {">=", 7}, {"|", 3},  {"^", 4},  {"&", 5},  {"<", 7},
    {">", 7},  {"+", 9},  {"-", 9},  {"*", 10}, {"/", 10}, {"%", 10},
};

static long parse_assignment(struct arith *arith);

static long fail(struct arith *arith, const char *error)
{
    if (!arith->error)
        arith->error = error;
    arith->at = "";
    return 0;
}

static void skip_blanks(struct arith *arith)
{
    while (isspace((unsigned char)*arith->at))
        arith->at++;
}

static bool accept(struct arith *arith, char c)
{
    skip_blanks(arith);
    if (*arith->at != c)
        return false;
    arith->at++;
    return true;
}

/* The shift count is taken modulo the width, as RISC-V's sll does. */
static long shift(long left, char direction, long right)
{
    unsigned count = (unsigned long)right % (sizeof(long) * CHAR_BIT);

    return direction == '<' ? (long)((unsigned long)left << count) : left >> count;
}

static long divide(struct arith *arith, long left, char op, long right)
{
    if (right == 0)
        return arith->skipping ? 0 : fail(arith, "division by zero");
    if (right == -1)
        return op == '/' ? (long)(0 - (unsigned long)left) : 0;
    return op == '/' ? left / right : left % right;
}

static long compare(const char *op, long left, long right)
{
    bool or_equal = op[1] == '=';

    switch (op[0]) {
    case '=':
        return left == right;
    case '!':
        return left != right;
    case '<':
        return or_equal ? left <= right : left < right;
    default:
        return or_equal ? left >= right : left > right;
    }
}

/* Any binary operator but && and ||. */
static long calculate(struct arith *arith, const char *op, long left, long right)
{
    unsigned long a = (unsigned long)left, b = (unsigned long)right;

    if (op[0] == op[1] && op[0] != '=')
        return shift(left, op[0], right);
    switch (op[0]) {
    case '+':
        return (long)(a + b);
    case '-':
        return (long)(a - b);
    case '*':
        return (long)(a * b);
    case '/':
    case '%':
        return divide(arith, left, op[0], right);
    case '|':
        return left | right;
    case '&':
        return left & right;
    case '^':
        return left ^ right;
    default:
        return compare(op, left, right);
    }
}

static long parse_number(struct arith *arith)
{
    char *end;
    long value;

    errno = 0;
    value = strtol(arith->at, &end, 0);
    if (errno || isalnum((unsigned char)*end) || *end == '_')
        return fail(arith, "not a number");
    arith->at = end;
    return value;
}

/* Copies the name at the present place and moves past it; false if there is none. */
static bool accept_name(struct arith *arith, char name[NAME_SIZE])
{
    size_t length;

    skip_blanks(arith);
    length = name_length(arith->at);
    if (length == 0 || length >= NAME_SIZE)
        return false;
    memcpy(name, arith->at, length);
    name[length] = '\0';
    arith->at += length;
    return true;
}

static long variable_value(struct arith *arith, const char *name)
{
    const char *text = vars_get(arith->vars, name);
    char *end;
    long value;

    if (!text || !*text)
        return 0;
    errno = 0;
    value = strtol(text, &end, 0);
    while (isspace((unsigned char)*end))
        end++;
    if (errno || *end || end == text)
        return arith->skipping ? 0 : fail(arith, "a variable's value is not a number");
    return value;
}

static long parse_primary(struct arith *arith)
{
    char name[NAME_SIZE];
    long value;

    if (accept(arith, '(')) {
        value = parse_assignment(arith);
        if (!accept(arith, ')'))
            return fail(arith, "missing )");
        return value;
    }
    if (accept_name(arith, name))
        return variable_value(arith, name);
    if (isdigit((unsigned char)*arith->at))
        return parse_number(arith);
    return fail(arith, "operand expected");
}

static long parse_unary(struct arith *arith)
{
    long value;

    if (++arith->depth > DEPTH_MAX)
        return fail(arith, "nested too deeply");
    if (accept(arith, '-'))
        value = (long)(0 - (unsigned long)parse_unary(arith));
    else if (accept(arith, '+'))
        value = parse_unary(arith);
    else if (accept(arith, '!'))
        value = !parse_unary(arith);
    else if (accept(arith, '~'))
        value = ~parse_unary(arith);
    else
        value = parse_primary(arith);
    arith->depth--;
    return value;
}

static const struct binary_operator *peek_operator(struct arith *arith)
{
    skip_blanks(arith);
    for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++)
        if (strncmp(arith->at, operators[i].text, strlen(operators[i].text)) == 0)
            return &operators[i];
    return NULL;
}

/* Precedence climbing: operators that bind at least as tightly as LEAST. */
static long parse_binary(struct arith *arith, int least)
{
    long right, left = parse_unary(arith);
    const struct binary_operator *op;

    while ((op = peek_operator(arith)) && op->precedence >= least) {
        bool logical = op->precedence <= 2;
        bool decided = logical && (op->text[0] == '|') == (left != 0);

        arith->at += strlen(op->text);
        arith->skipping += decided;
        right = parse_binary(arith, op->precedence + 1);
        arith->skipping -= decided;
        if (logical)
            left = decided ? left != 0 : right != 0;
        else
            left = calculate(arith, op->text, left, right);
    }
    return left;
}

static long parse_conditional(struct arith *arith)
{
    long yes, no, condition = parse_binary(arith, 1);

    if (!accept(arith, '?'))
        return condition;
    arith->skipping += !condition;
    yes = parse_assignment(arith);
    arith->skipping -= !condition;
    if (!accept(arith, ':'))
        return fail(arith, "missing :");
    arith->skipping += !!condition;
    if (++arith->depth > DEPTH_MAX)
        return fail(arith, "nested too deeply");
    no = parse_conditional(arith);
    arith->depth--;
    arith->skipping -= !!condition;
    return condition ? yes : no;
}

/* The length of an assignment operator at TEXT: = += -= *= /= %= &= ^= |= <<= >>=; else 0. */
static size_t assignment_operator(const char *text)
{
    if (text[0] == '=')
        return text[1] != '=';
    if (*text && strchr("+-*/%&^|", text[0]) && text[1] == '=')
        return 2;
    if ((text[0] == '<' || text[0] == '>') && text[1] == text[0] && text[2] == '=')
        return 3;
    return 0;
}

static void assign(struct arith *arith, const char *name, long value)
{
    char text[32];

    if (arith->skipping || arith->error)
        return;
    snprintf(text, sizeof(text), "%ld", value);
    if (!vars_set(arith->vars, name, text))
        fail(arith, "the variable is read-only");
}

static long parse_assignment(struct arith *arith)
{
    const char *start = arith->at, *op;
    char name[NAME_SIZE];
    size_t length;
    long value;

    if (++arith->depth > DEPTH_MAX)
        return fail(arith, "nested too deeply");
    if (accept_name(arith, name)) {
        skip_blanks(arith);
        op = arith->at;
        length = assignment_operator(op);
        if (length > 0) {
            arith->at += length;
            value = parse_assignment(arith);
            if (length > 1)
                value = calculate(arith, op, variable_value(arith, name), value);
            assign(arith, name, value);
            arith->depth--;
            return value;
        }
        arith->at = start;
    }
    value = parse_conditional(arith);
    arith->depth--;
    return value;
}

bool arith_evaluate(struct vars *vars, const char *text, long *value, const char **error)
{
    struct arith arith = {.vars = vars, .at = text};

    skip_blanks(&arith);
    *value = *arith.at ? parse_assignment(&arith) : 0;
    skip_blanks(&arith);
    if (*arith.at)
        fail(&arith, "operator expected");
    *error = arith.error;
    return !arith.error;
}
