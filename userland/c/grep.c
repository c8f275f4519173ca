/*
 * grep.c - grep [-EFHchilnqrsvx] [-e pattern] [pattern] [file...]: lines that match.
 *
 *      -E  extended expressions    -F  plain strings     -i  letter case does not matter
 *      -v  lines that do not match -x  whole lines only  -c  count them
 *      -l  names of files only     -n  line numbers      -q  status only
 *      -r  directories, too        -h  no file names     -H  always     -s  no file errors
 *
 * Patterns are compiled by regcomp; several (-e repeated, or separated by newlines) match if
 * any does. Lines may be of any length and contain NUL. Status: 0 a line was selected, 1 none,
 * 2 an error.
 */
#include "userland/c/lib/program.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SELECTED = 0, NOTHING = 1, FAILED = 2 };
enum { NAMES_AUTO, NAMES_NEVER, NAMES_ALWAYS };

static struct options {
    int compile_flags; /* REG_EXTENDED, REG_ICASE */
    int names;
    bool fixed, invert, whole, count, list, numbers, quiet, recurse, silent;
} options;

static regex_t *patterns;
static size_t pattern_count;
static bool any_selected, any_failed;

static void *grown(void *old, size_t size)
{
    void *larger = realloc(old, size);

    if (!larger)
        program_die(FAILED, "memory");
    return larger;
}

/* TEXT with a backslash before what a basic expression would take for an operator. */
static char *fixed_escape(const char *text, size_t length)
{
    char *escaped = grown(NULL, 2 * length + 1), *out = escaped;

    for (size_t i = 0; i < length; i++) {
        if (strchr(".[\\*^$", text[i]))
            *out++ = '\\';
        *out++ = text[i];
    }
    *out = '\0';
    return escaped;
}

static void pattern_compile(const char *text, size_t length)
{
    char *pattern = options.fixed ? fixed_escape(text, length) : strndup(text, length);
    char message[128];
    int error;

    if (!pattern)
        program_die(FAILED, "memory");
    patterns = grown(patterns, (pattern_count + 1) * sizeof(*patterns));
    error = regcomp(&patterns[pattern_count], pattern, options.compile_flags);
    if (error) {
        regerror(error, &patterns[pattern_count], message, sizeof(message));
        program_complain("%s: %s", pattern, message);
        exit(FAILED);
    }
    pattern_count++;
    free(pattern);
}

/* A list of patterns with newlines between them. */
static void patterns_compile(const char *text)
{
    for (;;) {
        size_t length = strcspn(text, "\n");

        pattern_compile(text, length);
        if (!text[length])
            return;
        text += length + 1;
    }
}

static bool line_matches(const char *line, size_t length)
{
    for (size_t i = 0; i < pattern_count; i++) {
        regmatch_t match = {.rm_so = 0, .rm_eo = (regoff_t)length};

        if (regexec(&patterns[i], line, 1, &match, REG_STARTEND) != 0)
            continue;
        if (!options.whole || (match.rm_so == 0 && (size_t)match.rm_eo == length))
            return true;
    }
    return false;
}

static void line_print(const char *name, unsigned long number, const char *line, size_t length)
{
    if (options.names == NAMES_ALWAYS)
        printf("%s:", name);
    if (options.numbers)
        printf("%lu:", number);
    fwrite(line, 1, length, stdout);
    putchar('\n');
}

static bool one_is_enough(void)
{
    return options.quiet || options.list;
}

/* Returns how many lines were selected, and prints them if that is asked for. */
static unsigned long lines_select(FILE *file, const char *name)
{
    unsigned long number = 0, selected = 0;
    char *line = NULL;
    size_t capacity = 0;
    ssize_t got;

    while ((got = getline(&line, &capacity, file)) >= 0) {
        size_t length = (size_t)got;

        number++;
        if (length > 0 && line[length - 1] == '\n')
            line[--length] = '\0';
        if (line_matches(line, length) == options.invert)
            continue;
        selected++;
        if (one_is_enough())
            break;
        if (!options.count)
            line_print(name, number, line, length);
    }
    free(line);
    return selected;
}

static void failure(const char *name)
{
    any_failed = true;
    if (!options.silent)
        program_warn(name);
}

