/*
 * The line discipline's input side. One byte takes this way; each step may use it up:
 *
 *   literal after VLNEXT -> ISTRIP, IUCLC -> IXON (^S ^Q) -> ISIG (^C ^\ ^Z) -> CR and NL ->
 *   ICANON: erase, kill, word erase, reprint, VLNEXT, ends of a line -> stored and echoed
 *
 * The echo runs through output processing like any output, so it knows the cursor's column and an
 * erased tab goes back as far as it came.
 *
 * When the buffer is full: a line that is being edited ignores further bytes but takes its end;
 * whole lines that nobody reads make line_discipline_full() true, and the tty keeps bytes back.
 *
 * Not here: parity and break (no driver reports them), ECHOPRT, the obsolete delays.
 * Nothing here locks, allocates or sleeps: it runs in the UART's interrupt under the tty's lock.
 */
#include "fs/line_discipline.h"

#include "lib/assert.h"
#include "lib/string.h"

#define CELL_END 0x100 /* ends a line */
#define CELL_EOF 0x200 /* no byte: only the end of a line, by VEOF */

#define ASCII_MASK  0x7f
#define PARITY_MARK '\377' /* doubled under PARMRK: termios(3) */

static uint16_t *cell_at(struct line_discipline *ld, uint64_t pos)
{
    return &ld->cell[pos % LINE_SIZE];
}

static char byte_at(const struct line_discipline *ld, uint64_t pos)
{
    return (char)ld->cell[pos % LINE_SIZE];
}

static size_t room(const struct line_discipline *ld)
{
    return LINE_SIZE - (size_t)(ld->tail - ld->head);
}

static bool has_local(const struct line_discipline *ld, uint32_t flag)
{
    return ld->termios.lflag & flag;
}

static bool has_input(const struct line_discipline *ld, uint32_t flag)
{
    return ld->termios.iflag & flag;
}

/* Whether c is the special character of this index; 0 is none. */
static bool is_special(const struct line_discipline *ld, unsigned index, char c)
{
    return c != 0 && ld->termios.cc[index] == (unsigned char)c;
}

static void echo_byte(struct line_discipline *ld, char c)
{
    char out[LINE_OUTPUT_MAX];
    size_t n = line_output_byte(&ld->output, &ld->termios, c, out);

    if (ring_space(&ld->echo) >= n)
        ring_put(&ld->echo, out, n);
}

static void echo_text(struct line_discipline *ld, const char *s)
{
    while (*s)
        echo_byte(ld, *s++);
}

/* A byte as it is shown: control characters as ^X under ECHOCTL, save tab. */
static void echo_visible(struct line_discipline *ld, char c)
{
    if (has_local(ld, ECHOCTL) && line_is_control(c) && c != '\t') {
        echo_byte(ld, '^');
        echo_byte(ld, (char)CONTROL(c));
    } else {
        echo_byte(ld, c);
    }
}

/* Columns that a byte of the line, other than a tab, takes on the screen. */
static unsigned byte_columns(const struct line_discipline *ld, char c)
{
    if (line_is_control(c))
        return has_local(ld, ECHOCTL) ? 2 : 0;
    return line_is_continuation(&ld->termios, c) ? 0 : 1;
}

/* Columns that a tab at position `pos` of the line takes: it went on to the next tab stop. */
static unsigned tab_columns(const struct line_discipline *ld, uint64_t pos)
{
    unsigned column = 0;
    bool after_tab = false;

    while (pos > ld->ready && !after_tab) {
        char c = byte_at(ld, --pos);

        if (c == '\t')
            after_tab = true;
        else
            column += byte_columns(ld, c);
    }
    if (!after_tab)
        column += ld->line_column;
    return TAB_WIDTH - column % TAB_WIDTH;
}

