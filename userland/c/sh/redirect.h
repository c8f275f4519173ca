/*
 * redirect.h - redirections of a command, and how they are taken back.
 */
#ifndef SH_REDIRECT_H
#define SH_REDIRECT_H

#include "userland/c/sh/ast.h"
#include "userland/c/sh/shell.h"

#include <stdbool.h>

/* What a descriptor was before; COPY is -1 if it was closed. */
struct saved_fd {
    struct saved_fd *next;
    int fd;
    int copy;
};

/*
 * Performs the redirections from left to right. With SAVED, what is replaced is remembered
 * there (in front of what is in it already); without, they are for good. False if one failed,
 * which has been said; those before it stand, so restore in any case.
 */
bool redirect_apply(struct shell *sh, const struct redirect *list, struct saved_fd **saved);

/* Puts the descriptors back and empties the list. Standard output must have been flushed. */
void redirect_restore(struct saved_fd **saved);

/* Forgets the copies: the redirections stay, as "exec >file" wants. */
void redirect_keep(struct saved_fd **saved);

#endif
