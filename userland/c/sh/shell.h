/*
 * shell.h - the state of a shell, and how its parts tell each other to stop.
 *
 * There is no longjmp. Whoever wants a loop, a function or the whole shell to end sets FLOW, and
 * every function that runs or expands something returns as soon as it sees it changed.
 */
#ifndef SH_SHELL_H
#define SH_SHELL_H

#include "userland/c/sh/arena.h"
#include "userland/c/sh/ast.h"
#include "userland/c/sh/input.h"
#include "userland/c/sh/jobs.h"
#include "userland/c/sh/strbuf.h"
#include "userland/c/sh/vars.h"

#include <stdbool.h>
#include <sys/types.h>

enum {
    STATUS_ERROR = 2,        /* a syntax or usage error */
    STATUS_CANNOT_RUN = 126, /* POSIX 2.8.2 */
    STATUS_NOT_FOUND = 127,
    STATUS_SIGNAL = 128, /* plus the signal's number */
};

#define SHELL_FD_FIRST     10 /* the shell's own descriptors are at least this (POSIX 2.7) */
#define FUNCTION_DEPTH_MAX 500

enum flow {
    FLOW_NORMAL,
    FLOW_BREAK,    /* out of flow_levels loops */
    FLOW_CONTINUE, /* the same, and the last of them goes on */
    FLOW_RETURN,   /* out of a function or a "." script */
    FLOW_ABORT,    /* an error in an interactive shell: back to the prompt */
    FLOW_EXIT,     /* the end; the status is $? */
};

struct function {
    struct function *next;
    char *name;
    struct node *body;
    struct arena *arena;
};

/* A variable's former state, put back when a function or a command ends. */
struct saved_var {
    struct saved_var *next;
    char *name;
    char *value; /* NULL: it was unset */
    bool exported;
};

struct arguments {
    char **values; /* $1 is values[0]; a NULL ends */
    int count;
};

struct shell;

struct builtin {
    const char *name;
    int (*run)(struct shell *sh, int argc, char **argv);
    bool special; /* POSIX 2.14: assignments before it stay, its errors end a script */
    const char *usage;
};

struct history;

struct shell {
    struct vars vars;
    struct function *functions;
    struct jobs jobs;
    struct arguments arguments;
    const char *name;      /* $0 */
    const char *title;     /* what messages of the shell itself begin with */
    int status;            /* $? */
    pid_t pid;             /* $$ */
    pid_t last_background; /* $!, 0 if none */
    bool errexit, xtrace, nounset, noglob;
    bool interactive;
    bool job_control;
    bool tested;   /* eval and "." run where somebody looks at the status */
    bool in_child; /* a subshell: forked, never to return to the prompt */
    int terminal;  /* with job control */
    enum flow flow;
    int flow_levels;
    int loop_depth, function_depth, dot_depth;
    int substitution_status;  /* of the last $(...); -1 if the command had none */
    struct saved_var *locals; /* of the function being run */
    char *exit_trap;
    struct input *standard_input; /* the input that is descriptor 0, or NULL */
    struct history *history;      /* of an interactive shell, else NULL */
    const char *source;           /* the pipeline being run, for the name of its job */
    /* What is above and must be reached from below. */
    int (*execute)(struct shell *sh, const struct node *node, int flags);
    const struct builtin *(*builtin_find)(const char *name);
    const char *(*builtin_name)(size_t index); /* NULL after the last */
    void (*substitute)(struct shell *sh, const struct node *command, struct strbuf *output);
};

/* An error that ends a script with status STATUS_ERROR, or takes a terminal to its prompt. */
void shell_abort(struct shell *sh);

struct function *function_find(const struct shell *sh, const char *name);

/* Defines or replaces; keeps a reference on the node's arena. */
void function_define(struct shell *sh, const struct node *definition);

/* False if there was none. */
bool function_remove(struct shell *sh, const char *name);

/* Remembers the state of NAME in front of LIST. */
void saved_var_push(struct shell *sh, struct saved_var **list, const char *name);

/* Puts all back, in reverse order, and empties the list. */
void saved_vars_restore(struct shell *sh, struct saved_var **list);

/* Makes copies of COUNT strings the positional parameters; the former are returned. */
struct arguments arguments_replace(struct shell *sh, char *const *values, int count);

void arguments_free(struct arguments *arguments);

/* The letters of $-. TEXT has room for 8. */
void shell_flags(const struct shell *sh, char text[8]);

/* Turns the option LETTER on or off; false if there is none. */
bool shell_option_set(struct shell *sh, char letter, bool on);

void shell_free(struct shell *sh);

#endif
