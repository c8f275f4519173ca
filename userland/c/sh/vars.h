/*
 * vars.h - the shell's variables.
 *
 * A variable may be exported or read-only before it has a value. Names are checked by
 * name_is_valid; values are strings. The environment for a program is made when needed.
 */
#ifndef SH_VARS_H
#define SH_VARS_H

#include <stdbool.h>
#include <stddef.h>

#define VARS_BUCKETS 64

struct var {
    struct var *next; /* in the same bucket */
    char *name;
    char *value; /* NULL: unset */
    bool exported;
    bool readonly;
};

struct vars {
    struct var *buckets[VARS_BUCKETS];
};

/* A letter or underscore, then letters, digits and underscores; LENGTH characters of TEXT. */
bool name_is_valid(const char *text, size_t length);

/* The length of the name at the beginning of TEXT; 0 if none is there. */
size_t name_length(const char *text);

/* Takes over an environment: each entry with a valid name becomes an exported variable. */
void vars_import(struct vars *vars, char **environment);

/* The value, or NULL if unset; valid until the variable changes. */
const char *vars_get(const struct vars *vars, const char *name);

/* The variable itself, or NULL if it was never heard of. */
struct var *vars_find(const struct vars *vars, const char *name);

/* The variable, made (unset) if it does not exist. */
struct var *vars_make(struct vars *vars, const char *name);

/* Sets a copy of VALUE. False, with nothing changed, if the variable is read-only. */
bool vars_set(struct vars *vars, const char *name, const char *value);

/* Forgets value and export. False if it is read-only. */
bool vars_unset(struct vars *vars, const char *name);

/* Puts back a saved state (see exec.c): VALUE may be NULL. Read-only does not matter. */
void vars_restore(struct vars *vars, const char *name, const char *value, bool exported);

/* "NAME=value" of all exported variables and a NULL; the caller frees with strings_free. */
char **vars_environment(const struct vars *vars);

/* All variables that have a value, or are EXPORTED/READONLY if asked, sorted by name. */
struct var **vars_sorted(const struct vars *vars, bool exported, bool readonly);

void strings_free(char **strings);

void vars_free(struct vars *vars);

#endif
