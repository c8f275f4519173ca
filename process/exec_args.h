/*
 * A new program's arguments, environment and auxiliary vector, on its stack, as Linux lays them
 * out:
 *
 *     sp  ->  argc
 *             argv[0] … argv[argc - 1], NULL
 *             envp[0] … NULL
 *             auxiliary vector: pairs of words, ended by AT_NULL
 *             16 random bytes
 *             (up to 15 bytes of padding)
 *             strings of argv, strings of envp, the program's path
 *             8 zero bytes
 *     USER_TOP
 *
 * Strings are put in from the top down, the last first, so that a script's interpreter can be put
 * in front of them later. They go straight into the new address space.
 *
 * Limits (execve(2)): 128 KiB for a string; all together a quarter of RLIMIT_STACK, at least
 * 128 KiB and at most 6 MiB.
 */
#pragma once

#include "mm/mm.h"

/* Where a list of strings comes from: user memory (array: an address of pointers that end with
 * NULL) or the kernel's. */
struct string_list {
    vaddr_t array;
    const char *const *kernel; /* not NULL: this counts */
};

struct exec_args {
    struct mm *mm;
    vaddr_t low;     /* the lowest byte of a string so far */
    vaddr_t floor;   /* strings stay above this */
    vaddr_t env_low; /* where envp's strings begin */
    vaddr_t env_end; /* where they end */
    vaddr_t path;    /* the program's path */
    unsigned argc, envc;
    char *scratch; /* a page */
};

/* One pair of the auxiliary vector. */
struct aux_entry {
    uint64_t type, value;
};

/* Maps the stack into mm, which outlives args. 0 or -errno; exec_args_free() in any case. */
int exec_args_begin(struct exec_args *args, struct mm *mm, bool exec_stack);
void exec_args_free(struct exec_args *args);

/* Puts in the path, the environment and the arguments: 0, -E2BIG, -EFAULT, -ENOMEM. */
int exec_args_fill(struct exec_args *args, const char *path, const struct string_list *argv,
                   const struct string_list *envp);

/* Puts one more argument in front of the others; takes the first one out. 0 or as above. */
int exec_args_push(struct exec_args *args, const char *string);
int exec_args_pop(struct exec_args *args);

/*
 * Writes all that lies below the strings; aux is the vector without AT_RANDOM, AT_EXECFN and
 * AT_NULL, which are added. Sets the mm's arg_*, env_* and stack_start. *sp is where the program
 * starts. 0 or -errno.
 */
int exec_args_finish(struct exec_args *args, const struct aux_entry *aux, size_t count,
                     vaddr_t *sp);

/* The lowest address that the stack has at first; programs lie below it. */
vaddr_t exec_stack_bottom(void);
