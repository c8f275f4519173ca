/*
 * hexdump.c - hexdump [-C] [-n length] [-s skip] [file...]: bytes in hexadecimal and ASCII.
 *
 * The files are one input, one after the other. Each line has the offset, sixteen bytes in
 * two groups of eight, and the same bytes as characters:
 *
 *      00000000  48 65 6c 6c 6f 0a                                 |Hello.|
 *
 * Full lines equal to the one before are shown as a single "*" (-v shows them all). The last
 * line is the offset after the last byte. This is the format of -C, and the only one.
 */
#include "userland/c/lib/number.h"
#include "userland/c/lib/program.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE 16

struct input {
    char **names; /* those not yet opened; NULL ends */
    FILE *file;
    const char *name;
    int status;
};

static struct options {
    unsigned long limit, skip;
    bool verbose;
} options = {.limit = ULONG_MAX};

/* Opens the next file there is; false at the end of the list. */
static bool input_advance(struct input *input)
{
    if (input->file && input->file != stdin)
        fclose(input->file);
    input->file = NULL;
    while (!input->file && *input->names) {
        input->name = *input->names++;
        input->file = fopen(input->name, "re");
        if (!input->file) {
            program_warn(input->name);
            input->status = 1;
        }
    }
    return input->file != NULL;
}

/* The next byte of all files, or EOF. */
static int input_byte(struct input *input)
{
    int c = EOF;

    while (input->file && (c = getc(input->file)) == EOF) {
        if (ferror(input->file)) {
            program_warn(input->name);
            input->status = 1;
        }
        if (!input_advance(input))
            break;
    }
    return c;
}

static size_t input_line(struct input *input, unsigned char *line, size_t length)
{
    size_t used = 0;
    int c;

    while (used < length && (c = input_byte(input)) != EOF)
        line[used++] = (unsigned char)c;
    return used;
}

static void line_print(unsigned long offset, const unsigned char *line, size_t length)
{
    printf("%08lx", offset);
    for (size_t i = 0; i < LINE; i++) {
        if (i % 8 == 0)
            putchar(' ');
        if (i < length)
            printf(" %02x", line[i]);
        else
            printf("   ");
    }
    printf("  |");
    for (size_t i = 0; i < length; i++)
        putchar(isprint(line[i]) ? line[i] : '.');
    printf("|\n");
}

static void dump(struct input *input)
{
    unsigned char line[LINE], before[LINE];
    unsigned long offset = options.skip, left = options.limit;
    bool have_before = false, starred = false;
    size_t length;

    while (left > 0 && (length = input_line(input, line, left < LINE ? left : LINE)) > 0) {
        if (!options.verbose && have_before && length == LINE && !memcmp(line, before, LINE)) {
            if (!starred)
                puts("*");
            starred = true;
        } else {
            line_print(offset, line, length);
            starred = false;
        }
        memcpy(before, line, length);
        have_before = length == LINE;
        offset += length;
        left -= length;
    }
    if (offset > options.skip)
        printf("%08lx\n", offset);
}

static void options_parse(int argc, char **argv)
{
    int option;

    while ((option = getopt(argc, argv, "Cn:s:v")) != -1) {
        if (option == 'v')
            options.verbose = true;
        else if (option == 'n' && !number_parse_size(optarg, &options.limit))
            program_usage(2, "-n takes a number of bytes");
        else if (option == 's' && !number_parse_size(optarg, &options.skip))
            program_usage(2, "-s takes a number of bytes");
        else if (option == '?')
            program_usage(2, "hexdump [-C] [-v] [-n length] [-s skip] [file...]");
    }
}

int main(int argc, char **argv)
{
    struct input input = {.file = stdin, .name = "standard input"};

    program_begin(argv, "hexdump");
    options_parse(argc, argv);
    input.names = argv + optind;
    if (*input.names) {
        input.file = NULL;
        input_advance(&input);
    }
    for (unsigned long i = 0; i < options.skip; i++)
        if (input_byte(&input) == EOF)
            break;
    dump(&input);
    return program_finish(input.status);
}
