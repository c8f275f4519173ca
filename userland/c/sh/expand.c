/*
 * expand.c - parameters, substitutions, field splitting and pathname expansion.
 *
 * A field is built in two texts side by side: TEXT is what it says, PATTERN the same with
 * everything that was quoted escaped by backslashes. If an unquoted * ? or [ went in, the
 * pattern is matched against files when the field closes.
 *
 * Splitting happens as characters arrive (2.6.5). A field is OPEN once anything, an empty pair
 * of quotes included, belongs to it. White space of IFS closes an open field; any other
 * character of IFS ends a field even if none is open, unless white space just did (AFTER_BLANK).
 */
#include "userland/c/sh/expand.h"

#include "userland/c/lib/program.h"
#include "userland/c/sh/arith.h"
#include "userland/c/sh/glob.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_IFS " \t\n"

struct expander {
    struct shell *sh;
    struct fields *fields; /* NULL: everything is one string */
    const char *ifs;
    bool assignment;
    bool failed;
    bool open, after_blank, magic;
    struct strbuf text, pattern;
    char number[24]; /* $#, $?, ... as text */
};

static void expand_parts(struct expander *ex, const struct part *parts, bool splitting);

static void fail(struct expander *ex)
{
    ex->failed = true;
    shell_abort(ex->sh);
}

static void field_close(struct expander *ex)
{
    bool found = false;

    if (ex->magic && !ex->sh->noglob)
        found = glob_paths(ex->pattern.data, ex->fields) > 0;
    if (!found)
        fields_add(ex->fields, mem_strdup(strbuf_text(&ex->text)));
    strbuf_truncate(&ex->text, 0);
    strbuf_truncate(&ex->pattern, 0);
    ex->open = ex->magic = false;
}

static void put(struct expander *ex, char c, bool quoted)
{
    strbuf_append_char(&ex->text, c);
    if (quoted && ispunct((unsigned char)c) && c != '/')
        strbuf_append_char(&ex->pattern, '\\');
    strbuf_append_char(&ex->pattern, c);
    if (!quoted && (c == '*' || c == '?' || c == '['))
        ex->magic = true;
    ex->open = true;
    ex->after_blank = false;
}

/* A character that came out of an unquoted expansion. */
static void put_split(struct expander *ex, char c)
{
    if (!c || !strchr(ex->ifs, c)) {
        put(ex, c, false);
    } else if (strchr(DEFAULT_IFS, c)) {
        if (ex->open) {
            field_close(ex);
            ex->after_blank = true;
        }
    } else {
        if (ex->open || !ex->after_blank)
            field_close(ex);
        ex->after_blank = false;
    }
}

/* The result of an expansion. */
static void put_value(struct expander *ex, const char *value, bool quoted)
{
    for (; *value; value++) {
        if (quoted || !ex->fields)
            put(ex, *value, quoted);
        else
            put_split(ex, *value);
    }
}

/* Whether a ~ at TEXT stands alone: only a slash, the end, or a colon in an assignment follows. */
static bool tilde_counts(const struct expander *ex, const char *text, bool last)
{
    if (text[0] != '~')
        return false;
    return text[1] == '/' || (text[1] == '\0' && last) || (ex->assignment && text[1] == ':');
}

static void put_literal(struct expander *ex, const struct part *part, bool first, bool splitting)
{
    const char *home = vars_get(&ex->sh->vars, "HOME");

    if (part->quoted)
        ex->open = true;
    for (const char *at = part->text; *at; at++) {
        bool start = at == part->text ? first : ex->assignment && at[-1] == ':';

        if (!part->quoted && start && home && tilde_counts(ex, at, !part->next))
            put_value(ex, home, true);
        else if (splitting && !part->quoted && ex->fields)
            put_split(ex, *at);
        else
            put(ex, *at, part->quoted);
    }
}

/* The values of $@ or $*: separate fields where that is possible, else joined. */
static void put_arguments(struct expander *ex, bool star, bool quoted)
{
    const struct arguments *arguments = &ex->sh->arguments;
    bool separate = ex->fields && !(star && quoted);
    char separator = star && quoted ? ex->ifs[0] : ' ';

    for (int i = 0; i < arguments->count; i++) {
        if (i > 0 && separate && (quoted || ex->open))
            field_close(ex);
        else if (i > 0 && !separate && separator)
            put(ex, separator, quoted);
        if (quoted)
            ex->open = true;
        put_value(ex, arguments->values[i], quoted);
    }
    if (star && quoted)
        ex->open = true;
}

