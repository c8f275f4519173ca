/*
 * syntax.h - the parser's tools: looking at tokens, making nodes, redirections, assignments.
 */
#ifndef SH_SYNTAX_H
#define SH_SYNTAX_H

#include "userland/c/sh/ast.h"
#include "userland/c/sh/lexer.h"
#include "userland/c/sh/scan.h"

#include <stdbool.h>
#include <stddef.h>

struct parser {
    struct scan *scan;
    struct lexer lexer;
};

/* A new node, and one with two branches, in the scan's arena. */
struct node *syntax_node(struct parser *parser, enum node_kind kind);
struct node *syntax_join(struct parser *parser, enum node_kind kind, struct node *left,
                         struct node *right);

/* The error that the next token is not what may stand here. */
void syntax_unexpected(struct parser *parser);

enum token_kind syntax_peek_kind(struct parser *parser);

/* The next token's text if it could be a reserved word, else "". */
const char *syntax_peek_text(struct parser *parser);

/* Takes the next token if it is of KIND, or the word WORD; says whether it was. */
bool syntax_accept(struct parser *parser, enum token_kind kind);
bool syntax_accept_word(struct parser *parser, const char *word);

/* Takes WORD; anything else is an error. */
void syntax_expect_word(struct parser *parser, const char *word);

void syntax_skip_newlines(struct parser *parser);

/* Whether the next token ends a list: a closing reserved word, ")", ";;" or the end. */
bool syntax_at_list_end(struct parser *parser);

/* The text from START (a token's) to before the next token, for the list of jobs. */
const char *syntax_source_text(struct parser *parser, size_t start);

/* Reads redirections, if any, and adds them to those of NODE. */
void syntax_redirects(struct parser *parser, struct node *node);

/* If WORD is NAME=value, takes it apart and adds it to the list whose end is *TAIL. */
bool syntax_assignment(struct parser *parser, struct word *word, struct assignment ***tail);

#endif
