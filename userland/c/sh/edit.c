/*
 * edit.c - what keys do to the line; see edit.h.
 *
 * Every change is edit_replace, or a new text as a whole from history. Positions are bytes;
 * step_left and step_right move by characters, so that none is ever cut in two.
 */
#include "userland/c/sh/edit.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static bool is_inner(const struct edit *edit, size_t at)
{
    return ((unsigned char)edit->text.data[at] & 0xc0) == 0x80;
}

static size_t step_left(const struct edit *edit, size_t at)
{
    if (at > 0)
        at--;
    while (at > 0 && is_inner(edit, at))
        at--;
    return at;
}

static size_t step_right(const struct edit *edit, size_t at)
{
    if (at < edit->text.length)
        at++;
    while (at < edit->text.length && is_inner(edit, at))
        at++;
    return at;
}

/* A word of ^left and ESC: letters, digits and whatever is not ASCII. */
static bool is_word(const struct edit *edit, size_t at)
{
    unsigned char c = (unsigned char)edit->text.data[at];

    return c >= 0x80 || isalnum(c) || c == '_';
}

static size_t word_left(const struct edit *edit)
{
    size_t at = edit->cursor;

    while (at > 0 && !is_word(edit, at - 1))
        at--;
    while (at > 0 && is_word(edit, at - 1))
        at--;
    return at;
}

static size_t word_right(const struct edit *edit)
{
    size_t at = edit->cursor;

    while (at < edit->text.length && !is_word(edit, at))
        at++;
    while (at < edit->text.length && is_word(edit, at))
        at++;
    return at;
}

/* ^W's word: whatever stands between blanks. */
static size_t blank_left(const struct edit *edit)
{
    size_t at = edit->cursor;

    while (at > 0 && edit->text.data[at - 1] == ' ')
        at--;
    while (at > 0 && edit->text.data[at - 1] != ' ')
        at--;
    return at;
}

void edit_replace(struct edit *edit, size_t length, const char *text)
{
    char *rest = mem_strdup(strbuf_text(&edit->text) + edit->cursor);

    assert(length <= edit->cursor && edit->cursor <= edit->text.length);
    strbuf_truncate(&edit->text, edit->cursor - length);
    strbuf_append_string(&edit->text, text);
    edit->cursor = edit->text.length;
    strbuf_append_string(&edit->text, rest);
    free(rest);
}

static void text_set(struct edit *edit, const char *text)
{
    edit->cursor = edit->text.length;
    edit_replace(edit, edit->cursor, text);
}

static enum edit_result cursor_move(struct edit *edit, size_t to)
{
    enum edit_result result = to == edit->cursor ? EDIT_BELL : EDIT_MORE;

    edit->cursor = to;
    return result;
}

/* Erases FROM to TO, which the cursor is at either end of. */
static enum edit_result erase(struct edit *edit, size_t from, size_t to)
{
    if (from == to)
        return EDIT_BELL;
    edit->cursor = to;
    edit_replace(edit, to - from, "");
    return EDIT_MORE;
}

/* Erases for ^Y; what several such keys in a row erase is kept together. */
static enum edit_result kill_text(struct edit *edit, size_t from, size_t to, bool again)
{
    bool before = to == edit->cursor;
    char *former = strbuf_steal(&edit->killed);

    if (again && !before)
        strbuf_append_string(&edit->killed, former);
    if (to > from)
        strbuf_append(&edit->killed, edit->text.data + from, to - from);
    if (again && before)
        strbuf_append_string(&edit->killed, former);
    free(former);
    edit->killing = true;
    return erase(edit, from, to);
}

/* Swaps the characters around the cursor; at the end, the last two. */
static enum edit_result swap(struct edit *edit)
{
    size_t at = edit->cursor == edit->text.length ? step_left(edit, edit->cursor) : edit->cursor;
    size_t left = step_left(edit, at), right = step_right(edit, at);
    struct strbuf swapped = {0};

    if (at == 0 || at == right)
        return EDIT_BELL;
    strbuf_append(&swapped, edit->text.data + at, right - at);
    strbuf_append(&swapped, edit->text.data + left, at - left);
    edit->cursor = right;
    edit_replace(edit, right - left, swapped.data);
    strbuf_free(&swapped);
    return EDIT_MORE;
}

/* Shows line PLACE of history, or the line's own. */
static void history_show(struct edit *edit, size_t place)
{
    if (place < edit->history->lines.count) {
        if (!edit->own)
            edit->own = mem_strdup(strbuf_text(&edit->text));
        text_set(edit, edit->history->lines.items[place]);
    } else if (edit->own) {
        text_set(edit, edit->own);
        free(edit->own);
        edit->own = NULL;
    }
    edit->place = place;
}

static enum edit_result history_up(struct edit *edit)
{
    if (edit->place == 0)
        return EDIT_BELL;
    history_show(edit, edit->place - 1);
    return EDIT_MORE;
}

static enum edit_result history_down(struct edit *edit)
{
    if (edit->place == edit->history->lines.count)
        return EDIT_BELL;
    history_show(edit, edit->place + 1);
    return EDIT_MORE;
}

static enum edit_result search_before(struct edit *edit, size_t before)
{
    size_t found = history_search(edit->history, before, strbuf_text(&edit->pattern));

    if (found == before)
        return EDIT_BELL;
    history_show(edit, found);
    edit->cursor = (size_t)(strstr(edit->text.data, strbuf_text(&edit->pattern)) - edit->text.data);
    return EDIT_MORE;
}

