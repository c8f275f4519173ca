/*
 * editor.c - the terminal around the line; see editor.h.
 *
 * A byte at a time is read, so that nothing is taken that belongs to the command to come. The
 * screen is brought up to date only when no further byte waits: a paste is drawn once. A changed
 * window interrupts the read, and the line is drawn anew.
 */
#include "userland/c/sh/editor.h"

#include "userland/c/sh/complete.h"
#include "userland/c/sh/run.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define COLUMNS_DEFAULT 80
#define LIST_GAP        2

void editor_init(struct editor *editor, struct shell *sh)
{
    *editor = (struct editor){.sh = sh};
    sh->history = &editor->history;
}

void editor_free(struct editor *editor)
{
    editor->sh->history = NULL;
    history_free(&editor->history);
    edit_free(&editor->edit);
    draw_free(&editor->draw);
}

static bool can_edit(const struct editor *editor)
{
    const char *term = vars_get(&editor->sh->vars, "TERM");

    return term && *term && strcmp(term, "dumb") != 0 && isatty(STDIN_FILENO) &&
           isatty(STDERR_FILENO);
}

/* ICRNL stays: what is typed ahead may yet become a command's input. */
static bool raw_enter(struct editor *editor)
{
    struct termios raw;

    if (tcgetattr(STDIN_FILENO, &editor->before) != 0)
        return false;
    raw = editor->before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
    raw.c_iflag &= ~(tcflag_t)(IXON | ISTRIP);
    raw.c_oflag |= OPOST | ONLCR;
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    return tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0;
}

static void raw_leave(const struct editor *editor)
{
    tcsetattr(STDIN_FILENO, TCSADRAIN, &editor->before);
}

static void window_changed(int number)
{
    (void)number; /* that read() has ended with EINTR says it all */
}

static void window_measure(struct editor *editor)
{
    struct winsize size = {0};

    editor->draw.columns = COLUMNS_DEFAULT;
    if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        editor->draw.columns = size.ws_col;
}

/* Sends what was drawn. A terminal that takes nothing more shows nothing more. */
static void output_send(struct editor *editor)
{
    const char *data = strbuf_text(&editor->draw.output);
    size_t left = editor->draw.output.length;
    ssize_t sent;

    while (left > 0) {
        sent = write(STDERR_FILENO, data, left);
        if (sent < 0 && errno != EINTR)
            break;
        data += sent > 0 ? sent : 0;
        left -= sent > 0 ? (size_t)sent : 0;
    }
    strbuf_truncate(&editor->draw.output, 0);
}

static void show(struct editor *editor, size_t cursor)
{
    struct edit *edit = &editor->edit;
    struct draw_line line = {.prompt = editor->prompt, .text = strbuf_text(&edit->text)};
    struct strbuf prompt = {0};

    line.cursor = cursor;
    if (edit->searching) {
        strbuf_append_string(&prompt, "(reverse-i-search)`");
        strbuf_append_string(&prompt, strbuf_text(&edit->pattern));
        strbuf_append_string(&prompt, "': ");
        line.prompt = prompt.data;
    }
    draw_show(&editor->draw, &line);
    strbuf_free(&prompt);
}

/* Shows the whole line for the last time and goes on below it. MARK is put behind it. */
static void leave(struct editor *editor, const char *mark)
{
    editor->edit.searching = false;
    show(editor, editor->edit.text.length);
    strbuf_append_string(&editor->draw.output, mark);
    draw_leave(&editor->draw);
}

static void append_padded(struct strbuf *output, const char *name, size_t width)
{
    strbuf_append_string(output, name);
    for (size_t used = draw_width(name); used < width; used++)
        strbuf_append_char(output, ' ');
}

