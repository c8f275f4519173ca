/*
 * strbuf.c - growing strings, and allocation that exits on failure; see strbuf.h.
 *
 * The capacity doubles, so appending N characters one by one copies O(N) in all. There is
 * always room for the NUL after the last character.
 */
#include "userland/c/sh/strbuf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STRBUF_FIRST   32
#define STATUS_FAILURE 2

void *mem_realloc(void *old, size_t size)
{
    void *memory = realloc(old, size ? size : 1);

    if (!memory) {
        fputs("sh: out of memory\n", stderr);
        exit(STATUS_FAILURE);
    }
    return memory;
}

void *mem_alloc(size_t size)
{
    return mem_realloc(NULL, size);
}

char *mem_strdup(const char *text)
{
    size_t size = strlen(text) + 1;

    return memcpy(mem_alloc(size), text, size);
}

void strbuf_append(struct strbuf *buffer, const char *data, size_t length)
{
    size_t wanted = buffer->length + length + 1;

    if (wanted > buffer->capacity) {
        if (buffer->capacity == 0)
            buffer->capacity = STRBUF_FIRST;
        while (buffer->capacity < wanted)
            buffer->capacity *= 2;
        buffer->data = mem_realloc(buffer->data, buffer->capacity);
    }
    if (length > 0)
        memcpy(buffer->data + buffer->length, data, length);
    buffer->length += length;
    buffer->data[buffer->length] = '\0';
}

void strbuf_append_string(struct strbuf *buffer, const char *text)
{
    strbuf_append(buffer, text, strlen(text));
}

void strbuf_append_char(struct strbuf *buffer, char c)
{
    strbuf_append(buffer, &c, 1);
}

void strbuf_truncate(struct strbuf *buffer, size_t length)
{
    if (length == buffer->length)
        return;
    buffer->length = length;
    buffer->data[length] = '\0';
}

const char *strbuf_text(const struct strbuf *buffer)
{
    return buffer->data ? buffer->data : "";
}

char *strbuf_steal(struct strbuf *buffer)
{
    char *text = buffer->data ? buffer->data : mem_strdup("");

    *buffer = (struct strbuf){0};
    return text;
}

void strbuf_free(struct strbuf *buffer)
{
    free(buffer->data);
    *buffer = (struct strbuf){0};
}
