/*
 * lexer.c - tokens, comments and here-documents; see lexer.h.
 *
 * Nothing is read beyond the token asked for (save one character that is given back), because a
 * nested parser may continue on the same text, and a terminal must not be asked for a line
 * before it is needed.
 */
#include "userland/c/sh/lexer.h"

#include "userland/c/sh/word.h"
#include "userland/c/sh/wordtext.h"

#include <stdlib.h>
#include <string.h>

#define IO_NUMBER_DIGITS 4 /* longer digits before < are a word */

struct operator_spelling {
    const char *text;
    enum token_kind kind;
};

/* Longer spellings first. */
static const struct operator_spelling operators[] = {
    {"<<-", TOKEN_HERE_TABS}, {"&&", TOKEN_AND_IF},   {"||", TOKEN_OR_IF},
    {";;", TOKEN_CASE_END},   {"<<", TOKEN_HERE},     {"<&", TOKEN_DUP_READ},
    {"<>", TOKEN_READ_WRITE}, {">>", TOKEN_APPEND},   {">&", TOKEN_DUP_WRITE},
    {">|", TOKEN_CLOBBER},    {"&", TOKEN_AMPERSAND}, {";", TOKEN_SEMICOLON},
    {"|", TOKEN_PIPE},        {"(", TOKEN_OPEN},      {")", TOKEN_CLOSE},
    {"<", TOKEN_READ},        {">", TOKEN_WRITE},     {"\n", TOKEN_NEWLINE},
};

#define OPERATOR_COUNT (sizeof(operators) / sizeof(operators[0]))

static const struct operator_spelling *operator_find(const char *text)
{
    for (size_t i = 0; i < OPERATOR_COUNT; i++)
        if (strcmp(operators[i].text, text) == 0)
            return &operators[i];
    return NULL;
}

/* Reads the longest operator that begins with FIRST. */
static enum token_kind read_operator(struct scan *scan, int first)
{
    char text[4] = {(char)first};
    const struct operator_spelling *longest = operator_find(text), *longer;

    if (!strchr("&|;<>", first))
        return longest->kind; /* after a newline nothing may be read yet */
    for (size_t length = 1; length < sizeof(text) - 1; length++) {
        int c = scan_get(scan);

        text[length] = c == INPUT_EOF ? '\0' : (char)c;
        longer = c == INPUT_EOF ? NULL : operator_find(text);
        if (!longer) {
            scan_unget(scan, c);
            break;
        }
        longest = longer;
    }
    return longest->kind;
}

/* One line of a here-document without its newline; false if the text ended before any. */
static bool read_here_line(struct scan *scan, const struct here_document *here, struct strbuf *line)
{
    int c = scan_get_raw(scan);

    strbuf_truncate(line, 0);
    if (c == INPUT_EOF)
        return false;
    while (here->strip_tabs && c == '\t')
        c = scan_get_raw(scan);
    for (; c != '\n' && c != INPUT_EOF; c = scan_get_raw(scan)) {
        strbuf_append_char(line, (char)c);
        if (c == '\\' && !here->quoted) { /* an escaped newline does not end the line */
            c = scan_get_raw(scan);
            if (c == INPUT_EOF)
                break;
            strbuf_append_char(line, (char)c);
        }
    }
    return true;
}

static void read_here_document(struct scan *scan, struct here_document *here)
{
    struct strbuf text = {0}, line = {0};

    while (read_here_line(scan, here, &line)) {
        if (strcmp(strbuf_text(&line), here->delimiter) == 0)
            break;
        strbuf_append(&text, strbuf_text(&line), line.length);
        strbuf_append_char(&text, '\n');
    }
    if (here->quoted)
        here->redirect->target = word_from_text(scan->arena, strbuf_text(&text), true);
    else
        here->redirect->target = word_read_here(scan, strbuf_text(&text), text.length);
    strbuf_free(&text);
    strbuf_free(&line);
}

static void read_pending(struct lexer *lexer)
{
    for (; lexer->pending; lexer->pending = lexer->pending->next)
        read_here_document(lexer->scan, lexer->pending);
}

void lexer_expect_here(struct lexer *lexer, struct redirect *redirect, const struct word *delimiter,
                       bool strip_tabs)
{
    struct here_document *here = arena_alloc(lexer->scan->arena, sizeof(*here)), **tail;

    here->redirect = redirect;
    here->strip_tabs = strip_tabs;
    here->delimiter = word_delimiter(lexer->scan->arena, delimiter, &here->quoted);
    if (!here->delimiter) {
        scan_fail(lexer->scan, "expansion in a here-document's delimiter");
        return;
    }
    tail = &lexer->pending;
    while (*tail)
        tail = &(*tail)->next;
    *tail = here;
}

/* Skips blanks and a comment; returns the first character of the token. */
static int skip_blanks(struct scan *scan)
{
    int c;

    do {
        c = scan_get(scan);
    } while (c == ' ' || c == '\t');
    if (c == '#')
        while (c != '\n' && c != INPUT_EOF)
            c = scan_get_raw(scan);
    return c;
}

/* Whether the word just read is an IO number: digits, and < or > follows. */
static bool becomes_io_number(struct lexer *lexer)
{
    const char *text = word_plain(lexer->token.word);
    int next;

    if (!text || strlen(text) > IO_NUMBER_DIGITS || text[strspn(text, "0123456789")])
        return false;
    next = scan_get(lexer->scan);
    scan_unget(lexer->scan, next);
    return next == '<' || next == '>';
}

static void read_token(struct lexer *lexer)
{
    struct token *token = &lexer->token;
    struct scan *scan = lexer->scan;
    int c = skip_blanks(scan);

    *token = (struct token){.line = scan->input->line, .start = scan->input->record.length};
    if (c == INPUT_EOF) {
        token->kind = TOKEN_END;
        if (lexer->pending)
            read_pending(lexer);
        return;
    }
    token->start--;
    if (word_ends_at(c) && c) {
        token->kind = read_operator(scan, c);
        if (token->kind == TOKEN_NEWLINE)
            read_pending(lexer);
        return;
    }
    if (c == '\0') {
        scan_fail(scan, "NUL character: not a text file");
        return;
    }
    scan_unget(scan, c);
    token->kind = TOKEN_WORD;
    token->word = word_read(scan);
    if (becomes_io_number(lexer)) {
        token->kind = TOKEN_IO_NUMBER;
        token->fd = atoi(word_plain(token->word));
    }
}

const struct token *lexer_peek(struct lexer *lexer)
{
    if (!lexer->peeked)
        read_token(lexer);
    lexer->peeked = true;
    if (lexer->scan->failed)
        lexer->token = (struct token){.kind = TOKEN_END};
    return &lexer->token;
}

struct token lexer_next(struct lexer *lexer)
{
    struct token token = *lexer_peek(lexer);

    lexer->peeked = false;
    return token;
}

const char *token_describe(const struct token *token)
{
    const char *text;

    switch (token->kind) {
    case TOKEN_END:
        return "end of file";
    case TOKEN_NEWLINE:
        return "newline";
    case TOKEN_WORD:
        text = word_plain(token->word);
        return text ? text : "word";
    case TOKEN_IO_NUMBER:
        return "number";
    default:
        for (size_t i = 0; i < OPERATOR_COUNT; i++)
            if (operators[i].kind == token->kind)
                return operators[i].text;
        return "?";
    }
}
