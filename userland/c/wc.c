/*
 * wc.c - wc [-clmw] [file...]: counts lines, words and bytes.
 *
 * A line is a newline character; a word is a run of characters that are not white space.
 * Without an option all three are shown, in the order lines, words, bytes. Output is POSIX's
 * "%d %d %d %s"; more than one file gets a line "total". -m counts like -c: the locale is C.
 */
#include "userland/c/lib/program.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

struct counts {
    unsigned long lines, words, bytes;
};

static bool show_lines, show_words, show_bytes;

static void count_stream(FILE *file, struct counts *counts)
{
    bool in_word = false;
    int c;

    while ((c = getc(file)) != EOF) {
        counts->bytes++;
        counts->lines += c == '\n';
        if (isspace(c)) {
            in_word = false;
        } else if (!in_word) {
            in_word = true;
            counts->words++;
        }
    }
}

static void counts_print(const struct counts *counts, const char *name)
{
    const char *separator = "";

    if (show_lines) {
        printf("%lu", counts->lines);
        separator = " ";
    }
    if (show_words) {
        printf("%s%lu", separator, counts->words);
        separator = " ";
    }
    if (show_bytes)
        printf("%s%lu", separator, counts->bytes);
    if (name)
        printf(" %s", name);
    putchar('\n');
}

/* Counts one file, prints it and adds it to TOTAL. NAME NULL is standard input. */
static int count_file(const char *name, struct counts *total)
{
    struct counts counts = {0};
    FILE *file = name ? fopen(name, "re") : stdin;
    int status = 0;

    if (!file) {
        program_warn(name);
        return 1;
    }
    count_stream(file, &counts);
    if (ferror(file)) {
        program_warn(name ? name : "standard input");
        status = 1;
    }
    if (name)
        fclose(file);
    counts_print(&counts, name);
    total->lines += counts.lines;
    total->words += counts.words;
    total->bytes += counts.bytes;
    return status;
}

int main(int argc, char **argv)
{
    struct counts total = {0};
    int option, status = 0;

    program_begin(argv, "wc");
    while ((option = getopt(argc, argv, "clmw")) != -1) {
        if (option == '?')
            program_usage(2, "wc [-clmw] [file...]");
        show_lines |= option == 'l';
        show_words |= option == 'w';
        show_bytes |= option == 'c' || option == 'm';
    }
    if (!show_lines && !show_words && !show_bytes)
        show_lines = show_words = show_bytes = true;
    if (optind == argc)
        status = count_file(NULL, &total);
    for (int i = optind; i < argc; i++)
        status |= count_file(argv[i], &total);
    if (argc - optind > 1)
        counts_print(&total, "total");
    return program_finish(status);
}
