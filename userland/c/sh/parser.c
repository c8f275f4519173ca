/*
 * parser.c - recursive descent over POSIX's shell grammar (2.10.2).
 *
 *      list      = and_or { ; | & and_or }
 *      and_or    = pipeline { && | || pipeline }
 *      pipeline  = [!] command { | command }
 *      command   = compound redirects | name ( ) compound | simple
 *      compound  = { list } | ( list ) | if | while | until | for | case
 *
 * Reserved words count only where a command may begin; syntax_peek_text looks for them. After an
 * error every token is TOKEN_END (scan.h), so functions return what they have and nobody checks but
 * the two entry points at the end.
 */
#include "userland/c/sh/parser.h"

#include "userland/c/sh/syntax.h"
#include "userland/c/sh/vars.h"
#include "userland/c/sh/word.h"
#include "userland/c/sh/wordtext.h"

#include <string.h>

static struct node *parse_list(struct parser *parser);
static struct node *parse_command(struct parser *parser);

static struct node *parse_function(struct parser *parser, struct node *node)
{
    const char *name = word_plain(node->words);

    lexer_next(&parser->lexer);
    if (!syntax_accept(parser, TOKEN_CLOSE) || !name || !name_is_valid(name, strlen(name))) {
        syntax_unexpected(parser);
        return node;
    }
    syntax_skip_newlines(parser);
    node->kind = NODE_FUNCTION;
    node->name = name;
    node->arena = parser->scan->arena;
    node->left = parse_command(parser);
    if (!parser->scan->failed && node->left->kind == NODE_SIMPLE)
        scan_fail(parser->scan, "syntax error: a function's body must be a compound command");
    return node;
}

static struct node *parse_simple(struct parser *parser)
{
    struct node *node = syntax_node(parser, NODE_SIMPLE);
    struct assignment **assignment_tail = &node->assignments;
    struct word **word_tail = &node->words;

    node->line = lexer_peek(&parser->lexer)->line;
    for (;;) {
        struct word *word;

        syntax_redirects(parser, node);
        if (syntax_peek_kind(parser) == TOKEN_OPEN && node->words && !node->words->next &&
            !node->assignments && !node->redirects)
            return parse_function(parser, node);
        if (syntax_peek_kind(parser) != TOKEN_WORD)
            break;
        word = lexer_next(&parser->lexer).word;
        if (!node->words && syntax_assignment(parser, word, &assignment_tail))
            continue;
        *word_tail = word;
        word_tail = &word->next;
    }
    if (!node->words && !node->assignments && !node->redirects)
        syntax_unexpected(parser);
    return node;
}

/* The part of an if after "if" or "elif", up to and including "fi". */
static struct node *parse_if(struct parser *parser)
{
    struct node *node = syntax_node(parser, NODE_IF);

    node->condition = parse_list(parser);
    syntax_expect_word(parser, "then");
    node->left = parse_list(parser);
    if (syntax_accept_word(parser, "elif")) {
        node->right = parse_if(parser);
        return node;
    }
    if (syntax_accept_word(parser, "else"))
        node->right = parse_list(parser);
    syntax_expect_word(parser, "fi");
    return node;
}

static struct node *parse_do_group(struct parser *parser)
{
    struct node *body;

    syntax_expect_word(parser, "do");
    body = parse_list(parser);
    syntax_expect_word(parser, "done");
    return body;
}

static struct node *parse_loop(struct parser *parser, enum node_kind kind)
{
    struct node *node = syntax_node(parser, kind);

    node->condition = parse_list(parser);
    node->left = parse_do_group(parser);
    return node;
}

static struct node *parse_for(struct parser *parser)
{
    struct node *node = syntax_node(parser, NODE_FOR);
    struct word **tail = &node->words;

    node->name = arena_strndup(parser->scan->arena, syntax_peek_text(parser),
                               strlen(syntax_peek_text(parser)));
    if (!name_is_valid(node->name, strlen(node->name)))
        syntax_unexpected(parser);
    lexer_next(&parser->lexer);
    syntax_skip_newlines(parser);
    node->has_in = syntax_accept_word(parser, "in");
    while (node->has_in && syntax_peek_kind(parser) == TOKEN_WORD) {
        *tail = lexer_next(&parser->lexer).word;
        tail = &(*tail)->next;
    }
    syntax_accept(parser, TOKEN_SEMICOLON);
    syntax_skip_newlines(parser);
    node->left = parse_do_group(parser);
    return node;
}

