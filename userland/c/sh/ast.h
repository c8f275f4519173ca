/*
 * ast.h - what a command looks like once it is parsed.
 *
 * A word is a list of parts, so that quoting is decided once, when the text is read, and never
 * guessed again: "a$b"'c' is LITERAL(quoted) a, PARAMETER(quoted) b, LITERAL(quoted) c. Commands
 * are a tree of nodes. All of it lies in one arena (arena.h) and is never changed after.
 */
#ifndef SH_AST_H
#define SH_AST_H

#include <stdbool.h>

struct node;
struct arena;

enum part_kind {
    PART_LITERAL,    /* text */
    PART_PARAMETER,  /* ${text op word} */
    PART_COMMAND,    /* $(command) or `command` */
    PART_ARITHMETIC, /* $((word)) */
};

enum parameter_op {
    OP_NONE,
    OP_LENGTH,        /* ${#x} */
    OP_DEFAULT,       /* ${x-w} */
    OP_ASSIGN,        /* ${x=w} */
    OP_ERROR,         /* ${x?w} */
    OP_ALTERNATIVE,   /* ${x+w} */
    OP_CUT_SHORT_END, /* ${x%w} */
    OP_CUT_LONG_END,  /* ${x%%w} */
    OP_CUT_SHORT,     /* ${x#w} */
    OP_CUT_LONG,      /* ${x##w} */
};

struct part {
    struct part *next;
    enum part_kind kind;
    bool quoted;
    bool colon; /* the operator had a ":", null counts as unset */
    enum parameter_op op;
    const char *text;     /* the literal, or the parameter's name */
    struct word *word;    /* the operator's word, or the arithmetic expression; may be NULL */
    struct node *command; /* NULL for an empty substitution */
};

struct word {
    struct word *next;
    struct part *parts; /* NULL: a word of which nothing is left, as in ${x:-} */
};

enum redirect_kind {
    REDIRECT_READ,       /* <   */
    REDIRECT_WRITE,      /* > and >| */
    REDIRECT_APPEND,     /* >>  */
    REDIRECT_READ_WRITE, /* <>  */
    REDIRECT_DUPLICATE,  /* <& and >&; target "-" closes */
    REDIRECT_HERE,       /* <<  ; target is the text */
};

struct redirect {
    struct redirect *next;
    enum redirect_kind kind;
    int fd;
    struct word *target;
};

struct assignment {
    struct assignment *next;
    const char *name;
    struct word *value;
};

enum node_kind {
    NODE_SIMPLE,
    NODE_PIPELINE,
    NODE_AND,        /* left && right */
    NODE_OR,         /* left || right */
    NODE_SEQUENCE,   /* left ; right */
    NODE_BACKGROUND, /* left & */
    NODE_NOT,        /* ! left */
    NODE_GROUP,      /* { left } */
    NODE_SUBSHELL,   /* ( left ) */
    NODE_IF,         /* if condition then left else right */
    NODE_WHILE,      /* while condition do left */
    NODE_UNTIL,
    NODE_FOR,  /* for name in words do left */
    NODE_CASE, /* case words in items */
    NODE_FUNCTION,
};

struct case_item {
    struct case_item *next;
    struct word *patterns;
    struct node *body; /* may be NULL */
};

/* One of a pipeline's stages, from left to right. */
struct stage {
    struct stage *next;
    struct node *command;
};

/* Every node may have redirections; which of the rest is set depends on the kind. */
struct node {
    enum node_kind kind;
    struct redirect *redirects;
    struct node *condition, *left, *right; /* right of IF and bodies may be NULL */
    struct word *words;                    /* SIMPLE, FOR, CASE */
    struct assignment *assignments;        /* SIMPLE */
    struct stage *stages;                  /* PIPELINE */
    struct case_item *items;               /* CASE */
    const char *name;                      /* FOR, FUNCTION */
    const char *source;  /* PIPELINE and BACKGROUND: the text, for the list of jobs */
    struct arena *arena; /* FUNCTION: where the body lies */
    bool has_in;         /* FOR: "in" was given */
    int line;            /* SIMPLE: where it stands */
};

#endif