/* Wipes the character whose first byte c stood at the new tail from the screen. */
static void echo_erased(struct line_discipline *ld, char c)
{
    unsigned columns;

    if (c == '\t') {
        for (columns = tab_columns(ld, ld->tail); columns > 0; columns--)
            echo_byte(ld, '\b');
        return;
    }
    for (columns = byte_columns(ld, c); columns > 0; columns--)
        echo_text(ld, "\b \b");
}

/*
 * Takes the last character of the edited line, all bytes of it. Returns false if there is none;
 * *first is its first byte.
 */
static bool line_take_last(struct line_discipline *ld, char *first)
{
    uint64_t pos = ld->tail;

    do {
        if (pos == ld->ready)
            return false;
        *first = byte_at(ld, --pos);
    } while (line_is_continuation(&ld->termios, *first));
    ld->tail = pos;
    return true;
}

static void erase_character(struct line_discipline *ld)
{
    char c;

    if (!line_take_last(ld, &c) || !has_local(ld, ECHO))
        return;
    if (has_local(ld, ECHOE))
        echo_erased(ld, c);
    else
        echo_visible(ld, (char)ld->termios.cc[VERASE]);
}

static bool is_word_byte(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (c & 0x80);
}

/* Erases what is no word at the end of the line, then the word before it. */
static void erase_word(struct line_discipline *ld)
{
    bool in_word = false;
    uint64_t before = ld->tail;
    char c;

    while (line_take_last(ld, &c)) {
        if (is_word_byte(c)) {
            in_word = true;
        } else if (in_word) {
            ld->tail = before;
            return;
        }
        if (has_local(ld, ECHO))
            echo_erased(ld, c);
        before = ld->tail;
    }
}

static void erase_line(struct line_discipline *ld)
{
    const uint32_t visibly = ECHOK | ECHOKE | ECHOE;
    char c;

    if (ld->tail == ld->ready)
        return;
    if (has_local(ld, ECHO) && (ld->termios.lflag & visibly) == visibly) {
        while (line_take_last(ld, &c))
            echo_erased(ld, c);
    }
    ld->tail = ld->ready;
    if (has_local(ld, ECHO) && (ld->termios.lflag & visibly) != visibly) {
        echo_visible(ld, (char)ld->termios.cc[VKILL]);
        if (has_local(ld, ECHOK))
            echo_byte(ld, '\n');
    }
}

static void reprint_line(struct line_discipline *ld)
{
    echo_visible(ld, (char)ld->termios.cc[VREPRINT]);
    echo_byte(ld, '\n');
    ld->line_column = ld->output.column;
    for (uint64_t pos = ld->ready; pos < ld->tail; pos++)
        echo_visible(ld, byte_at(ld, pos));
}

/* The bytes that edit the line. Returns whether c was one of them. */
static bool input_edit(struct line_discipline *ld, char c)
{
    bool extended = has_local(ld, IEXTEN);

    if (is_special(ld, VERASE, c)) {
        erase_character(ld);
    } else if (is_special(ld, VKILL, c)) {
        erase_line(ld);
    } else if (extended && is_special(ld, VWERASE, c)) {
        erase_word(ld);
    } else if (extended && is_special(ld, VLNEXT, c)) {
        ld->literal = true;
        if (has_local(ld, ECHO) && has_local(ld, ECHOCTL))
            echo_text(ld, "^\b");
    } else if (extended && has_local(ld, ECHO) && is_special(ld, VREPRINT, c)) {
        reprint_line(ld);
    } else {
        return false;
    }
    return true;
}

/* Stores a cell if it fits; the last free one is kept for the end of a line. */
static unsigned line_store(struct line_discipline *ld, uint16_t cell)
{
    bool canonical = has_local(ld, ICANON);

    if (room(ld) <= (canonical && !(cell & CELL_END) ? 1 : 0))
        return 0;
    *cell_at(ld, ld->tail) = cell;
    ld->tail++;
    if (canonical && !(cell & CELL_END))
        return 0;
    ld->ready = ld->tail;
    return LINE_READABLE;
}

