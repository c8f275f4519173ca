/*
 * exec_flags.h - what is known about a command when it runs; see exec.c.
 */
#ifndef SH_EXEC_FLAGS_H
#define SH_EXEC_FLAGS_H

enum {
    EXEC_TESTED = 1, /* somebody looks at the status: set -e does not apply */
    EXEC_FINAL = 2,  /* the process ends after this: no child is needed for a program */
};

#endif
