#include "process/script.h"

#include "lib/errno.h"
#include "lib/string.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static char *skip_blanks(char *s)
{
    while (is_blank(*s))
        s++;
    return s;
}

/* Cuts blanks off the end of [start, end). */
static void trim(char *start, char *end)
{
    while (end > start && is_blank(end[-1]))
        end--;
    *end = '\0';
}

int script_parse(char *line, size_t size, char **interpreter, char **argument)
{
    char *end, *s;

    if (size < 2 || line[0] != '#' || line[1] != '!')
        return -ENOEXEC;
    line[size] = '\0';
    end = memchr(line, '\n', size);
    trim(line + 2, end ? end : line + strlen(line));
    *interpreter = skip_blanks(line + 2);
    for (s = *interpreter; *s && !is_blank(*s); s++)
        ;
    if (s == *interpreter || (!end && size == SCRIPT_LINE_MAX && !*s))
        return -ENOEXEC;
    *argument = NULL;
    if (!*s)
        return 0;
    *s++ = '\0';
    s = skip_blanks(s);
    *argument = *s ? s : NULL;
    return 0;
}