static bool is_arguments(const char *name)
{
    return (name[0] == '@' || name[0] == '*') && !name[1];
}

static const char *special_value(struct expander *ex, char name)
{
    struct shell *sh = ex->sh;
    long value;

    switch (name) {
    case '#':
        value = sh->arguments.count;
        break;
    case '?':
        value = sh->status;
        break;
    case '$':
        value = sh->pid;
        break;
    case '!':
        if (!sh->last_background)
            return NULL;
        value = sh->last_background;
        break;
    default: /* '-' */
        shell_flags(sh, ex->number);
        return ex->number;
    }
    snprintf(ex->number, sizeof(ex->number), "%ld", value);
    return ex->number;
}

/* The parameter's value, NULL if unset. For $@ and $*: "" or a text, by whether there are any. */
static const char *parameter_value(struct expander *ex, const char *name)
{
    const struct arguments *arguments = &ex->sh->arguments;
    long index;

    if (is_arguments(name)) {
        if (arguments->count == 0)
            return NULL;
        return arguments->count > 1 ? "several" : arguments->values[0];
    }
    if (strchr("#?$!-", name[0]))
        return special_value(ex, name[0]);
    if (!isdigit((unsigned char)name[0]))
        return vars_get(&ex->sh->vars, name);
    index = strtol(name, NULL, 10);
    if (index == 0)
        return ex->sh->name;
    return index <= arguments->count ? arguments->values[index - 1] : NULL;
}

static void put_parameter(struct expander *ex, const struct part *part, const char *value)
{
    if (is_arguments(part->text)) {
        put_arguments(ex, part->text[0] == '*', part->quoted);
        return;
    }
    if (part->quoted)
        ex->open = true;
    put_value(ex, value, part->quoted);
}

/* The operator's word in place of the value: its own quoting holds, the rest is split. */
static void put_word(struct expander *ex, const struct part *part)
{
    if (part->quoted)
        ex->open = true;
    if (part->word)
        expand_parts(ex, part->word->parts, true);
}

static void put_length(struct expander *ex, const struct part *part, const char *value)
{
    size_t length = value ? strlen(value) : 0;
    char text[24];

    if (is_arguments(part->text))
        length = (size_t)ex->sh->arguments.count;
    snprintf(text, sizeof(text), "%zu", length);
    put_value(ex, text, part->quoted);
}

static void put_cut(struct expander *ex, const struct part *part, const char *value)
{
    bool at_end = part->op == OP_CUT_SHORT_END || part->op == OP_CUT_LONG_END;
    bool longest = part->op == OP_CUT_LONG_END || part->op == OP_CUT_LONG;
    char *pattern, *rest, *copy = mem_strdup(value);

    if (!expand_pattern(ex->sh, part->word, &pattern)) {
        ex->failed = true;
    } else {
        rest = glob_cut(copy, pattern, at_end, longest);
        if (part->quoted)
            ex->open = true;
        put_value(ex, rest, part->quoted);
        free(rest);
        free(pattern);
    }
    free(copy);
}

static void assign_default(struct expander *ex, const struct part *part)
{
    char *value;

    if (!name_is_valid(part->text, strlen(part->text))) {
        program_complain("%s: cannot be assigned to", part->text);
        fail(ex);
    } else if (!expand_string(ex->sh, part->word, &value)) {
        ex->failed = true;
    } else {
        if (!vars_set(&ex->sh->vars, part->text, value)) {
            program_complain("%s: is read only", part->text);
            fail(ex);
        } else {
            put_parameter(ex, part, value);
        }
        free(value);
    }
}

static void report_unset(struct expander *ex, const struct part *part)
{
    char *message = NULL;

    if (part->word && part->word->parts && !expand_string(ex->sh, part->word, &message)) {
        ex->failed = true;
        return;
    }
    program_complain("%s: %s", part->text, message ? message : "parameter not set");
    free(message);
    fail(ex);
}

