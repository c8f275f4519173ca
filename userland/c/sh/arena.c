/*
 * arena.c - counted arenas; see arena.h.
 *
 * Memory comes in chunks of 4 KiB, larger ones for larger requests; a chunk is filled from its
 * front and never given back before the whole arena is.
 */
#include "userland/c/sh/arena.h"

#include "userland/c/sh/strbuf.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_SIZE 4096
#define ALIGNMENT  16

struct chunk {
    struct chunk *next;
    size_t used, size;
    _Alignas(ALIGNMENT) char data[];
};

struct arena {
    struct chunk *chunks;
    unsigned references;
};

struct arena *arena_new(void)
{
    struct arena *arena = mem_alloc(sizeof(*arena));

    arena->chunks = NULL;
    arena->references = 1;
    return arena;
}

struct arena *arena_get(struct arena *arena)
{
    arena->references++;
    return arena;
}

void arena_put(struct arena *arena)
{
    assert(arena->references > 0);
    if (--arena->references > 0)
        return;
    while (arena->chunks) {
        struct chunk *next = arena->chunks->next;

        free(arena->chunks);
        arena->chunks = next;
    }
    free(arena);
}

static struct chunk *chunk_add(struct arena *arena, size_t size)
{
    size_t room = size > CHUNK_SIZE ? size : CHUNK_SIZE;
    struct chunk *chunk = mem_alloc(sizeof(*chunk) + room);

    chunk->next = arena->chunks;
    chunk->used = 0;
    chunk->size = room;
    arena->chunks = chunk;
    return chunk;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    struct chunk *chunk = arena->chunks;
    void *memory;

    size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (!chunk || chunk->size - chunk->used < size)
        chunk = chunk_add(arena, size);
    memory = chunk->data + chunk->used;
    chunk->used += size;
    return memset(memory, 0, size);
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);

    if (length > 0)
        memcpy(copy, text, length);
    return copy;
}
