/*
 * word.c - turns text into words (POSIX 2.2 Quoting, 2.6 Word Expansions).
 *
 * One loop, read_parts, serves all places where expansions may stand; a mode says which
 * characters are special there and what ends it:
 *
 *      mode          ends at      '    "       \ escapes        text is quoted
 *      PLAIN         a blank...   yes  yes     everything       no
 *      DOUBLE        "            no   end     $ ` " \          yes
 *      HERE          the end      no   no      $ ` \            yes
 *      BRACE         }            yes  yes     everything       no      ${x:-here}
 *      BRACE_DOUBLE  }            no   yes     $ ` " \ }        yes     "${x:-here}"
 *      ARITHMETIC    ))           no   dropped $ ` " \          yes
 *
 * A command substitution is parsed as it is met, by the parser's function in struct scan, so a
 * ")" inside it can be part of anything.
 */
#include "userland/c/sh/word.h"

#include "userland/c/sh/parameter.h"
#include "userland/c/sh/wordtext.h"

#include <string.h>

enum mode { PLAIN, DOUBLE, HERE, BRACE, BRACE_DOUBLE, ARITHMETIC };

struct builder {
    struct scan *scan;
    struct word *word;
    struct part **tail;
    struct strbuf text; /* literal characters not yet a part */
    bool text_quoted;
    bool quoted; /* what the mode says of its text */
    enum mode mode;
    int parens; /* ARITHMETIC: open ones */
};

static void read_parts(struct builder *builder);

static struct part *part_add(struct builder *builder, enum part_kind kind, bool quoted)
{
    struct part *part = arena_alloc(builder->scan->arena, sizeof(*part));

    part->kind = kind;
    part->quoted = quoted;
    *builder->tail = part;
    builder->tail = &part->next;
    return part;
}

static void literal_flush(struct builder *builder)
{
    struct part *part;

    if (builder->text.length == 0)
        return;
    part = part_add(builder, PART_LITERAL, builder->text_quoted);
    part->text = arena_strndup(builder->scan->arena, builder->text.data, builder->text.length);
    strbuf_truncate(&builder->text, 0);
}

static void literal_add(struct builder *builder, int c, bool quoted)
{
    if (builder->text_quoted != quoted)
        literal_flush(builder);
    builder->text_quoted = quoted;
    strbuf_append_char(&builder->text, (char)c);
}

/* A pair of quotes with nothing inside still makes a field. */
static void literal_add_empty(struct builder *builder)
{
    literal_flush(builder);
    part_add(builder, PART_LITERAL, true)->text = "";
}

static void builder_begin(struct builder *builder, struct scan *scan, enum mode mode)
{
    *builder = (struct builder){.scan = scan, .mode = mode};
    builder->word = arena_alloc(scan->arena, sizeof(*builder->word));
    builder->tail = &builder->word->parts;
    builder->quoted = mode != PLAIN && mode != BRACE;
}

static struct word *builder_end(struct builder *builder)
{
    literal_flush(builder);
    strbuf_free(&builder->text);
    return builder->word;
}

/* Reads in MODE as a word of its own. */
static struct word *read_inner(struct scan *scan, enum mode mode)
{
    struct builder builder;

    builder_begin(&builder, scan, mode);
    if (scan_enter(scan)) {
        read_parts(&builder);
        scan_leave(scan);
    }
    return builder_end(&builder);
}

static void read_single_quotes(struct builder *builder)
{
    int c, count = 0;

    while ((c = scan_get_raw(builder->scan)) != '\'') {
        if (c == INPUT_EOF) {
            scan_fail(builder->scan, "unterminated single quote");
            return;
        }
        literal_add(builder, c, true);
        count++;
    }
    if (count == 0)
        literal_add_empty(builder);
}

/* The text between double quotes becomes parts of the same word. */
static void read_double_quotes(struct builder *builder)
{
    struct word *inner;

    literal_flush(builder);
    inner = read_inner(builder->scan, DOUBLE);
    if (!inner->parts) {
        literal_add_empty(builder);
        return;
    }
    *builder->tail = inner->parts;
    while (*builder->tail)
        builder->tail = &(*builder->tail)->next;
}

