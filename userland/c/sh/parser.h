/*
 * parser.h - from tokens to a tree of commands (POSIX 2.10 Shell Grammar).
 */
#ifndef SH_PARSER_H
#define SH_PARSER_H

#include "userland/c/sh/arena.h"
#include "userland/c/sh/ast.h"
#include "userland/c/sh/input.h"

#define PARSER_ERROR_SIZE 160

enum parse_result {
    PARSE_COMMAND, /* there is a command */
    PARSE_NOTHING, /* an empty line */
    PARSE_END,     /* the text is at its end */
    PARSE_ERROR,   /* the text is no command; the message is in ERROR */
};

/*
 * Reads one complete command: up to the newline that ends it, and no further. The tree is made
 * in ARENA.
 */
enum parse_result parser_read(struct input *input, struct arena *arena, struct node **command,
                              char error[PARSER_ERROR_SIZE]);

/*
 * Reads TEXT as the inside of double quotes, for prompts: one word with its expansions, made in
 * ARENA. NULL if it is malformed.
 */
struct word *parser_read_text(const char *text, struct arena *arena);

#endif
