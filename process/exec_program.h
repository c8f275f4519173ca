/*
 * From a path to what is to be run: through `#!` lines to an ELF program and, if it names one, its
 * dynamic linker. execve(2).
 */
#pragma once

#include "fs/dentry.h"
#include "process/exec_args.h"
#include "process/exec_image.h"
#include "process/script.h"

#define SCRIPT_LEVELS_MAX 5 /* scripts whose interpreter is a script: Linux, exec_binprm */

/* One script on the way. */
struct script_level {
    char line[SCRIPT_LINE_MAX + 1];
    char *interpreter, *argument; /* in line; argument NULL: none */
};

struct exec_program {
    struct exec_image main, linker; /* linker.file NULL: none */
    unsigned levels;
    struct script_level script[SCRIPT_LEVELS_MAX];
};

/* Finds and reads all of it: 0 or -errno. exec_program_close() in any case. */
int exec_program_find(struct exec_program *program, struct dentry *dentry);
void exec_program_close(struct exec_program *program);

/*
 * Puts in front of the arguments what the scripts on the way make of them: for each, its
 * interpreter, its argument and its path in place of argv[0]. 0 or -errno.
 */
int exec_program_arguments(const struct exec_program *program, const char *path,
                           struct exec_args *args);
