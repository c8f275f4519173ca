/*
 * tail.c - tail [-n [+]lines | -c [+]bytes | -LINES] [file...]: the end of files.
 *
 * Ten lines without an option; "+N" means from the N-th on. The input need not be seekable:
 * its last part is kept in memory. For N lines or bytes that is a buffer which drops its
 * beginning whenever it holds twice what could still be wanted.
 */
#include "userland/c/lib/number.h"
#include "userland/c/lib/program.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define USAGE         "tail [-n [+]lines | -c [+]bytes] [file...]"
#define DEFAULT_LINES 10
#define BUFFER_FIRST  65536

static bool by_bytes, from_start;
static unsigned long limit = DEFAULT_LINES;

struct kept {
    char *data;
    size_t length, capacity;
};

/* Where the last LIMIT lines or bytes begin. */
static size_t kept_start(const struct kept *kept)
{
    size_t at = kept->length;
    unsigned long lines = 0;

    if (by_bytes)
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

static void tail_last(FILE *file)
{
    struct kept kept = {0};
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

static void tail_from(FILE *file)
{
    unsigned long skip = limit > 0 ? limit - 1 : 0;
    int c;

    while (skip > 0 && (c = getc(file)) != EOF)
        if (by_bytes || c == '\n')
            skip--;
    while ((c = getc(file)) != EOF)
        putchar(c);
}

static int tail_file(const char *name, bool heading)
{
    static bool again;
    FILE *file = strcmp(name, "-") ? fopen(name, "re") : stdin;
    int status = 0;

    if (!file) {
        program_warn(name);
        return 1;
    }
    if (heading)
        printf("%s==> %s <==\n", again ? "\n" : "", file == stdin ? "standard input" : name);
    again = true;
    if (from_start)
        tail_from(file);
    else
        tail_last(file);
    if (ferror(file)) {
        program_warn(name);
        status = 1;
    }
    if (file != stdin)
        fclose(file);
    return status;
}

static void limit_set(const char *text, bool bytes)
{
    by_bytes = bytes;
    from_start = text[0] == '+';
    if (text[0] == '+' || text[0] == '-')
        text++;
    if (!number_parse_size(text, &limit)) {
        program_complain("%s: not a number", text);
        program_usage(1, USAGE);
    }
}

int main(int argc, char **argv)
{
    int option, status = 0;

    program_begin(argv, "tail");
    if (argc > 1 && argv[1][0] == '-' && isdigit((unsigned char)argv[1][1])) {
        limit_set(argv[1], false);
        argv[1] = argv[0];
        argv++;
        argc--;
    }
    while ((option = getopt(argc, argv, "c:n:")) != -1) {
        if (option == '?')
            program_usage(1, USAGE);
        limit_set(optarg, option == 'c');
    }
    if (optind == argc)
        status = tail_file("-", false);
    for (int i = optind; i < argc; i++)
        status |= tail_file(argv[i], argc - optind > 1);
    return program_finish(status);
}
