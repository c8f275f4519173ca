/*
 * draw.c - where text stands on a screen, and how the cursor gets there; see draw.h.
 *
 * A spot is a place relative to where the prompt began. The same walk over the bytes answers all
 * questions: rows between cursor and prompt, rows between end and cursor, the column. A line that
 * only grew at its end is not drawn again: what is new is sent alone.
 */
#include "userland/c/sh/draw.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ESCAPE 0x1b

struct spot {
    size_t row, column;
};

struct range {
    uint32_t first, last;
};

/* Characters that add to the one before, and those two columns wide (Unicode TR 11, in outline). */
static const struct range narrow[] = {
    {0x0300, 0x036f}, {0x200b, 0x200f}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}};
static const struct range wide[] = {
    {0x1100, 0x115f}, {0x2e80, 0xa4cf}, {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},
    {0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x1f300, 0x1f64f}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};

static bool is_in(const struct range *ranges, size_t count, uint32_t c)
{
    for (size_t i = 0; i < count; i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    return false;
}

/* The bytes and the columns of the character at TEXT; escape sequences take none. */
static size_t character_take(const char *text, size_t *columns)
{
    unsigned char first = (unsigned char)*text;
    uint32_t c = first < 0x80   ? first
                 : first < 0xe0 ? first & 0x1f
                                : first & (first < 0xf0 ? 15 : 7);
    size_t length = 1;

    *columns = 0;
    if (first == ESCAPE) {
        length += text[1] == '[';
        length += strspn(text + length, "0123456789;?");
        return length + (text[length] != '\0');
    }
    while (first >= 0xc0 && ((unsigned char)text[length] & 0xc0) == 0x80)
        c = c << 6 | ((unsigned char)text[length++] & 0x3f);
    if (c < ' ' || is_in(narrow, sizeof(narrow) / sizeof(narrow[0]), c))
        return length;
    *columns = is_in(wide, sizeof(wide) / sizeof(wide[0]), c) ? 2 : 1;
    return length;
}

/* Where the cursor is after LENGTH bytes of TEXT. */
static struct spot spot_after(const char *text, size_t length, size_t width)
{
    struct spot spot = {0};
    size_t columns;

    for (size_t at = 0; at < length;) {
        bool newline = text[at] == '\n';

        at += character_take(text + at, &columns);
        if (newline || spot.column + columns > width)
            spot = (struct spot){.row = spot.row + 1};
        spot.column += columns;
        if (spot.column >= width)
            spot = (struct spot){.row = spot.row + 1};
    }
    return spot;
}

static void move(struct draw *draw, size_t count, char direction)
{
    char text[24];

    if (count == 0)
        return;
    snprintf(text, sizeof(text), "\x1b[%zu%c", count, direction);
    strbuf_append_string(&draw->output, text);
}

/* From where the terminal's cursor is after all that is shown, to SPOT. */
static void move_back(struct draw *draw, struct spot end, struct spot spot)
{
    if (end.row == spot.row && end.column == spot.column)
        return;
    move(draw, end.row - spot.row, 'A');
    strbuf_append_char(&draw->output, '\r');
    move(draw, spot.column, 'C');
}

/* Sends what is shown from byte FROM on. */
static void send_shown(struct draw *draw, size_t from)
{
    const char *text = strbuf_text(&draw->shown);
    size_t length = draw->shown.length;
    struct spot end = spot_after(text, length, draw->columns);

    strbuf_append_string(&draw->output, text + from);
    if (length > from && end.column == 0 && text[length - 1] != '\n')
        strbuf_append_char(&draw->output, '\n'); /* the terminal holds back its wrap */
}

void draw_begin(struct draw *draw)
{
    strbuf_truncate(&draw->shown, 0);
    draw->cursor = 0;
    draw->fresh = true;
}

void draw_show(struct draw *draw, const struct draw_line *line)
{
    char *former = strbuf_steal(&draw->shown);
    size_t length = strlen(former), from = 0;
    struct spot spot = spot_after(former, draw->cursor, draw->columns);
    bool grown;

    strbuf_append_string(&draw->shown, line->prompt);
    draw->cursor = draw->shown.length + line->cursor;
    strbuf_append_string(&draw->shown, line->text);
    grown = !draw->fresh && draw->cursor == draw->shown.length &&
            strncmp(former, strbuf_text(&draw->shown), length) == 0 &&
            draw->shown.length > length &&
            spot_after(former, length, draw->columns).row == spot.row &&
            spot_after(former, length, draw->columns).column == spot.column;
    if (grown) {
        from = length;
    } else if (!draw->fresh) {
        move(draw, spot.row, 'A');
        strbuf_append_string(&draw->output, "\r\x1b[J");
    }
    send_shown(draw, from);
    move_back(draw, spot_after(strbuf_text(&draw->shown), draw->shown.length, draw->columns),
              spot_after(strbuf_text(&draw->shown), draw->cursor, draw->columns));
    draw->fresh = false;
    free(former);
}

void draw_leave(struct draw *draw)
{
    struct spot spot = spot_after(strbuf_text(&draw->shown), draw->cursor, draw->columns);
    struct spot end = spot_after(strbuf_text(&draw->shown), draw->shown.length, draw->columns);

    for (; spot.row < end.row; spot.row++)
        strbuf_append_char(&draw->output, '\n');
    if (end.column > 0 || end.row == 0)
        strbuf_append_char(&draw->output, '\n');
    draw_begin(draw);
}

void draw_clear(struct draw *draw)
{
    strbuf_append_string(&draw->output, "\x1b[H\x1b[J");
    draw_begin(draw);
}

size_t draw_width(const char *text)
{
    return spot_after(text, strlen(text), SIZE_MAX).column;
}

void draw_free(struct draw *draw)
{
    strbuf_free(&draw->output);
    strbuf_free(&draw->shown);
}
