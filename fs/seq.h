/*
 * Text that is built piece by piece and read from any offset: what the files of /proc say. It grows
 * in chunks, so a text of megabytes needs no megabytes in one piece, and it never moves.
 *
 * Errors stick: after one the text stays as it is and seq->error says why, so those who print need
 * not look each time. Nothing here locks; the owner does.
 */
#pragma once

#include "lib/types.h"

struct seq_chunk;

struct seq {
    struct seq_chunk *first, *last;
    uint64_t length; /* bytes of text */
    int error;       /* 0 or -ENOMEM */
};

static inline void seq_init(struct seq *seq)
{
    *seq = (struct seq){0};
}

/* Frees the text; it is then empty, as after seq_init(). */
void seq_clear(struct seq *seq);

/* Adds formatted text (lib/fmt.h), or n bytes. May sleep. */
void seq_printf(struct seq *seq, const char *fmt, ...) __printf_like(2, 3);
void seq_put(struct seq *seq, const void *bytes, size_t n);

static inline void seq_puts(struct seq *seq, const char *s)
{
    seq_put(seq, s, __builtin_strlen(s));
}

/*
 * Room for at least n further bytes in one piece, *room of it; NULL: memory is short. What is then
 * written there counts after seq_commit().
 */
char *seq_reserve(struct seq *seq, size_t n, size_t *room);
void seq_commit(struct seq *seq, size_t n);

/* The text at this offset: *n bytes in one piece; NULL at or past the end. */
const char *seq_at(const struct seq *seq, uint64_t offset, size_t *n);
