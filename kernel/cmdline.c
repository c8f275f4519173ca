#include "kernel/cmdline.h"

#include "lib/string.h"

static char cmdline[CMDLINE_MAX];

void cmdline_init(const char *line)
{
    str_copy(cmdline, line ? line : "", sizeof(cmdline));
}

const char *cmdline_text(void)
{
    return cmdline;
}

/* The next word at or after s: its start, and its length in *len; NULL at the end or at "--". */
static const char *cmdline_word(const char *s, size_t *len)
{
    while (*s == ' ' || *s == '\t')
        s++;
    *len = 0;
    while (s[*len] && s[*len] != ' ' && s[*len] != '\t')
        (*len)++;
    if (*len == 0 || (*len == 2 && memcmp(s, "--", 2) == 0))
        return NULL;
    return s;
}

/* The value of the last word KEY or KEY=VALUE, not terminated, its length in *len; or NULL. */
static const char *cmdline_find(const char *key, size_t *len)
{
    size_t key_len = strlen(key), word_len;
    const char *found = NULL;

    *len = 0;
    for (const char *w = cmdline; (w = cmdline_word(w, &word_len)); w += word_len) {
        if (word_len < key_len || memcmp(w, key, key_len) != 0)
            continue;
        if (word_len > key_len && w[key_len] != '=')
            continue;
        found = w + key_len + (word_len > key_len);
        *len = word_len - key_len - (word_len > key_len);
    }
    return found;
}

bool cmdline_get(const char *key, char *buf, size_t size)
{
    size_t len;
    const char *value = cmdline_find(key, &len);

    if (!value)
        return false;
    len = MIN(len, size - 1);
    memcpy(buf, value, len);
    buf[len] = '\0';
    return true;
}