/* [(] pattern { | pattern } ) [list] */
static struct case_item *parse_case_item(struct parser *parser)
{
    struct case_item *item = arena_alloc(parser->scan->arena, sizeof(*item));
    struct word **tail = &item->patterns;

    syntax_accept(parser, TOKEN_OPEN);
    do {
        if (syntax_peek_kind(parser) != TOKEN_WORD) {
            syntax_unexpected(parser);
            return item;
        }
        *tail = lexer_next(&parser->lexer).word;
        tail = &(*tail)->next;
    } while (syntax_accept(parser, TOKEN_PIPE));
    if (!syntax_accept(parser, TOKEN_CLOSE))
        syntax_unexpected(parser);
    syntax_skip_newlines(parser);
    if (!syntax_at_list_end(parser))
        item->body = parse_list(parser);
    return item;
}

static struct node *parse_case(struct parser *parser)
{
    struct node *node = syntax_node(parser, NODE_CASE);
    struct case_item **tail = &node->items;

    if (syntax_peek_kind(parser) != TOKEN_WORD)
        syntax_unexpected(parser);
    node->words = lexer_next(&parser->lexer).word;
    syntax_skip_newlines(parser);
    syntax_expect_word(parser, "in");
    syntax_skip_newlines(parser);
    while (!parser->scan->failed && strcmp(syntax_peek_text(parser), "esac") != 0) {
        *tail = parse_case_item(parser);
        tail = &(*tail)->next;
        if (!syntax_accept(parser, TOKEN_CASE_END))
            break;
        syntax_skip_newlines(parser);
    }
    syntax_expect_word(parser, "esac");
    return node;
}

static struct node *parse_group(struct parser *parser)
{
    struct node *node = syntax_node(parser, NODE_GROUP);

    node->left = parse_list(parser);
    syntax_expect_word(parser, "}");
    return node;
}

static struct node *parse_subshell(struct parser *parser)
{
    struct node *node = syntax_node(parser, NODE_SUBSHELL);

    node->left = parse_list(parser);
    if (!syntax_accept(parser, TOKEN_CLOSE))
        syntax_unexpected(parser);
    return node;
}

/* A compound command, or NULL if none begins here. */
static struct node *parse_compound(struct parser *parser)
{
    if (syntax_accept(parser, TOKEN_OPEN))
        return parse_subshell(parser);
    if (syntax_accept_word(parser, "{"))
        return parse_group(parser);
    if (syntax_accept_word(parser, "if"))
        return parse_if(parser);
    if (syntax_accept_word(parser, "while"))
        return parse_loop(parser, NODE_WHILE);
    if (syntax_accept_word(parser, "until"))
        return parse_loop(parser, NODE_UNTIL);
    if (syntax_accept_word(parser, "for"))
        return parse_for(parser);
    if (syntax_accept_word(parser, "case"))
        return parse_case(parser);
    return NULL;
}

static struct node *parse_command(struct parser *parser)
{
    struct node *node;

    if (!scan_enter(parser->scan))
        return syntax_node(parser, NODE_SIMPLE);
    node = parse_compound(parser);
    if (node)
        syntax_redirects(parser, node);
    else if (syntax_at_list_end(parser))
        syntax_unexpected(parser);
    else
        node = parse_simple(parser);
    scan_leave(parser->scan);
    return node ? node : syntax_node(parser, NODE_SIMPLE);
}

static struct node *parse_pipeline(struct parser *parser)
{
    struct node *pipeline, *result;
    struct stage **tail;
    size_t start;
    bool negated = false;

    while (syntax_accept_word(parser, "!"))
        negated = !negated;
    start = lexer_peek(&parser->lexer)->start;
    pipeline = syntax_node(parser, NODE_PIPELINE);
    tail = &pipeline->stages;
    do {
        if (pipeline->stages)
            syntax_skip_newlines(parser);
        *tail = arena_alloc(parser->scan->arena, sizeof(**tail));
        (*tail)->command = parse_command(parser);
        tail = &(*tail)->next;
    } while (syntax_accept(parser, TOKEN_PIPE));
    lexer_peek(&parser->lexer);
    pipeline->source = syntax_source_text(parser, start);
    result = pipeline;
    if (negated)
        result = syntax_join(parser, NODE_NOT, pipeline, NULL);
    return result;
}