/* The bytes that end a line. Returns whether c was one; *events gets what it set off. */
static bool input_end(struct line_discipline *ld, char c, unsigned *events)
{
    if (c == '\n') {
        if (has_local(ld, ECHO | ECHONL))
            echo_byte(ld, '\n');
        *events |= line_store(ld, '\n' | CELL_END);
    } else if (is_special(ld, VEOF, c)) {
        *events |= line_store(ld, CELL_EOF | CELL_END);
    } else if (is_special(ld, VEOL, c) || (has_local(ld, IEXTEN) && is_special(ld, VEOL2, c))) {
        if (has_local(ld, ECHO))
            echo_visible(ld, c);
        *events |= line_store(ld, (unsigned char)c | CELL_END);
    } else {
        return false;
    }
    return true;
}

static unsigned input_plain(struct line_discipline *ld, char c)
{
    unsigned events = 0;

    if (ld->tail == ld->ready)
        ld->line_column = ld->output.column;
    if (has_local(ld, ECHO)) {
        if (c == '\n')
            echo_byte(ld, c);
        else
            echo_visible(ld, c);
    }
    if (has_input(ld, PARMRK) && c == PARITY_MARK)
        events |= line_store(ld, (unsigned char)c);
    return events | line_store(ld, (unsigned char)c);
}

static unsigned output_start(struct line_discipline *ld)
{
    if (!ld->stopped)
        return 0;
    ld->stopped = false;
    return LINE_STARTED;
}

/* ^S and ^Q. Returns whether c was one of them. */
static bool input_flow(struct line_discipline *ld, char c, unsigned *events)
{
    if (!has_input(ld, IXON))
        return false;
    if (is_special(ld, VSTART, c))
        *events |= output_start(ld);
    else if (is_special(ld, VSTOP, c))
        ld->stopped = true;
    else
        return false;
    return true;
}

/* The event of a signal's character, or 0. */
static unsigned signal_event(const struct line_discipline *ld, char c)
{
    if (!has_local(ld, ISIG))
        return 0;
    if (is_special(ld, VINTR, c))
        return LINE_INTR;
    if (is_special(ld, VQUIT, c))
        return LINE_QUIT;
    return is_special(ld, VSUSP, c) ? LINE_SUSP : 0;
}

static unsigned input_signal(struct line_discipline *ld, char c, unsigned events)
{
    if (!has_local(ld, NOFLSH)) {
        line_discipline_flush_input(ld);
        ring_clear(&ld->echo);
        events |= LINE_FLUSHED;
    }
    if (has_input(ld, IXON))
        events |= output_start(ld);
    if (has_local(ld, ECHO))
        echo_visible(ld, c);
    return events;
}

/* Carriage return and newline as iflag has them. Returns false when the byte is dropped. */
static bool input_map_newline(const struct line_discipline *ld, char *c)
{
    if (*c == '\r') {
        if (has_input(ld, IGNCR))
            return false;
        if (has_input(ld, ICRNL))
            *c = '\n';
    } else if (*c == '\n' && has_input(ld, INLCR)) {
        *c = '\r';
    }
    return true;
}

static char input_map_case(const struct line_discipline *ld, char c)
{
    if (has_input(ld, ISTRIP))
        c &= ASCII_MASK;
    if (has_input(ld, IUCLC) && has_local(ld, IEXTEN) && c >= 'A' && c <= 'Z')
        c = (char)(c - 'A' + 'a');
    return c;
}

unsigned line_discipline_input(struct line_discipline *ld, char c)
{
    unsigned events = 0;

    c = input_map_case(ld, c);
    if (ld->literal) {
        ld->literal = false;
        return input_plain(ld, c);
    }
    if (input_flow(ld, c, &events))
        return events;
    if (signal_event(ld, c))
        return input_signal(ld, c, signal_event(ld, c));
    if (has_input(ld, IXON) && has_input(ld, IXANY))
        events |= output_start(ld);
    if (!input_map_newline(ld, &c))
        return events;
    if (has_local(ld, ICANON) && (input_edit(ld, c) || input_end(ld, c, &events)))
        return events;
    return events | input_plain(ld, c);
}