static bool backslash_escapes(enum mode mode, int c)
{
    switch (mode) {
    case PLAIN:
    case BRACE:
        return true;
    case HERE:
        return c == '$' || c == '`' || c == '\\';
    case BRACE_DOUBLE:
        return c == '$' || c == '`' || c == '"' || c == '\\' || c == '}';
    default:
        return c == '$' || c == '`' || c == '"' || c == '\\';
    }
}

static void read_backslash(struct builder *builder)
{
    int c = scan_get_raw(builder->scan);

    if (c != INPUT_EOF && backslash_escapes(builder->mode, c)) {
        literal_add(builder, c, true);
        return;
    }
    literal_add(builder, '\\', true);
    scan_unget(builder->scan, c);
}

static void parameter_add(struct builder *builder, const char *name, size_t length)
{
    struct part *part;

    literal_flush(builder);
    part = part_add(builder, PART_PARAMETER, builder->quoted);
    part->text = arena_strndup(builder->scan->arena, name, length);
}

/* Reads what follows the name in ${name...}, and the closing brace. */
static void read_parameter_rest(struct builder *builder, struct part *part)
{
    struct scan *scan = builder->scan;
    int c = scan_get(scan);
    bool pattern;

    if (c == '}')
        return;
    if (part->op == OP_NONE)
        part->op = parameter_read_op(scan, c, &part->colon);
    else
        part->op = OP_NONE;
    if (part->op == OP_NONE) {
        scan_fail(scan, "bad substitution");
        return;
    }
    pattern = part->op >= OP_CUT_SHORT_END;
    part->word = read_inner(scan, builder->quoted && !pattern ? BRACE_DOUBLE : BRACE);
}

/* After "${". */
static void read_braced_parameter(struct builder *builder)
{
    struct scan *scan = builder->scan;
    struct strbuf name = {0};
    struct part *part;
    bool length = false;
    int c = scan_get(scan);

    if (c == '#')
        length = parameter_at_length(scan);
    if (!length)
        scan_unget(scan, c);
    literal_flush(builder);
    part = part_add(builder, PART_PARAMETER, builder->quoted);
    part->op = length ? OP_LENGTH : OP_NONE;
    if (!parameter_read_name(scan, &name))
        scan_fail(scan, "bad substitution");
    part->text = arena_strndup(scan->arena, strbuf_text(&name), name.length);
    read_parameter_rest(builder, part);
    strbuf_free(&name);
}

static void read_arithmetic(struct builder *builder)
{
    struct part *part;

    literal_flush(builder);
    part = part_add(builder, PART_ARITHMETIC, builder->quoted);
    part->word = read_inner(builder->scan, ARITHMETIC);
}

static void read_command(struct builder *builder)
{
    struct part *part;

    literal_flush(builder);
    part = part_add(builder, PART_COMMAND, builder->quoted);
    if (scan_enter(builder->scan)) {
        part->command = builder->scan->parse(builder->scan, true);
        scan_leave(builder->scan);
    }
}

/* After "$". */
static void read_dollar(struct builder *builder)
{
    struct scan *scan = builder->scan;
    struct strbuf name = {0};
    int c = scan_get(scan), next;

    if (c == '{') {
        read_braced_parameter(builder);
    } else if (c == '(') {
        next = scan_get(scan);
        if (next == '(') {
            read_arithmetic(builder);
        } else {
            scan_unget(scan, next);
            read_command(builder);
        }
    } else if (parameter_is_digit(c)) {
        char digit = (char)c; /* $10 is $1 and a 0 */

        parameter_add(builder, &digit, 1);
    } else {
        scan_unget(scan, c);
        if (parameter_read_name(scan, &name))
            parameter_add(builder, name.data, name.length);
        else
            literal_add(builder, '$', builder->quoted);
    }
    strbuf_free(&name);
}

/* The text between backquotes, with its own level of backslashes taken off. */
static void read_backquoted_text(struct scan *scan, bool quoted, struct strbuf *text)
{
    int c, next;

    while ((c = scan_get(scan)) != '`') {
        if (c == INPUT_EOF) {
            scan_fail(scan, "unterminated backquote");
            return;
        }
        if (c == '\\') {
            next = scan_get_raw(scan);
            if (next == '$' || next == '`' || next == '\\' || (quoted && next == '"'))
                c = next;
            else
                scan_unget(scan, next);
        }
        strbuf_append_char(text, (char)c);
    }
}