static void stream_search(FILE *file, const char *name)
{
    unsigned long selected = lines_select(file, name);

    if (ferror(file))
        failure(name);
    if (selected > 0)
        any_selected = true;
    if (options.quiet)
        return;
    if (options.list && selected > 0)
        puts(name);
    else if (options.count && options.names == NAMES_ALWAYS)
        printf("%s:%lu\n", name, selected);
    else if (options.count)
        printf("%lu\n", selected);
}

static void path_search(const char *path, bool from_directory);

static void directory_search(const char *path)
{
    DIR *dir = opendir(path);
    struct dirent *entry;

    if (!dir) {
        failure(path);
        return;
    }
    while (errno = 0, (entry = readdir(dir)) != NULL) {
        char *below;

        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (asprintf(&below, "%s/%s", path, entry->d_name) < 0)
            program_die(FAILED, "memory");
        path_search(below, true);
        free(below);
    }
    if (errno)
        failure(path);
    closedir(dir);
}

/* Links and devices met inside a directory are passed over; named ones are read. */
static void path_search(const char *path, bool from_directory)
{
    struct stat st;
    FILE *file;

    if ((from_directory ? lstat : stat)(path, &st) < 0) {
        failure(path);
        return;
    }
    if (S_ISDIR(st.st_mode) && options.recurse) {
        directory_search(path);
        return;
    }
    if (from_directory && !S_ISREG(st.st_mode))
        return;
    file = fopen(path, "re");
    if (!file) {
        failure(path);
        return;
    }
    stream_search(file, path);
    fclose(file);
}

static void option_apply(int option)
{
    switch (option) {
    case 'E':
        options.compile_flags |= REG_EXTENDED;
        break;
    case 'F':
        options.fixed = true;
        break;
    case 'H':
        options.names = NAMES_ALWAYS;
        break;
    case 'h':
        options.names = NAMES_NEVER;
        break;
    case 'c':
        options.count = true;
        break;
    case 'i':
        options.compile_flags |= REG_ICASE;
        break;
    case 'l':
        options.list = true;
        break;
    case 'n':
        options.numbers = true;
        break;
    case 'q':
        options.quiet = true;
        break;
    case 'r':
        options.recurse = true;
        break;
    case 's':
        options.silent = true;
        break;
    case 'v':
        options.invert = true;
        break;
    case 'x':
        options.whole = true;
        break;
    default:
        program_usage(FAILED, "grep [-EFHchilnqrsvx] [-e pattern] [pattern] [file...]");
    }
}

/* Returns the text of the patterns: those of -e joined by newlines, or the first operand. */
static char *arguments_parse(int argc, char **argv)
{
    char *text = NULL, *joined;
    int option;

    while ((option = getopt(argc, argv, "EFHce:hilnqrsvx")) != -1) {
        if (option != 'e') {
            option_apply(option);
            continue;
        }
        if (asprintf(&joined, "%s%s%s", text ? text : "", text ? "\n" : "", optarg) < 0)
            program_die(FAILED, "memory");
        free(text);
        text = joined;
    }
    if (!text && optind < argc)
        text = strdup(argv[optind++]);
    if (!text)
        option_apply('?');
    return text;
}

static void search_operands(int argc, char **argv)
{
    if (options.names == NAMES_AUTO && (argc - optind > 1 || options.recurse))
        options.names = NAMES_ALWAYS;
    if (optind == argc && options.recurse)
        path_search(".", false);
    else if (optind == argc)
        stream_search(stdin, "(standard input)");
    for (int i = optind; i < argc; i++) {
        if (strcmp(argv[i], "-") == 0)
            stream_search(stdin, "(standard input)");
        else
            path_search(argv[i], false);
    }
}

int main(int argc, char **argv)
{
    char *text;
    int status;

    program_begin(argv, "grep");
    text = arguments_parse(argc, argv);
    patterns_compile(text);
    free(text);
    search_operands(argc, argv);
    for (size_t i = 0; i < pattern_count; i++)
        regfree(&patterns[i]);
    free(patterns);
    status = any_selected ? SELECTED : NOTHING;
    if (any_failed && !(any_selected && options.quiet))
        status = FAILED;
    return program_finish_or(status, FAILED);
}
