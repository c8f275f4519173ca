/*
 * lexer.h - cuts the shell's text into tokens (POSIX 2.3 Token Recognition).
 *
 * Reserved words are ordinary words here; the parser knows where they count. Here-documents are
 * announced by the parser and read at the next newline.
 */
#ifndef SH_LEXER_H
#define SH_LEXER_H

#include "userland/c/sh/ast.h"
#include "userland/c/sh/scan.h"

#include <stdbool.h>
#include <stddef.h>

enum token_kind {
    TOKEN_END,
    TOKEN_NEWLINE,
    TOKEN_WORD,
    TOKEN_IO_NUMBER, /* digits directly before < or > */
    TOKEN_AND_IF,    /* && */
    TOKEN_OR_IF,     /* || */
    TOKEN_CASE_END,  /* ;; */
    TOKEN_AMPERSAND,
    TOKEN_SEMICOLON,
    TOKEN_PIPE,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_READ,       /* <  */
    TOKEN_WRITE,      /* >  */
    TOKEN_CLOBBER,    /* >| */
    TOKEN_APPEND,     /* >> */
    TOKEN_READ_WRITE, /* <> */
    TOKEN_DUP_READ,   /* <& */
    TOKEN_DUP_WRITE,  /* >& */
    TOKEN_HERE,       /* << */
    TOKEN_HERE_TABS,  /* <<- */
};

struct token {
    enum token_kind kind;
    struct word *word; /* WORD */
    int fd;            /* IO_NUMBER */
    int line;
    size_t start; /* where it begins in the input's record */
};

struct here_document {
    struct here_document *next;
    struct redirect *redirect;
    const char *delimiter;
    bool strip_tabs, quoted;
};

struct lexer {
    struct scan *scan;
    struct token token;
    bool peeked;
    struct here_document *pending;
};

/* The next token, which stays until lexer_next takes it; valid until then. */
const struct token *lexer_peek(struct lexer *lexer);

struct token lexer_next(struct lexer *lexer);

/*
 * REDIRECT's text is the here-document that begins after the next newline and ends with
 * DELIMITER. Call before the token after the delimiter is looked at.
 */
void lexer_expect_here(struct lexer *lexer, struct redirect *redirect, const struct word *delimiter,
                       bool strip_tabs);

/* How the token would be called in an error message. */
const char *token_describe(const struct token *token);

#endif