bool line_discipline_full(const struct line_discipline *ld)
{
    if (has_local(ld, ICANON))
        return room(ld) <= 1 && ld->head != ld->ready;
    return room(ld) == 0;
}

bool line_discipline_is_signal(const struct line_discipline *ld, char c)
{
    return !ld->literal && signal_event(ld, input_map_case(ld, c)) != 0;
}

/*
 * Takes bytes of the first line. An end of file right behind the last byte that fits goes with it,
 * or the next read would return 0 for a line that was not empty.
 */
static size_t read_line(struct line_discipline *ld, char *buf, size_t n, bool *ended)
{
    size_t count = 0;

    while (ld->head != ld->ready && !*ended) {
        uint16_t cell = *cell_at(ld, ld->head);

        if (count == n && !((cell & CELL_EOF) && n > 0))
            break;
        ld->head++;
        *ended = cell & CELL_END;
        if (!(cell & CELL_EOF))
            buf[count++] = (char)cell;
    }
    return count;
}

size_t line_discipline_read(struct line_discipline *ld, char *buf, size_t n, bool *ended)
{
    size_t count = 0;

    *ended = false;
    if (has_local(ld, ICANON))
        return read_line(ld, buf, n, ended);
    while (count < n && ld->head != ld->ready)
        buf[count++] = byte_at(ld, ld->head++);
    *ended = count > 0;
    return count;
}

bool line_discipline_readable(const struct line_discipline *ld)
{
    return ld->head != ld->ready;
}

size_t line_discipline_available(const struct line_discipline *ld)
{
    size_t count = 0;

    for (uint64_t pos = ld->head; pos != ld->ready; pos++)
        count += !(ld->cell[pos % LINE_SIZE] & CELL_EOF);
    return count;
}

/*
 * To canonical: all that is there becomes one line. Back: the ends of lines are bytes like any
 * other, an end of file is a NUL, as on Linux.
 */
static void convert_cells(struct line_discipline *ld, bool canonical)
{
    for (uint64_t pos = ld->head; pos != ld->tail; pos++)
        *cell_at(ld, pos) &= 0xff;
    if (canonical && ld->tail != ld->head)
        *cell_at(ld, ld->tail - 1) |= CELL_END;
    ld->ready = ld->tail;
}

unsigned line_discipline_set(struct line_discipline *ld, const struct termios *termios)
{
    uint32_t changed = ld->termios.lflag ^ termios->lflag;
    unsigned events = 0;

    ld->termios = *termios;
    if (changed & ICANON) {
        ld->literal = false;
        convert_cells(ld, has_local(ld, ICANON));
        if (ld->head != ld->ready)
            events |= LINE_READABLE;
    }
    if (!has_input(ld, IXON))
        events |= output_start(ld);
    return events;
}

void line_discipline_flush_input(struct line_discipline *ld)
{
    ld->head = ld->tail;
    ld->ready = ld->tail;
    ld->literal = false;
}

void line_discipline_init(struct line_discipline *ld)
{
    memset(ld, 0, sizeof(*ld));
    ld->termios = termios_initial;
    ring_init(&ld->echo, ld->echo_bytes, sizeof(ld->echo_bytes));
}

void line_discipline_check(const struct line_discipline *ld)
{
    assert(ld->head <= ld->ready && ld->ready <= ld->tail);
    assert(ld->tail - ld->head <= LINE_SIZE);
    assert(has_local(ld, ICANON) || ld->ready == ld->tail);
    assert(ld->echo.count <= ECHO_SIZE);
    if (has_local(ld, ICANON) && ld->head != ld->ready)
        assert(ld->cell[(ld->ready - 1) % LINE_SIZE] & CELL_END);
    for (uint64_t pos = ld->ready; pos != ld->tail; pos++)
        assert(!(ld->cell[pos % LINE_SIZE] & (CELL_END | CELL_EOF)));
}