/* The names in columns, sorted downwards. */
static void list_show(struct editor *editor, const struct fields *names)
{
    struct strbuf *output = &editor->draw.output;
    size_t widest = 0, across, down;

    for (size_t i = 0; i < names->count; i++)
        if (draw_width(names->items[i]) > widest)
            widest = draw_width(names->items[i]);
    widest += LIST_GAP;
    across = editor->draw.columns / widest > 0 ? editor->draw.columns / widest : 1;
    down = (names->count + across - 1) / across;
    for (size_t row = 0; row < down; row++) {
        for (size_t i = row; i < names->count; i += down)
            append_padded(output, names->items[i], i + down < names->count ? widest : 0);
        strbuf_append_char(output, '\n');
    }
}

/* Tab: puts in what is sure; pressed again, lists what is not. */
static enum edit_result complete(struct editor *editor, bool again)
{
    struct edit *edit = &editor->edit;
    const char *text = strbuf_text(&edit->text);
    enum edit_result result = EDIT_MORE;
    struct completion completion;
    size_t length;

    complete_word(editor->sh, text, edit->cursor, &completion);
    length = edit->cursor - completion.start;
    if (completion.names.count > 0 &&
        (strlen(completion.common) != length ||
         memcmp(text + completion.start, completion.common, length))) {
        edit_replace(edit, length, completion.common);
    } else if (completion.names.count > 0 && again) {
        leave(editor, "");
        list_show(editor, &completion.names);
    } else {
        editor->tabbed = completion.names.count > 0;
        result = EDIT_BELL;
    }
    completion_free(&completion);
    return result;
}

/* Does what the line cannot do itself. */
static enum edit_result key_apply(struct editor *editor, const struct key *key)
{
    bool again = editor->tabbed;
    enum edit_result result = edit_key(&editor->edit, key);

    editor->tabbed = false;
    if (result == EDIT_COMPLETE)
        result = complete(editor, again);
    if (result == EDIT_CLEAR)
        draw_clear(&editor->draw);
    if (result == EDIT_BELL)
        strbuf_append_char(&editor->draw.output, '\a');
    return result == EDIT_BELL || result == EDIT_CLEAR ? EDIT_MORE : result;
}

static bool input_waits(void)
{
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};

    return poll(&input, 1, 0) > 0;
}

/* Reads keys until the line is over. */
static enum edit_result line_edit(struct editor *editor)
{
    enum edit_result result = EDIT_MORE;
    struct key key = {0};
    ssize_t got;
    char byte;

    while (result == EDIT_MORE) {
        if (!input_waits())
            show(editor, editor->edit.cursor);
        output_send(editor);
        got = read(STDIN_FILENO, &byte, 1);
        if (got < 0 && errno == EINTR) {
            window_measure(editor);
            continue;
        }
        if (got <= 0)
            return EDIT_END;
        if (!key_add(&key, byte))
            continue;
        result = key_apply(editor, &key);
        key = (struct key){0};
    }
    return result;
}

static enum input_line line_finish(struct editor *editor, enum edit_result result,
                                   struct strbuf *line)
{
    const char *text = strbuf_text(&editor->edit.text);

    if (result == EDIT_END) {
        show(editor, editor->edit.cursor);
        return INPUT_LINE_END;
    }
    leave(editor, result == EDIT_DROPPED ? "^C" : "");
    if (result == EDIT_DROPPED)
        return INPUT_LINE_DROPPED;
    history_add(&editor->history, text);
    strbuf_append_string(line, text);
    strbuf_append_char(line, '\n');
    return INPUT_LINE_READ;
}

enum input_line editor_read(void *context, bool continued, struct strbuf *line)
{
    struct sigaction changed = {.sa_handler = window_changed}, before;
    struct editor *editor = context;
    enum input_line outcome;

    if (!can_edit(editor) || !raw_enter(editor))
        return INPUT_LINE_PLAIN;
    sigaction(SIGWINCH, &changed, &before);
    editor->prompt = run_prompt_text(editor->sh, continued);
    draw_begin(&editor->draw);
    edit_begin(&editor->edit, &editor->history);
    window_measure(editor);
    outcome = line_finish(editor, line_edit(editor), line);
    output_send(editor);
    raw_leave(editor);
    sigaction(SIGWINCH, &before, NULL);
    free(editor->prompt);
    editor->prompt = NULL;
    return outcome;
}
