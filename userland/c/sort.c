/*
 * sort.c - sort [-nru] [file...]: the lines of all files in order.
 *
 * Lines are compared byte by byte; -n compares the whole numbers that they begin with, and lines
 * with the same number byte by byte; -r turns the order around; -u prints one of lines that
 * compare as equal. A last line without a newline gets one.
 */
#include "userland/c/lib/program.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct line {
    char *text; /* without its newline */
    size_t length;
};

static struct line *lines;
static size_t line_count, line_room;
static bool numeric, reverse, unique;

static void line_add(char *text, size_t length)
{
    if (line_count == line_room) {
        line_room = line_room ? 2 * line_room : 64;
        lines = reallocarray(lines, line_room, sizeof(*lines));
        if (!lines)
            program_die(2, "memory");
    }
    lines[line_count++] = (struct line){text, length};
}

static int lines_read(const char *name)
{
    FILE *file = strcmp(name, "-") == 0 ? stdin : fopen(name, "re");
    char *text = NULL;
    size_t room = 0;
    ssize_t n;
    int status = 0;

    if (!file) {
        program_warn(name);
        return 2;
    }
    while (errno = 0, (n = getline(&text, &room, file)) >= 0) {
        line_add(text, (size_t)n - (n > 0 && text[n - 1] == '\n'));
        text = NULL;
        room = 0;
    }
    if (ferror(file) || errno) {
        program_warn(name);
        status = 2;
    }
    free(text);
    if (file != stdin)
        fclose(file);
    return status;
}

static int number_compare(const struct line *a, const struct line *b)
{
    long left = strtol(a->text, NULL, 10), right = strtol(b->text, NULL, 10);

    return (left > right) - (left < right);
}

static int bytes_compare(const struct line *a, const struct line *b)
{
    size_t common = a->length < b->length ? a->length : b->length;
    int order = memcmp(a->text, b->text, common);

    return order ? order : (a->length > b->length) - (a->length < b->length);
}

/* What -u takes for equal. */
static int key_compare(const struct line *a, const struct line *b)
{
    return numeric ? number_compare(a, b) : bytes_compare(a, b);
}

static int line_compare(const void *a, const void *b)
{
    int order = key_compare(a, b);

    if (order == 0 && numeric && !unique)
        order = bytes_compare(a, b);
    return reverse ? -order : order;
}

static void lines_print(void)
{
    for (size_t i = 0; i < line_count; i++) {
        if (unique && i > 0 && key_compare(&lines[i - 1], &lines[i]) == 0)
            continue;
        fwrite(lines[i].text, 1, lines[i].length, stdout);
        putchar('\n');
    }
}

int main(int argc, char **argv)
{
    int option, status = 0;

    program_begin(argv, "sort");
    while ((option = getopt(argc, argv, "nru")) != -1) {
        if (option == '?')
            program_usage(2, "sort [-nru] [file...]");
        numeric |= option == 'n';
        reverse |= option == 'r';
        unique |= option == 'u';
    }
    if (optind == argc)
        status = lines_read("-");
    for (int i = optind; i < argc; i++)
        status |= lines_read(argv[i]);
    if (line_count > 1)
        qsort(lines, line_count, sizeof(*lines), line_compare);
    lines_print();
    for (size_t i = 0; i < line_count; i++)
        free(lines[i].text);
    free(lines);
    return program_finish_or(status, 2);
}
