/*
 * builtins_vars.c - variables and parameters: export, readonly, local, unset, set, shift, read.
 *
 * read takes its line byte by byte, so that what follows the line is left for the next reader,
 * and splits it by IFS as POSIX says: the last variable gets the rest of the line.
 */
#include "userland/c/sh/builtins_vars.h"

#include "userland/c/lib/number.h"
#include "userland/c/lib/program.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool name_check(const char *name, size_t length)
{
    if (name_is_valid(name, length) && name_length(name) == length)
        return true;
    program_complain("%s: not a name", name);
    return false;
}

static int readonly_error(struct shell *sh, const char *name)
{
    program_complain("%s: is read only", name);
    shell_abort(sh);
    return STATUS_ERROR;
}

/* Prints VALUE so that the shell would read it back. */
static void print_quoted(const char *value)
{
    putchar('\'');
    for (; *value; value++) {
        if (*value == '\'')
            fputs("'\\''", stdout);
        else
            putchar(*value);
    }
    putchar('\'');
}

static void print_vars(const struct shell *sh, const char *prefix, bool exported, bool readonly)
{
    struct var **list = vars_sorted(&sh->vars, exported, readonly);

    for (size_t i = 0; list[i]; i++) {
        printf("%s%s", prefix, list[i]->name);
        if (list[i]->value) {
            putchar('=');
            print_quoted(list[i]->value);
        }
        putchar('\n');
    }
    free(list);
}

/* NAME or NAME=value: sets the value if there is one. Gives the variable, or NULL (said). */
static struct var *declare(struct shell *sh, const char *word, struct saved_var **saved)
{
    size_t length = strcspn(word, "=");
    char *name = mem_strdup(word);
    struct var *var = NULL;

    name[length] = '\0';
    if (name_check(name, length)) {
        if (saved)
            saved_var_push(sh, saved, name);
        if (word[length] && !vars_set(&sh->vars, name, word + length + 1))
            readonly_error(sh, name);
        else
            var = vars_make(&sh->vars, name);
    }
    free(name);
    return var;
}

int builtin_export(struct shell *sh, int argc, char **argv)
{
    bool readonly = argv[0][0] == 'r';

    if (argc == 1 || (argc == 2 && strcmp(argv[1], "-p") == 0)) {
        print_vars(sh, readonly ? "readonly " : "export ", !readonly, readonly);
        return 0;
    }
    for (int i = 1; i < argc; i++) {
        struct var *var = declare(sh, argv[i], NULL);

        if (!var)
            return STATUS_ERROR;
        if (readonly)
            var->readonly = true;
        else
            var->exported = true;
    }
    return 0;
}

int builtin_local(struct shell *sh, int argc, char **argv)
{
    if (sh->function_depth == 0) {
        program_complain("not in a function");
        return STATUS_ERROR;
    }
    for (int i = 1; i < argc; i++)
        if (!declare(sh, argv[i], &sh->locals))
            return STATUS_ERROR;
    return 0;
}

int builtin_unset(struct shell *sh, int argc, char **argv)
{
    bool functions = false;
    int first = 1;

    if (argc > 1 && (strcmp(argv[1], "-f") == 0 || strcmp(argv[1], "-v") == 0)) {
        functions = argv[1][1] == 'f';
        first = 2;
    }
    for (int i = first; i < argc; i++) {
        if (functions)
            function_remove(sh, argv[i]);
        else if (!name_check(argv[i], strlen(argv[i])))
            return STATUS_ERROR;
        else if (!vars_unset(&sh->vars, argv[i]))
            return readonly_error(sh, argv[i]);
    }
    return 0;
}

static const struct {
    const char *name;
    char letter;
} long_options[] = {{"errexit", 'e'}, {"noglob", 'f'}, {"nounset", 'u'}, {"xtrace", 'x'}};

static char option_letter(const char *name)
{
    for (size_t i = 0; i < sizeof(long_options) / sizeof(long_options[0]); i++)
        if (name && strcmp(name, long_options[i].name) == 0)
            return long_options[i].letter;
    return '\0';
}

/* Applies the letters of one word; -o takes its name from NEXT. False (said) if one is unknown. */
static bool set_options(struct shell *sh, const char *word, const char *next)
{
    bool on = word[0] == '-';

    for (const char *letter = word + 1; *letter; letter++) {
        char option = *letter == 'o' ? option_letter(next) : *letter;

        if (!shell_option_set(sh, option, on)) {
            program_complain("%s: no such option", *letter == 'o' && next ? next : word);
            return false;
        }
    }
    return true;
}

