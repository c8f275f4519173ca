/*
 * head.c - head [-n lines | -c bytes | -LINES] [file...]: the beginning of files.
 *
 * Input is read through stdio; a pipe's writer learns that nobody reads on when head ends
 * (SIGPIPE). Options and headings: lib/excerpt.h.
 */
#include "userland/c/lib/excerpt.h"

static void head_show(FILE *file, const struct excerpt *excerpt)
{
    unsigned long left = excerpt->limit;
    int c;

    while (left > 0 && (c = getc(file)) != EOF) {
        putchar(c);
        if (excerpt->by_bytes || c == '\n')
            left--;
    }
}

int main(int argc, char **argv)
{
    static const struct excerpt_program head = {
        .name = "head", .usage = "head [-n lines | -c bytes] [file...]", .show = head_show};

    return excerpt_main(argc, argv, &head);
}