/* A key while ^R searches. False if it ends the search and does its own work as well. */
static bool search_key(struct edit *edit, const struct key *key, enum edit_result *result)
{
    size_t length = edit->pattern.length, count = edit->history->lines.count;

    *result = EDIT_MORE;
    if (key->code == KEY_TEXT) {
        strbuf_append(&edit->pattern, key->bytes, key->length);
        *result = search_before(edit, edit->place < count ? edit->place + 1 : count);
    } else if (key->code == KEY_CONTROL('R')) {
        *result = length > 0 ? search_before(edit, edit->place) : EDIT_BELL;
    } else if (key->code == KEY_RUBOUT || key->code == KEY_CONTROL('H')) {
        while (length > 0 && ((unsigned char)edit->pattern.data[length - 1] & 0xc0) == 0x80)
            length--;
        strbuf_truncate(&edit->pattern, length > 0 ? length - 1 : 0);
        history_show(edit, edit->origin);
        if (edit->pattern.length > 0)
            *result = search_before(edit, count);
    } else if (key->code == KEY_CONTROL('G')) {
        history_show(edit, edit->origin);
        edit->searching = false;
    } else {
        edit->searching = false;
        return false;
    }
    return true;
}

static enum edit_result search_begin(struct edit *edit)
{
    edit->searching = true;
    edit->origin = edit->place;
    strbuf_truncate(&edit->pattern, 0);
    return EDIT_MORE;
}

void edit_begin(struct edit *edit, const struct history *history)
{
    strbuf_truncate(&edit->text, 0);
    free(edit->own);
    edit->own = NULL;
    edit->cursor = 0;
    edit->killing = edit->searching = false;
    edit->history = history;
    edit->place = history->lines.count;
}

static enum edit_result key_insert(struct edit *edit, const struct key *key)
{
    char text[KEY_BYTES_MAX + 1] = "";

    memcpy(text, key->bytes, key->length);
    edit_replace(edit, 0, text);
    return EDIT_MORE;
}

/* Keys that move. EDIT_LINE if it is none of them. */
static enum edit_result key_move(struct edit *edit, int code)
{
    switch (code) {
    case KEY_CONTROL('A'):
    case KEY_HOME:
        return cursor_move(edit, 0);
    case KEY_CONTROL('E'):
    case KEY_END:
        return cursor_move(edit, edit->text.length);
    case KEY_CONTROL('B'):
    case KEY_LEFT:
        return cursor_move(edit, step_left(edit, edit->cursor));
    case KEY_CONTROL('F'):
    case KEY_RIGHT:
        return cursor_move(edit, step_right(edit, edit->cursor));
    case KEY_WORD_LEFT:
        return cursor_move(edit, word_left(edit));
    case KEY_WORD_RIGHT:
        return cursor_move(edit, word_right(edit));
    case KEY_CONTROL('P'):
    case KEY_UP:
        return history_up(edit);
    case KEY_CONTROL('N'):
    case KEY_DOWN:
        return history_down(edit);
    default:
        return EDIT_LINE;
    }
}

/* Keys that erase. EDIT_LINE if it is none of them. AGAIN: so did the key before. */
static enum edit_result key_erase(struct edit *edit, int code, bool again)
{
    size_t cursor = edit->cursor;

    switch (code) {
    case KEY_CONTROL('H'):
    case KEY_RUBOUT:
        return erase(edit, step_left(edit, cursor), cursor);
    case KEY_CONTROL('D'):
    case KEY_DELETE:
        return erase(edit, cursor, step_right(edit, cursor));
    case KEY_CONTROL('W'):
        return kill_text(edit, blank_left(edit), cursor, again);
    case KEY_WORD_RUBOUT:
        return kill_text(edit, word_left(edit), cursor, again);
    case KEY_WORD_DELETE:
        return kill_text(edit, cursor, word_right(edit), again);
    case KEY_CONTROL('U'):
        return kill_text(edit, 0, cursor, again);
    case KEY_CONTROL('K'):
        return kill_text(edit, cursor, edit->text.length, again);
    default:
        return EDIT_LINE;
    }
}

/* The other keys. */
static enum edit_result key_other(struct edit *edit, const struct key *key)
{
    switch (key->code) {
    case KEY_TEXT:
        return key_insert(edit, key);
    case '\r':
    case '\n':
        return EDIT_LINE;
    case '\t':
        return EDIT_COMPLETE;
    case KEY_CONTROL('C'):
        return EDIT_DROPPED;
    case KEY_CONTROL('L'):
        return EDIT_CLEAR;
    case KEY_CONTROL('R'):
        return search_begin(edit);
    case KEY_CONTROL('T'):
        return swap(edit);
    case KEY_CONTROL('Y'):
        edit_replace(edit, 0, strbuf_text(&edit->killed));
        return EDIT_MORE;
    default:
        return EDIT_BELL;
    }
}

enum edit_result edit_key(struct edit *edit, const struct key *key)
{
    bool again = edit->killing;
    enum edit_result result;

    edit->killing = false;
    if (edit->searching && search_key(edit, key, &result))
        return result;
    if (key->code == KEY_CONTROL('D') && edit->text.length == 0)
        return EDIT_END;
    result = key_move(edit, key->code);
    if (result == EDIT_LINE)
        result = key_erase(edit, key->code, again);
    if (result == EDIT_LINE)
        result = key_other(edit, key);
    return result;
}

void edit_free(struct edit *edit)
{
    strbuf_free(&edit->text);
    strbuf_free(&edit->killed);
    strbuf_free(&edit->pattern);
    free(edit->own);
    edit->own = NULL;
}
