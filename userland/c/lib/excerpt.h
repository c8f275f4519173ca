/*
 * excerpt.h - what head and tail have in common: options, headings, and going through the files.
 *
 *     [-n lines | -c bytes | -LINES] [file...]
 *
 * Ten lines without an option; standard input without a file, or for "-". With more than one
 * file each gets a heading.
 */
#ifndef USERLAND_LIB_EXCERPT_H
#define USERLAND_LIB_EXCERPT_H

#include <stdbool.h>
#include <stdio.h>

struct excerpt {
    unsigned long limit; /* lines, or */
    bool by_bytes;
    bool from_start; /* "+N": all from the N-th on */
};

struct excerpt_program {
    const char *name, *usage;
    bool signs; /* a number may be "+N", and "-N" is N */
    /* Copies the part of FILE that is wanted to standard output. */
    void (*show)(FILE *file, const struct excerpt *excerpt);
};

/* All of main(): the exit status. */
int excerpt_main(int argc, char **argv, const struct excerpt_program *program);

#endif
