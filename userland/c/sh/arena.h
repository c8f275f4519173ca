/*
 * arena.h - memory for one parsed command, freed all at once.
 *
 * Everything the parser makes of a command lives in one arena. It is counted: whoever runs the
 * command holds one reference, each function defined in it another, so a function's body
 * outlives the line it came from.
 */
#ifndef SH_ARENA_H
#define SH_ARENA_H

#include <stddef.h>

struct arena;

/* A new one with one reference. */
struct arena *arena_new(void);

struct arena *arena_get(struct arena *arena);

/* Drops a reference; the last one frees everything. */
void arena_put(struct arena *arena);

/* SIZE zeroed bytes, aligned for anything. */
void *arena_alloc(struct arena *arena, size_t size);

/* A copy of LENGTH bytes of TEXT with a NUL after them. */
char *arena_strndup(struct arena *arena, const char *text, size_t length);

#endif