static struct node *parse_and_or(struct parser *parser)
{
    struct node *node = parse_pipeline(parser);

    for (;;) {
        enum node_kind kind;

        if (syntax_accept(parser, TOKEN_AND_IF))
            kind = NODE_AND;
        else if (syntax_accept(parser, TOKEN_OR_IF))
            kind = NODE_OR;
        else
            return node;
        syntax_skip_newlines(parser);
        node = syntax_join(parser, kind, node, parse_pipeline(parser));
    }
}

/* One and_or with the ";" or "&" after it. *SEPARATED tells whether another may follow. */
static struct node *parse_item(struct parser *parser, bool *separated)
{
    size_t start = lexer_peek(&parser->lexer)->start;
    struct node *node = parse_and_or(parser);

    *separated = true;
    if (syntax_peek_kind(parser) == TOKEN_AMPERSAND) {
        node = syntax_join(parser, NODE_BACKGROUND, node, NULL);
        node->source = syntax_source_text(parser, start);
        lexer_next(&parser->lexer);
    } else if (!syntax_accept(parser, TOKEN_SEMICOLON)) {
        *separated = false;
    }
    return node;
}

static struct node *sequence_add(struct parser *parser, struct node *list, struct node *node)
{
    return list ? syntax_join(parser, NODE_SEQUENCE, list, node) : node;
}

/* A list with newlines allowed, up to a word or token that cannot continue it. Not empty. */
static struct node *parse_list(struct parser *parser)
{
    struct node *list = NULL;
    bool separated;

    syntax_skip_newlines(parser);
    do {
        list = sequence_add(parser, list, parse_item(parser, &separated));
        separated |= syntax_peek_kind(parser) == TOKEN_NEWLINE;
        syntax_skip_newlines(parser);
    } while (separated && !syntax_at_list_end(parser));
    return list;
}

/* scan.h's function for substitutions: a new parser on the same text. */
static struct node *parse_substitution(struct scan *scan, bool until_paren)
{
    struct parser parser = {.scan = scan, .lexer = {.scan = scan}};
    enum token_kind end = until_paren ? TOKEN_CLOSE : TOKEN_END;
    struct node *list = NULL;

    syntax_skip_newlines(&parser);
    if (syntax_peek_kind(&parser) != end)
        list = parse_list(&parser);
    if (!scan->failed && !syntax_accept(&parser, end))
        syntax_unexpected(&parser);
    if (parser.lexer.pending)
        scan_fail(scan, "here-document without a text");
    return list;
}

/* A complete command: a list on one line (which may have parts that span lines). */
static struct node *parse_line(struct parser *parser)
{
    struct node *list = NULL;
    bool separated;

    do {
        list = sequence_add(parser, list, parse_item(parser, &separated));
    } while (separated && syntax_peek_kind(parser) != TOKEN_NEWLINE &&
             syntax_peek_kind(parser) != TOKEN_END);
    if (!syntax_accept(parser, TOKEN_NEWLINE) && syntax_peek_kind(parser) != TOKEN_END)
        syntax_unexpected(parser);
    return list;
}

enum parse_result parser_read(struct input *input, struct arena *arena, struct node **command,
                              char error[PARSER_ERROR_SIZE])
{
    struct scan scan = {.input = input, .arena = arena, .parse = parse_substitution};
    struct parser parser = {.scan = &scan, .lexer = {.scan = &scan}};

    _Static_assert(sizeof(scan.error) == PARSER_ERROR_SIZE, "the message is copied whole");
    *command = NULL;
    input_begin_command(input);
    if (syntax_accept(&parser, TOKEN_NEWLINE))
        return PARSE_NOTHING;
    if (!scan.failed && syntax_peek_kind(&parser) == TOKEN_END)
        return PARSE_END;
    *command = parse_line(&parser);
    if (!scan.failed)
        return PARSE_COMMAND;
    memcpy(error, scan.error, sizeof(scan.error));
    return PARSE_ERROR;
}

struct word *parser_read_text(const char *text, struct arena *arena)
{
    struct input input;
    struct scan scan = {.input = &input, .arena = arena, .parse = parse_substitution};
    struct word *word;

    input_open_string(&input, "", 0);
    word = word_read_here(&scan, text, strlen(text));
    input_close(&input);
    return scan.failed ? NULL : word;
}
