/*
 * tail.c - tail [-n [+]lines | -c [+]bytes | -LINES] [file...]: the end of files.
 *
 * "+N" means from the N-th on. The input need not be seekable: its last part is kept in memory. For
 * N lines or bytes that is a buffer which drops its beginning whenever it holds twice what could
 * still be wanted. Options and headings: lib/excerpt.h.
 */
#include "userland/c/lib/excerpt.h"
#include "userland/c/lib/program.h"

#include <stdlib.h>
#include <string.h>

#define BUFFER_FIRST 65536

struct kept {
    const struct excerpt *excerpt;
    char *data;
    size_t length, capacity;
};

/* Where the last lines or bytes, as many as are wanted, begin. */
static size_t kept_start(const struct kept *kept)
{
    unsigned long limit = kept->excerpt->limit, lines = 0;
    size_t at = kept->length;

    if (kept->excerpt->by_bytes)
        return at > limit ? at - limit : 0;
    if (limit == 0)
        return at;
    if (at > 0)
        at--; /* the newline that ends the last line begins no other */
    while (at > 0 && !(kept->data[at - 1] == '\n' && ++lines == limit))
        at--;
    return at;
}

/* Makes room: drops what cannot be wanted any more, and grows if that was little. */
static void kept_make_room(struct kept *kept)
{
    size_t start = kept_start(kept);

    if (start > 0)
        memmove(kept->data, kept->data + start, kept->length - start);
    kept->length -= start;
    if (kept->length > kept->capacity / 2 || kept->capacity == 0) {
        kept->capacity = kept->capacity ? kept->capacity * 2 : BUFFER_FIRST;
        kept->data = realloc(kept->data, kept->capacity);
        if (!kept->data)
            program_die(1, "memory");
    }
}

static void show_last(FILE *file, const struct excerpt *excerpt)
{
    struct kept kept = {.excerpt = excerpt};
    size_t got, start;

    do {
        if (kept.length == kept.capacity)
            kept_make_room(&kept);
        got = fread(kept.data + kept.length, 1, kept.capacity - kept.length, file);
        kept.length += got;
    } while (got > 0);
    start = kept_start(&kept);
    fwrite(kept.data + start, 1, kept.length - start, stdout);
    free(kept.data);
}

static void show_from(FILE *file, const struct excerpt *excerpt)
{
    unsigned long skip = excerpt->limit > 0 ? excerpt->limit - 1 : 0;
    int c;

    while (skip > 0 && (c = getc(file)) != EOF)
        if (excerpt->by_bytes || c == '\n')
            skip--;
    while ((c = getc(file)) != EOF)
        putchar(c);
}

static void tail_show(FILE *file, const struct excerpt *excerpt)
{
    if (excerpt->from_start)
        show_from(file, excerpt);
    else
        show_last(file, excerpt);
}

int main(int argc, char **argv)
{
    static const struct excerpt_program tail = {.name = "tail",
                                                .usage =
                                                    "tail [-n [+]lines | -c [+]bytes] [file...]",
                                                .signs = true,
                                                .show = tail_show};

    return excerpt_main(argc, argv, &tail);
}
