/*
 * complete.h - what the word before the cursor could become: a command's name or a path.
 */
#ifndef SH_COMPLETE_H
#define SH_COMPLETE_H

#include "userland/c/sh/fields.h"
#include "userland/c/sh/shell.h"

struct completion {
    size_t start;        /* bytes of the line before the word, or before its last component */
    struct fields names; /* sorted, each once, without quotes; a directory's ends with '/' */
    char *common; /* what all begin with, quoted as the word is: stands for it from start on */
    bool whole;   /* there is one name: nothing can follow it but a new word */
};

/* Completes the word that ends at byte CURSOR of LINE. Freed by completion_free. */
void complete_word(const struct shell *sh, const char *line, size_t cursor,
                   struct completion *completion);

void completion_free(struct completion *completion);

#endif