/* Runs READ on a scan of TEXT that shares arena, parser, depth and errors with SCAN. */
static void with_text(struct scan *scan, const char *text, size_t length,
                      void (*read)(struct scan *scan, void *result), void *result)
{
    struct input input;
    struct scan inner = {.input = &input, .arena = scan->arena, .parse = scan->parse};

    if (scan->failed)
        return;
    input_open_string(&input, text, length);
    input.line = scan->input->line;
    inner.depth = scan->depth + 1;
    if (inner.depth > SCAN_DEPTH_MAX)
        scan_fail(&inner, "nested too deeply");
    else
        read(&inner, result);
    if (inner.failed) {
        scan->failed = true;
        memcpy(scan->error, inner.error, sizeof(scan->error));
    }
    input_close(&input);
}

static void parse_backquoted(struct scan *inner, void *result)
{
    struct node **command = result;

    *command = inner->parse(inner, false);
}

static void read_backquote(struct builder *builder)
{
    struct strbuf text = {0};
    struct part *part;

    literal_flush(builder);
    part = part_add(builder, PART_COMMAND, builder->quoted);
    read_backquoted_text(builder->scan, builder->quoted, &text);
    with_text(builder->scan, strbuf_text(&text), text.length, parse_backquoted, &part->command);
    strbuf_free(&text);
}

bool word_ends_at(int c)
{
    return c == INPUT_EOF || c == '\0' || strchr(" \t\n;&|<>()", c);
}

static const char *const unterminated[] = {
    [DOUBLE] = "unterminated double quote",
    [BRACE] = "missing }",
    [BRACE_DOUBLE] = "missing }",
    [ARITHMETIC] = "missing ))",
};

static bool arithmetic_ends(struct builder *builder, int c)
{
    int next;

    if (c == '(')
        builder->parens++;
    if (c != ')')
        return false;
    if (builder->parens > 0) {
        builder->parens--;
        return false;
    }
    next = scan_get(builder->scan);
    if (next != ')')
        scan_fail(builder->scan, "missing ))");
    return true;
}

/* Whether C ends the text of the mode. A terminator is consumed, the end of a word is not. */
static bool at_end(struct builder *builder, int c)
{
    if (builder->mode == PLAIN && word_ends_at(c)) {
        scan_unget(builder->scan, c);
        return true;
    }
    if (c == INPUT_EOF) {
        if (builder->mode != HERE)
            scan_fail(builder->scan, "%s", unterminated[builder->mode]);
        return true;
    }
    switch (builder->mode) {
    case DOUBLE:
        return c == '"';
    case BRACE:
    case BRACE_DOUBLE:
        return c == '}';
    case ARITHMETIC:
        return arithmetic_ends(builder, c);
    default:
        return false;
    }
}

static void read_quotes(struct builder *builder, int c)
{
    if (c == '\'' && !builder->quoted)
        read_single_quotes(builder);
    else if (c == '"' && builder->mode != HERE && builder->mode != ARITHMETIC)
        read_double_quotes(builder);
    else if (c == '\'' || builder->mode == HERE)
        literal_add(builder, c, true);
}

static void read_parts(struct builder *builder)
{
    int c;

    while (c = scan_get(builder->scan), !at_end(builder, c)) {
        if (c == '\\')
            read_backslash(builder);
        else if (c == '\'' || c == '"')
            read_quotes(builder, c);
        else if (c == '$')
            read_dollar(builder);
        else if (c == '`')
            read_backquote(builder);
        else
            literal_add(builder, c, builder->quoted);
    }
}

struct word *word_read(struct scan *scan)
{
    return read_inner(scan, PLAIN);
}

static void read_here(struct scan *inner, void *result)
{
    struct word **word = result;

    *word = read_inner(inner, HERE);
}

struct word *word_read_here(struct scan *scan, const char *text, size_t length)
{
    struct word *word = NULL;

    with_text(scan, text, length, read_here, &word);
    return word ? word : word_from_text(scan->arena, "", true);
}
