/*
 * head.c - head [-n lines | -c bytes | -LINES] [file...]: the beginning of files.
 *
 * Ten lines without an option. With more than one file each gets a heading. Input is read
 * through stdio; a pipe's writer learns that nobody reads on when head ends (SIGPIPE).
 */
#include "userland/c/lib/number.h"
#include "userland/c/lib/program.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define USAGE         "head [-n lines | -c bytes] [file...]"
#define DEFAULT_LINES 10

static bool by_bytes;
static unsigned long limit = DEFAULT_LINES;

static void head_stream(FILE *file)
{
    unsigned long left = limit;
    int c;

    while (left > 0 && (c = getc(file)) != EOF) {
        putchar(c);
        if (by_bytes || c == '\n')
            left--;
    }
}

static int head_file(const char *name, bool heading)
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
    head_stream(file);
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
    if (!number_parse_size(text, &limit)) {
        program_complain("%s: not a number", text);
        program_usage(1, USAGE);
    }
}

int main(int argc, char **argv)
{
    int option, status = 0;

    program_begin(argv, "head");
    if (argc > 1 && argv[1][0] == '-' && isdigit((unsigned char)argv[1][1])) {
        limit_set(argv[1] + 1, false);
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
        status = head_file("-", false);
    for (int i = optind; i < argc; i++)
        status |= head_file(argv[i], argc - optind > 1);
    return program_finish(status);
}
