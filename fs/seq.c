/*
 * Growing text: a list of chunks, each at least a page with its head. Text is only added at the
 * end of the last chunk; a chunk whose rest is too small for a reservation stays short.
 */
#include "fs/seq.h"

#include <stdarg.h>

#include "lib/assert.h"
#include "lib/errno.h"
#include "lib/fmt.h"
#include "lib/string.h"
#include "mm/alloc/kmalloc.h"

struct seq_chunk {
    struct seq_chunk *next;
    size_t used, size; /* of text */
    char text[];
};

#define CHUNK_TEXT (PAGE_SIZE - sizeof(struct seq_chunk))

void seq_clear(struct seq *seq)
{
    struct seq_chunk *chunk = seq->first, *next;

    for (; chunk; chunk = next) {
        next = chunk->next;
        kmfree(chunk);
    }
    seq_init(seq);
}

static struct seq_chunk *chunk_add(struct seq *seq, size_t size)
{
    struct seq_chunk *chunk = kmalloc(sizeof(*chunk) + size, 0);

    if (!chunk) {
        seq->error = -ENOMEM;
        return NULL;
    }
    chunk->next = NULL;
    chunk->used = 0;
    chunk->size = size;
    if (seq->last)
        seq->last->next = chunk;
    else
        seq->first = chunk;
    seq->last = chunk;
    return chunk;
}

char *seq_reserve(struct seq *seq, size_t n, size_t *room)
{
    struct seq_chunk *chunk = seq->last;

    if (seq->error)
        return NULL;
    if (!chunk || chunk->size - chunk->used < n)
        chunk = chunk_add(seq, MAX(n, CHUNK_TEXT));
    if (!chunk)
        return NULL;
    *room = chunk->size - chunk->used;
    return chunk->text + chunk->used;
}

void seq_commit(struct seq *seq, size_t n)
{
    struct seq_chunk *chunk = seq->last;

    if (n == 0)
        return;
    assert(chunk && n <= chunk->size - chunk->used);
    chunk->used += n;
    seq->length += n;
}

void seq_put(struct seq *seq, const void *bytes, size_t n)
{
    const char *from = bytes;

    while (n > 0) {
        size_t room, piece;
        char *to = seq_reserve(seq, 1, &room);

        if (!to)
            return;
        piece = MIN(n, room);
        memcpy(to, from, piece);
        seq_commit(seq, piece);
        from += piece;
        n -= piece;
    }
}

/* The text is made where it stays; when the room is too small, once more in a chunk that holds it.
 */
void seq_printf(struct seq *seq, const char *fmt, ...)
{
    size_t need = 1, room;
    bool fits;
    va_list args;
    char *to;

    do {
        to = seq_reserve(seq, need, &room);
        if (!to)
            return;
        va_start(args, fmt);
        need = (size_t)fmt_vsnprintf(to, room, fmt, args) + 1;
        va_end(args);
        fits = need <= room;
    } while (!fits);
    seq_commit(seq, need - 1);
}

const char *seq_at(const struct seq *seq, uint64_t offset, size_t *n)
{
    for (const struct seq_chunk *chunk = seq->first; chunk; chunk = chunk->next) {
        if (offset < chunk->used) {
            *n = chunk->used - (size_t)offset;
            return chunk->text + offset;
        }
        offset -= chunk->used;
    }
    return NULL;
}
