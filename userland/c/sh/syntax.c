/*
 * syntax.c - what all of the parser's functions use; see syntax.h.
 *
 * Tokens are looked at one ahead. Errors are kept in the scan and make every further token the
 * end of the text, so nothing here returns an error.
 */
#include "userland/c/sh/syntax.h"

#include "userland/c/sh/vars.h"
#include "userland/c/sh/wordtext.h"

#include <ctype.h>
#include <string.h>

struct node *syntax_node(struct parser *parser, enum node_kind kind)
{
    struct node *node = arena_alloc(parser->scan->arena, sizeof(*node));

    node->kind = kind;
    return node;
}

struct node *syntax_join(struct parser *parser, enum node_kind kind, struct node *left,
                         struct node *right)
{
    struct node *node = syntax_node(parser, kind);

    node->left = left;
    node->right = right;
    return node;
}

void syntax_unexpected(struct parser *parser)
{
    scan_fail(parser->scan, "syntax error: unexpected %.60s",
              token_describe(lexer_peek(&parser->lexer)));
}

enum token_kind syntax_peek_kind(struct parser *parser)
{
    return lexer_peek(&parser->lexer)->kind;
}

bool syntax_accept(struct parser *parser, enum token_kind kind)
{
    if (syntax_peek_kind(parser) != kind)
        return false;
    lexer_next(&parser->lexer);
    return true;
}

/* The next token's text if it could be a reserved word, else "". */
const char *syntax_peek_text(struct parser *parser)
{
    const struct token *token = lexer_peek(&parser->lexer);
    const char *text = token->kind == TOKEN_WORD ? word_plain(token->word) : NULL;

    return text ? text : "";
}

bool syntax_accept_word(struct parser *parser, const char *word)
{
    if (strcmp(syntax_peek_text(parser), word) != 0)
        return false;
    lexer_next(&parser->lexer);
    return true;
}

void syntax_expect_word(struct parser *parser, const char *word)
{
    if (!syntax_accept_word(parser, word)) {
        scan_fail(parser->scan, "syntax error: unexpected %.60s, expecting %s",
                  token_describe(lexer_peek(&parser->lexer)), word);
    }
}

void syntax_skip_newlines(struct parser *parser)
{
    while (syntax_accept(parser, TOKEN_NEWLINE))
        ;
}

/* The reserved words that end a list. */
bool syntax_at_list_end(struct parser *parser)
{
    static const char *const closing[] = {"then", "else", "elif", "fi", "do", "done", "esac", "}"};
    const char *text = syntax_peek_text(parser);

    for (size_t i = 0; i < sizeof(closing) / sizeof(closing[0]); i++)
        if (strcmp(text, closing[i]) == 0)
            return true;
    return syntax_peek_kind(parser) == TOKEN_END || syntax_peek_kind(parser) == TOKEN_CLOSE ||
           syntax_peek_kind(parser) == TOKEN_CASE_END;
}

/* The text from START to before the next token, for the list of jobs. */
const char *syntax_source_text(struct parser *parser, size_t start)
{
    const struct strbuf *record = &parser->scan->input->record;
    size_t end = parser->lexer.peeked ? parser->lexer.token.start : record->length;

    if (end > record->length)
        end = record->length;
    while (end > start && isspace((unsigned char)record->data[end - 1]))
        end--;
    return end > start ? arena_strndup(parser->scan->arena, record->data + start, end - start) : "";
}

static bool token_is_redirect(enum token_kind kind)
{
    return kind == TOKEN_IO_NUMBER || kind >= TOKEN_READ;
}

static void redirect_set_kind(struct redirect *redirect, enum token_kind kind)
{
    static const struct {
        enum redirect_kind kind;
        int fd;
    } kinds[] = {
        [TOKEN_READ] = {REDIRECT_READ, 0},
        [TOKEN_WRITE] = {REDIRECT_WRITE, 1},
        [TOKEN_CLOBBER] = {REDIRECT_WRITE, 1},
        [TOKEN_APPEND] = {REDIRECT_APPEND, 1},
        [TOKEN_READ_WRITE] = {REDIRECT_READ_WRITE, 0},
        [TOKEN_DUP_READ] = {REDIRECT_DUPLICATE, 0},
        [TOKEN_DUP_WRITE] = {REDIRECT_DUPLICATE, 1},
        [TOKEN_HERE] = {REDIRECT_HERE, 0},
        [TOKEN_HERE_TABS] = {REDIRECT_HERE, 0},
    };

    redirect->kind = kinds[kind].kind;
    if (redirect->fd < 0)
        redirect->fd = kinds[kind].fd;
}

static struct redirect *parse_redirect(struct parser *parser)
{
    struct redirect *redirect = arena_alloc(parser->scan->arena, sizeof(*redirect));
    struct token token = lexer_next(&parser->lexer);

    redirect->fd = -1;
    if (token.kind == TOKEN_IO_NUMBER) {
        redirect->fd = token.fd;
        token = lexer_next(&parser->lexer);
    }
    if (syntax_peek_kind(parser) != TOKEN_WORD || token.kind < TOKEN_READ) {
        syntax_unexpected(parser);
        return redirect;
    }
    redirect_set_kind(redirect, token.kind);
    redirect->target = lexer_next(&parser->lexer).word;
    if (redirect->kind == REDIRECT_HERE)
        lexer_expect_here(&parser->lexer, redirect, redirect->target,
                          token.kind == TOKEN_HERE_TABS);
    return redirect;
}

void syntax_redirects(struct parser *parser, struct node *node)
{
    struct redirect **tail = &node->redirects;

    while (*tail)
        tail = &(*tail)->next;
    while (token_is_redirect(syntax_peek_kind(parser))) {
        *tail = parse_redirect(parser);
        tail = &(*tail)->next;
    }
}

/* If WORD is NAME=value, takes it apart and adds it to the list at *TAIL. */
bool syntax_assignment(struct parser *parser, struct word *word, struct assignment ***tail)
{
    struct part *first = word->parts;
    struct assignment *assignment;
    size_t length;

    if (!first || first->kind != PART_LITERAL || first->quoted)
        return false;
    length = name_length(first->text);
    if (length == 0 || first->text[length] != '=')
        return false;
    assignment = arena_alloc(parser->scan->arena, sizeof(*assignment));
    assignment->name = arena_strndup(parser->scan->arena, first->text, length);
    assignment->value = word;
    first->text += length + 1;
    if (!*first->text)
        word->parts = first->next;
    **tail = assignment;
    *tail = &assignment->next;
    return true;
}
