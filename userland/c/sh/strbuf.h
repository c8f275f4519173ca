/*
 * strbuf.h - memory that never fails to come, and strings that grow.
 *
 * A shell that is out of memory has nothing sensible left to do, so mem_* say so and exit
 * with status 2; their callers need no checks.
 */
#ifndef SH_STRBUF_H
#define SH_STRBUF_H

#include <stddef.h>

/* malloc, realloc and strdup that exit the process instead of returning NULL. */
void *mem_alloc(size_t size);
void *mem_realloc(void *old, size_t size);
char *mem_strdup(const char *text);

/* Always NUL-terminated once anything was appended; an empty one may have data == NULL. */
struct strbuf {
    char *data;
    size_t length;
    size_t capacity;
};

void strbuf_append(struct strbuf *buffer, const char *data, size_t length);
void strbuf_append_string(struct strbuf *buffer, const char *text);
void strbuf_append_char(struct strbuf *buffer, char c);

/* Shortens to LENGTH, which must not exceed the present one. */
void strbuf_truncate(struct strbuf *buffer, size_t length);

/* The text, "" if empty; owned by the buffer and valid until it changes. */
const char *strbuf_text(const struct strbuf *buffer);

/* Hands the text over to the caller, who frees it; the buffer is empty again. Never NULL. */
char *strbuf_steal(struct strbuf *buffer);

void strbuf_free(struct strbuf *buffer);

#endif