int builtin_set(struct shell *sh, int argc, char **argv)
{
    struct arguments former;
    int first = 1;

    if (argc == 1)
        print_vars(sh, "", false, false);
    for (; first < argc && (argv[first][0] == '-' || argv[first][0] == '+') && argv[first][1];
         first++) {
        if (strcmp(argv[first], "--") == 0)
            break;
        if (!set_options(sh, argv[first], argv[first + 1]))
            return STATUS_ERROR;
        first += strchr(argv[first], 'o') != NULL;
    }
    if (first >= argc)
        return 0;
    if (strcmp(argv[first], "--") == 0)
        first++;
    former = arguments_replace(sh, argv + first, argc - first);
    arguments_free(&former);
    return 0;
}

int builtin_shift(struct shell *sh, int argc, char **argv)
{
    struct arguments former;
    long count = 1;

    if (argc > 1 && !number_parse_long(argv[1], &count)) {
        program_complain("%s: not a number", argv[1]);
        return STATUS_ERROR;
    }
    if (count < 0 || count > sh->arguments.count) {
        program_complain("cannot shift that many");
        return 1;
    }
    former = arguments_replace(sh, sh->arguments.values + count, sh->arguments.count - (int)count);
    arguments_free(&former);
    return 0;
}

/* A line as read: which of its characters were escaped stands in ESCAPED ('x' or '.'). */
struct line {
    struct strbuf text, escaped;
    bool ended; /* by a newline, not by the end of the input */
};

static bool read_byte(char *c)
{
    ssize_t got;

    do {
        got = read(STDIN_FILENO, c, 1);
    } while (got < 0 && errno == EINTR);
    return got == 1;
}

static void line_add(struct line *line, char c, char escaped)
{
    strbuf_append_char(&line->text, c);
    strbuf_append_char(&line->escaped, escaped);
}

static void line_read(struct line *line, bool raw)
{
    char c;

    while (!line->ended && read_byte(&c)) {
        if (c == '\n') {
            line->ended = true;
        } else if (c == '\\' && !raw) {
            if (!read_byte(&c))
                return;
            if (c != '\n')
                line_add(line, c, 'x');
        } else if (c) {
            line_add(line, c, '.');
        }
    }
}

static bool line_splits(const struct line *line, size_t at, const char *ifs)
{
    return at < line->text.length && line->escaped.data[at] == '.' &&
           strchr(ifs, line->text.data[at]);
}

static bool line_blank(const struct line *line, size_t at, const char *ifs)
{
    return line_splits(line, at, ifs) && strchr(" \t\n", line->text.data[at]);
}

static size_t skip_blanks(const struct line *line, size_t at, const char *ifs)
{
    while (line_blank(line, at, ifs))
        at++;
    return at;
}

/* Skips one separator: blanks, at most one other character of IFS, blanks. */
static size_t skip_separator(const struct line *line, size_t at, const char *ifs)
{
    at = skip_blanks(line, at, ifs);
    if (line_splits(line, at, ifs))
        at = skip_blanks(line, at + 1, ifs);
    return at;
}

static size_t field_end(const struct line *line, size_t at, const char *ifs)
{
    while (at < line->text.length && !line_splits(line, at, ifs))
        at++;
    return at;
}

/* Where the last variable's text ends: without the blanks, or the one separator, at the end. */
static size_t rest_end(const struct line *line, size_t at, const char *ifs)
{
    size_t end = field_end(line, at, ifs), last = line->text.length;

    if (skip_separator(line, end, ifs) == last)
        return end;
    while (last > at && line_blank(line, last - 1, ifs))
        last--;
    return last;
}

/* Gives the variables their parts of the line. False (said) if one cannot be set. */
static bool line_assign(struct shell *sh, const struct line *line, char **names, const char *ifs)
{
    size_t end, at = skip_blanks(line, 0, ifs);

    for (; *names; names++) {
        struct strbuf value = {0};
        bool done;

        end = names[1] ? field_end(line, at, ifs) : rest_end(line, at, ifs);
        strbuf_append(&value, strbuf_text(&line->text) + at, end - at);
        done = vars_set(&sh->vars, *names, strbuf_text(&value));
        strbuf_free(&value);
        if (!done) {
            readonly_error(sh, *names);
            return false;
        }
        at = skip_separator(line, end, ifs);
    }
    return true;
}

int builtin_read(struct shell *sh, int argc, char **argv)
{
    static char *reply[] = {"REPLY", NULL};
    bool raw = argc > 1 && strcmp(argv[1], "-r") == 0, done;
    char **names = argv + 1 + raw;
    const char *set = vars_get(&sh->vars, "IFS");
    char *ifs = mem_strdup(set ? set : " \t\n");
    struct line line = {0};

    if (!*names)
        names = reply;
    for (char **name = names; *name; name++) {
        if (!name_check(*name, strlen(*name))) {
            free(ifs);
            return STATUS_ERROR;
        }
    }
    line_read(&line, raw);
    done = line_assign(sh, &line, names, ifs);
    free(ifs);
    strbuf_free(&line.text);
    strbuf_free(&line.escaped);
    if (!done)
        return STATUS_ERROR;
    return line.ended ? 0 : 1;
}
