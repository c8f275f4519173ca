/*
 * complete.c - finds the names that a word begins; see complete.h.
 *
 * The word is found by walking the line from its beginning, as quotes demand. It is a command's
 * name if nothing but an operator stands before it and it has no slash. Names with characters that
 * mean something to the shell get a backslash, unless a quote is open.
 */
#include "userland/c/sh/complete.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SPECIAL " \t\n|&;<>()$`\\\"'*?["

/* The word being completed. */
struct target {
    size_t start; /* in the line */
    bool command;
    char quote;         /* the one that is open, or 0 */
    struct strbuf text; /* without quotes */
};

static void target_begin(struct target *target, size_t start, bool command)
{
    target->start = start;
    target->command = command;
    strbuf_truncate(&target->text, 0);
}

/* Words after which a command begins (POSIX 2.4). */
static bool text_is_reserved(const char *text)
{
    static const char *const words[] = {"if",    "then", "else", "elif", "while",
                                        "until", "do",   "!",    "{"};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(words[i], text) == 0)
            return true;
    return *text == '\0';
}

/* One unquoted character, at byte AT. */
static void target_plain(struct target *target, char c, size_t at)
{
    if (strchr("|&;(`\n", c))
        target_begin(target, at + 1, true);
    else if (strchr("<>", c))
        target_begin(target, at + 1, false);
    else if (c == ' ' || c == '\t')
        target_begin(target, at + 1,
                     target->command && text_is_reserved(strbuf_text(&target->text)));
    else
        strbuf_append_char(&target->text, c);
}

static void target_find(struct target *target, const char *line, size_t cursor)
{
    target_begin(target, 0, true);
    for (size_t at = 0; at < cursor; at++) {
        if (target->quote && line[at] == target->quote)
            target->quote = 0;
        else if (line[at] == '\\' && target->quote != '\'' && at + 1 < cursor)
            strbuf_append_char(&target->text, line[++at]);
        else if (!target->quote && (line[at] == '"' || line[at] == '\''))
            target->quote = line[at];
        else if (target->quote)
            strbuf_append_char(&target->text, line[at]);
        else
            target_plain(target, line[at], at);
    }
}

static void add_if(struct fields *names, const char *name, const char *prefix)
{
    if (strncmp(name, prefix, strlen(prefix)) == 0)
        fields_add(names, mem_strdup(name));
}

static bool path_is(const char *path, bool directory)
{
    struct stat st;

    if (stat(path, &st) != 0)
        return false;
    return directory ? S_ISDIR(st.st_mode) : S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

static char *path_join(const char *directory, const char *name)
{
    struct strbuf path = {0};

    strbuf_append_string(&path, directory);
    if (path.length > 0 && path.data[path.length - 1] != '/')
        strbuf_append_char(&path, '/');
    strbuf_append_string(&path, name);
    return strbuf_steal(&path);
}

/* Adds the names in DIRECTORY that PREFIX begins: programs only, or all. Hidden ones if asked. */
static void add_directory(struct fields *names, const char *directory, const char *prefix,
                          bool programs)
{
    DIR *dir = opendir(*directory ? directory : ".");
    struct dirent *entry;

    while (dir && (entry = readdir(dir)) != NULL) {
        char *path;
        bool is_directory;

        if (strncmp(entry->d_name, prefix, strlen(prefix)) != 0 ||
            (entry->d_name[0] == '.' && prefix[0] != '.') || strcmp(entry->d_name, ".") == 0 ||
            strcmp(entry->d_name, "..") == 0)
            continue;
        path = path_join(directory, entry->d_name);
        is_directory = path_is(path, true);
        if (!programs || path_is(path, false))
            fields_add(names, !programs && is_directory ? path_join(entry->d_name, "")
                                                        : mem_strdup(entry->d_name));
        free(path);
    }
    if (dir)
        closedir(dir);
}

static void add_commands(const struct shell *sh, struct fields *names, const char *prefix)
{
    const char *path = vars_get(&sh->vars, "PATH");

    for (size_t i = 0; sh->builtin_name(i); i++)
        add_if(names, sh->builtin_name(i), prefix);
    for (const struct function *f = sh->functions; f; f = f->next)
        add_if(names, f->name, prefix);
    while (path && *path) {
        size_t length = strcspn(path, ":");
        char *directory = strndup(path, length);

        if (directory)
            add_directory(names, directory, prefix, true);
        free(directory);
        path += length + (path[length] == ':');
    }
}

static void names_sort(struct fields *names)
{
    size_t kept = 0;

    if (names->count == 0)
        return;
    fields_sort(names, 0);
    for (size_t i = 1; i < names->count; i++) {
        if (strcmp(names->items[kept], names->items[i]) != 0)
            names->items[++kept] = names->items[i];
        else
            free(names->items[i]);
    }
    names->count = kept + 1;
    names->items[names->count] = NULL;
}

/* Bytes that all names begin with, no character cut. */
static size_t names_common(const struct fields *names)
{
    const char *first = names->items[0];
    size_t length = strlen(first);

    for (size_t i = 1; i < names->count; i++)
        for (size_t at = 0; at < length; at++)
            if (names->items[i][at] != first[at])
                length = at;
    while (length > 0 && ((unsigned char)first[length] & 0xc0) == 0x80)
        length--;
    return length;
}

static void append_quoted(struct strbuf *text, const char *name, size_t length, char quote)
{
    for (size_t i = 0; i < length; i++) {
        if ((!quote && strchr(SPECIAL, name[i])) || (quote == '"' && strchr("$`\\\"", name[i])))
            strbuf_append_char(text, '\\');
        strbuf_append_char(text, name[i]);
    }
}

/* "~/x" is under HOME; anything else is itself. Malloc'ed. */
static char *directory_of(const struct shell *sh, const char *text, size_t length)
{
    const char *home = vars_get(&sh->vars, "HOME");
    struct strbuf path = {0};

    if (home && length > 1 && text[0] == '~' && text[1] == '/') {
        strbuf_append_string(&path, home);
        text++;
        length--;
    }
    strbuf_append(&path, text, length);
    return strbuf_steal(&path);
}

void complete_word(const struct shell *sh, const char *line, size_t cursor,
                   struct completion *completion)
{
    struct target target = {0};
    struct strbuf common = {0};
    const char *text, *slash, *prefix;
    char *directory;
    size_t kept;

    *completion = (struct completion){0};
    target_find(&target, line, cursor);
    text = strbuf_text(&target.text);
    slash = strrchr(text, '/');
    kept = slash ? (size_t)(slash - text) + 1 : 0;
    prefix = text + kept;
    directory = directory_of(sh, text, kept);
    if (target.command && !slash)
        add_commands(sh, &completion->names, prefix);
    else
        add_directory(&completion->names, directory, prefix, false);
    names_sort(&completion->names);
    completion->start = target.start;
    completion->whole = completion->names.count == 1;
    if (target.quote)
        strbuf_append_char(&common, target.quote);
    append_quoted(&common, text, kept, target.quote);
    if (completion->names.count > 0)
        append_quoted(&common, completion->names.items[0], names_common(&completion->names),
                      target.quote);
    if (completion->whole && common.data[common.length - 1] != '/') {
        if (target.quote)
            strbuf_append_char(&common, target.quote);
        strbuf_append_char(&common, ' ');
    }
    completion->common = strbuf_steal(&common);
    free(directory);
    strbuf_free(&target.text);
}

void completion_free(struct completion *completion)
{
    fields_free(&completion->names);
    free(completion->common);
    completion->common = NULL;
}
