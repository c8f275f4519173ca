/*
 * exec.h - runs parsed commands.
 */
#ifndef SH_EXEC_H
#define SH_EXEC_H

#include "userland/c/sh/shell.h"

/*
 * Runs the command; its status is returned and in sh->status. Look at sh->flow after.
 * FLAGS are those of exec_flags.h.
 */
int exec_node(struct shell *sh, const struct node *node, int flags);

/* shell.h's function for command substitutions: runs COMMAND in a child and reads its output. */
void exec_substitute(struct shell *sh, const struct node *command, struct strbuf *output);

#endif