/* The table of POSIX 2.6.2. */
static void expand_parameter(struct expander *ex, const struct part *part)
{
    const char *value = parameter_value(ex, part->text);
    bool present = value && (*value || !part->colon);

    if (!value && ex->sh->nounset && !is_arguments(part->text) &&
        (part->op == OP_NONE || part->op == OP_LENGTH || part->op >= OP_CUT_SHORT_END)) {
        report_unset(ex, &(struct part){.text = part->text});
        return;
    }
    switch (part->op) {
    case OP_LENGTH:
        put_length(ex, part, value);
        break;
    case OP_ALTERNATIVE:
        if (present)
            put_word(ex, part);
        else if (part->quoted)
            ex->open = true;
        break;
    case OP_CUT_SHORT_END:
    case OP_CUT_LONG_END:
    case OP_CUT_SHORT:
    case OP_CUT_LONG:
        put_cut(ex, part, value ? value : "");
        break;
    case OP_NONE:
        put_parameter(ex, part, value ? value : "");
        break;
    default:
        if (present)
            put_parameter(ex, part, value);
        else if (part->op == OP_DEFAULT)
            put_word(ex, part);
        else if (part->op == OP_ASSIGN)
            assign_default(ex, part);
        else
            report_unset(ex, part);
    }
}

static void expand_command(struct expander *ex, const struct part *part)
{
    struct strbuf output = {0};

    ex->sh->substitution_status = 0;
    if (part->command)
        ex->sh->substitute(ex->sh, part->command, &output);
    while (output.length > 0 && output.data[output.length - 1] == '\n')
        strbuf_truncate(&output, output.length - 1);
    if (part->quoted)
        ex->open = true;
    for (size_t i = 0; i < output.length; i++) { /* a NUL in the output is dropped */
        char text[2] = {output.data[i]};

        put_value(ex, text, part->quoted);
    }
    strbuf_free(&output);
}

static void expand_arithmetic(struct expander *ex, const struct part *part)
{
    const char *error;
    char *text, digits[24];
    long value;

    if (!expand_string(ex->sh, part->word, &text)) {
        ex->failed = true;
        return;
    }
    if (arith_evaluate(&ex->sh->vars, text, &value, &error)) {
        snprintf(digits, sizeof(digits), "%ld", value);
        put_value(ex, digits, part->quoted);
    } else {
        program_complain("arithmetic: %s: %s", text, error);
        fail(ex);
    }
    free(text);
}

/* SPLITTING: unquoted literals are split, too, being part of an expansion's result. */
static void expand_parts(struct expander *ex, const struct part *parts, bool splitting)
{
    bool first = true;

    for (const struct part *part = parts; part && !ex->failed; part = part->next) {
        switch (part->kind) {
        case PART_LITERAL:
            put_literal(ex, part, first, splitting);
            break;
        case PART_PARAMETER:
            expand_parameter(ex, part);
            break;
        case PART_COMMAND:
            expand_command(ex, part);
            break;
        case PART_ARITHMETIC:
            expand_arithmetic(ex, part);
            break;
        }
        first = false;
    }
}

static void expander_begin(struct expander *ex, struct shell *sh, struct fields *fields)
{
    const char *ifs = vars_get(&sh->vars, "IFS");

    *ex = (struct expander){.sh = sh, .fields = fields};
    ex->ifs = mem_strdup(ifs ? ifs : DEFAULT_IFS); /* an expansion may assign IFS */
}

static bool expander_end(struct expander *ex)
{
    strbuf_free(&ex->text);
    strbuf_free(&ex->pattern);
    free((char *)ex->ifs);
    return !ex->failed;
}

bool expand_words(struct shell *sh, const struct word *words, struct fields *fields)
{
    struct expander ex;

    expander_begin(&ex, sh, fields);
    for (const struct word *word = words; word && !ex.failed; word = word->next) {
        expand_parts(&ex, word->parts, false);
        if (ex.open)
            field_close(&ex);
        ex.after_blank = false;
    }
    return expander_end(&ex);
}

static bool expand_one(struct shell *sh, const struct word *word, char **result, bool assignment,
                       bool pattern)
{
    struct expander ex;

    expander_begin(&ex, sh, NULL);
    ex.assignment = assignment;
    if (word)
        expand_parts(&ex, word->parts, false);
    *result = ex.failed ? NULL : strbuf_steal(pattern ? &ex.pattern : &ex.text);
    return expander_end(&ex);
}

bool expand_string(struct shell *sh, const struct word *word, char **text)
{
    return expand_one(sh, word, text, false, false);
}

bool expand_assignment(struct shell *sh, const struct word *word, char **text)
{
    return expand_one(sh, word, text, true, false);
}

bool expand_pattern(struct shell *sh, const struct word *word, char **pattern)
{
    return expand_one(sh, word, pattern, false, true);
}
