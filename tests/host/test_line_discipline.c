/*
 * The line discipline: a table of what is typed, echoed and read, from termios(3) and POSIX
 * chapter 11; limits and mode changes. Random keys: test_line_model.c.
 */
// uses: fs/line_discipline.c fs/line_output.c fs/termios.c lib/ring.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/host/support/line_host.h"

/* All that can be read, each read in brackets: "[line\n][]" is a line and an end of file. */
static const char *read_all(size_t size)
{
    static char text[TEXT_SIZE];
    char buf[LINE_SIZE];
    size_t at = 0;
    bool ended;

    while (line_discipline_readable(&ld)) {
        size_t n = line_discipline_read(&ld, buf, size, &ended);

        line_discipline_check(&ld);
        text[at++] = '[';
        memcpy(text + at, buf, n);
        at += n;
        text[at++] = ']';
    }
    text[at] = '\0';
    return text;
}

struct key_case {
    const char *name;
    const char *keys, *echo, *reads;
    unsigned events; /* those that must come, besides LINE_READABLE */
    uint32_t iflag, oflag, lflag, lflag_off;
};

static const struct key_case cases[] = {
    {"a line ends with newline", "ls\n", "ls\r\n", "[ls\n]", 0, 0, 0, 0, 0},
    {"return becomes newline", "ls\r", "ls\r\n", "[ls\n]", 0, 0, 0, 0, 0},
    {"an unfinished line cannot be read", "ls", "ls", "", 0, 0, 0, 0, 0},
    {"two lines are two reads", "a\nb\n", "a\r\nb\r\n", "[a\n][b\n]", 0, 0, 0, 0, 0},
    {"IGNCR drops returns", "a\rb\n", "ab\r\n", "[ab\n]", 0, IGNCR, 0, 0, 0},
    {"erase takes a character",
     "ab\x7f"
     "c\n",
     "ab\b \bc\r\n", "[ac\n]", 0, 0, 0, 0, 0},
    {"erase stops at the line's start",
     "\x7f\x7f"
     "a\n",
     "a\r\n", "[a\n]", 0, 0, 0, 0, 0},
    {"erase does not reach into a finished line", "a\n\x7f\n", "a\r\n\r\n", "[a\n][\n]", 0, 0, 0, 0,
     0},
    {"erase takes both columns of a control character", "\x01\x7f\n", "^A\b \b\b \b\r\n", "[\n]", 0,
     0, 0, 0, 0},
    {"erase of a tab goes back to where it began", "ab\t\x7f\n", "ab\t\b\b\b\b\b\b\r\n", "[ab\n]",
     0, 0, 0, 0, 0},
    {"erase of a second tab counts from the first", "\t\t\x7f\n", "\t\t\b\b\b\b\b\b\b\b\r\n",
     "[\t\n]", 0, 0, 0, 0, 0},
    {"erase without ECHOE shows the key", "ab\x7f\n", "ab^?\r\n", "[a\n]", 0, 0, 0, 0, ECHOE},
    {"erase of UTF-8 takes all bytes, one column", "\xc3\xa9\x7f\n", "\xc3\xa9\b \b\r\n", "[\n]", 0,
     IUTF8, 0, 0, 0},
    {"erase of UTF-8 without IUTF8 takes a byte", "\xc3\xa9\x7f\n", "\xc3\xa9\b \b\r\n", "[\xc3\n]",
     0, 0, 0, 0, 0},
    {"kill wipes the line", "abc\x15x\n", "abc\b \b\b \b\b \bx\r\n", "[x\n]", 0, 0, 0, 0, 0},
    {"kill without ECHOKE starts a new line", "abc\x15x\n", "abc^U\r\nx\r\n", "[x\n]", 0, 0, 0, 0,
     ECHOKE},
    {"kill without ECHOK only shows the key", "abc\x15x\n", "abc^Ux\r\n", "[x\n]", 0, 0, 0, 0,
     ECHOK},
    {"kill of nothing does nothing", "\x15\n", "\r\n", "[\n]", 0, 0, 0, 0, 0},
    {"word erase takes blanks, then a word", "ab cd  \x17\n", "ab cd  \b \b\b \b\b \b\b \b\r\n",
     "[ab \n]", 0, 0, 0, 0, 0},
    {"word erase needs IEXTEN", "a\x17\n", "a^W\r\n", "[a\x17\n]", 0, 0, 0, 0, IEXTEN},
    {"literal next takes an erase as it is", "\x16\x7f\n", "^\b^?\r\n", "[\x7f\n]", 0, 0, 0, 0, 0},
    {"literal next takes a signal as it is", "\x16\x03\n", "^\b^C\r\n", "[\x03\n]", 0, 0, 0, 0, 0},
    {"literal return stays a return", "\x16\r\n", "^\b^M\r\n", "[\r\n]", 0, 0, 0, 0, 0},
    {"literal end of file is a byte", "\x16\x04\n", "^\b^D\r\n", "[\x04\n]", 0, 0, 0, 0, 0},
    {"reprint shows the line again", "ab\x12\n", "ab^R\r\nab\r\n", "[ab\n]", 0, 0, 0, 0, 0},
    {"end of file on an empty line reads nothing", "\x04", "", "[]", 0, 0, 0, 0, 0},
    {"end of file pushes what is there", "ab\x04", "ab", "[ab]", 0, 0, 0, 0, 0},
    {"two ends of file: the second is one", "ab\x04\x04", "ab", "[ab][]", 0, 0, 0, 0, 0},
    {"interrupt throws the line away", "ab\x03\x63\n", "ab^Cc\r\n", "[c\n]",
     LINE_INTR | LINE_FLUSHED, 0, 0, 0, 0},
    {"interrupt throws unread lines away", "ab\n\x03", "ab\r\n^C", "", LINE_INTR | LINE_FLUSHED, 0,
     0, 0, 0},
    {"NOFLSH keeps the line", "ab\x03\x63\n", "ab^Cc\r\n", "[abc\n]", LINE_INTR, 0, 0, NOFLSH, 0},
    {"quit and suspend", "\x1c\x1a", "^\\^Z", "", LINE_QUIT | LINE_SUSP | LINE_FLUSHED, 0, 0, 0, 0},
    {"without ISIG they are bytes", "\x03\x1c\x1a\n", "^C^\\^Z\r\n", "[\x03\x1c\x1a\n]", 0, 0, 0, 0,
     ISIG},
    {"stop and start are used up",
     "a\x13\x11"
     "b\n",
     "ab\r\n", "[ab\n]", LINE_STARTED, 0, 0, 0, 0},
    {"IXANY: any key starts",
     "\x13"
     "b\n",
     "b\r\n", "[b\n]", LINE_STARTED, IXANY, 0, 0, 0},
    {"interrupt starts stopped output", "\x13\x03", "^C", "",
     LINE_STARTED | LINE_INTR | LINE_FLUSHED, 0, 0, 0, 0},
    {"no ECHO, nothing is shown", "pw\n", "", "[pw\n]", 0, 0, 0, 0, ECHO},
    {"ECHONL shows the newline all the same", "pw\n", "\r\n", "[pw\n]", 0, 0, 0, ECHONL, ECHO},
    {"no ECHOCTL, control characters are sent", "\x01\n", "\x01\r\n", "[\x01\n]", 0, 0, 0, 0,
     ECHOCTL},
    {"ISTRIP cuts bytes to seven bits", "\xe1\n", "a\r\n", "[a\n]", 0, ISTRIP, 0, 0, 0},
    {"IUCLC makes small letters", "aB\n", "ab\r\n", "[ab\n]", 0, IUCLC, 0, 0, 0},
    {"PARMRK doubles byte 377", "\xff\n", "\xff\r\n", "[\xff\xff\n]", 0, PARMRK, 0, 0, 0},
    {"raw: every byte at once", "a\x03\r\x7f", "", "[a\x03\n\x7f]", 0, 0, 0, 0,
     ICANON | ECHO | ISIG},
    {"raw with INLCR", "a\n", "", "[a\r]", 0, INLCR, 0, 0, ICANON | ECHO},
    {"XTABS sends blanks", "a\tb\n", "a       b\r\n", "[a\tb\n]", 0, 0, XTABS, 0, 0},
    {"OLCUC shows capitals", "ab\n", "AB\r\n", "[ab\n]", 0, 0, OLCUC, 0, 0},
};

static void keys_echo_and_read_as_termios_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const struct key_case *c = &cases[i];
        struct termios termios = settings(c->iflag, c->oflag, c->lflag, c->lflag_off);
        unsigned events;

        line_discipline_init(&ld);
        line_discipline_set(&ld, &termios);
        events = feed(c->keys, strlen(c->keys));
        if ((events & ~(unsigned)LINE_READABLE) != c->events)
            fail_msg("%s: events %x", c->name, events);
        if (strcmp(echo_take(), c->echo) != 0)
            fail_msg("%s: wrong echo", c->name);
        if (strcmp(read_all(LINE_SIZE), c->reads) != 0)
            fail_msg("%s: wrong reads", c->name);
    }
}

static void end_of_line_characters_end_lines(void **state)
{
    struct termios termios = termios_initial;

    (void)state;
    termios.cc[VEOL] = ';';
    termios.cc[VEOL2] = '!';
    line_discipline_init(&ld);
    line_discipline_set(&ld, &termios);
    feed("a;b!c\n", 6);
    assert_string_equal(read_all(LINE_SIZE), "[a;][b!][c\n]");
    assert_string_equal(echo_take(), "a;b!c\r\n");
    termios.lflag &= ~(uint32_t)IEXTEN;
    line_discipline_set(&ld, &termios);
    feed("a!b\n", 4);
    assert_string_equal(read_all(LINE_SIZE), "[a!b\n]");
}

static void a_disabled_character_matches_nothing(void **state)
{
    struct termios termios = termios_initial;
    static const char nul[] = {'a', '\0', 'b', '\n'};
    char buf[8];
    bool ended;

    (void)state;
    memset(termios.cc, 0, sizeof(termios.cc));
    line_discipline_init(&ld);
    line_discipline_set(&ld, &termios);
    assert_int_equal(feed(nul, sizeof(nul)), LINE_READABLE);
    assert_int_equal(line_discipline_read(&ld, buf, sizeof(buf), &ended), sizeof(nul));
    assert_memory_equal(buf, nul, sizeof(nul));
}

static void short_reads_take_a_line_in_parts(void **state)
{
    (void)state;
    line_discipline_init(&ld);
    feed("abcde\nf\n", 8);
    assert_int_equal(line_discipline_available(&ld), 8);
    assert_string_equal(read_all(2), "[ab][cd][e\n][f\n]");
    /* An end of file behind the last byte that fits is no end of file for the next read. */
    feed("abc\x04", 4);
    assert_int_equal(line_discipline_available(&ld), 3);
    assert_string_equal(read_all(3), "[abc]");
    feed("abcd\x04", 5);
    assert_string_equal(read_all(3), "[abc][d]");
}

static void a_line_is_cut_at_4095_bytes(void **state)
{
    char buf[LINE_SIZE + 1];
    bool ended;

    (void)state;
    line_discipline_init(&ld);
    for (int i = 0; i < LINE_SIZE + 500; i++)
        assert_int_equal(feed("x", 1), 0);
    assert_false(line_discipline_full(&ld));
    assert_int_equal(feed("\n", 1), LINE_READABLE);
    assert_true(line_discipline_full(&ld));
    assert_int_equal(line_discipline_read(&ld, buf, sizeof(buf), &ended), LINE_SIZE);
    assert_true(ended);
    assert_int_equal(buf[LINE_SIZE - 1], '\n');
    assert_int_equal(buf[LINE_SIZE - 2], 'x');
    assert_false(line_discipline_full(&ld));
}

static void a_full_buffer_still_hears_signals(void **state)
{
    (void)state;
    line_discipline_init(&ld);
    while (!line_discipline_full(&ld))
        feed("line\n", 5);
    assert_true(line_discipline_is_signal(&ld, '\x03'));
    assert_false(line_discipline_is_signal(&ld, 'c'));
    assert_int_equal(feed("\x03", 1), LINE_INTR | LINE_FLUSHED);
    assert_false(line_discipline_full(&ld));
    assert_false(line_discipline_readable(&ld));
}

static void raw_mode_fills_to_the_last_byte(void **state)
{
    struct termios raw = settings(0, 0, 0, ICANON | ECHO | ISIG | IEXTEN);

    (void)state;
    line_discipline_init(&ld);
    line_discipline_set(&ld, &raw);
    for (size_t i = 0; i < LINE_SIZE; i++) {
        assert_false(line_discipline_full(&ld));
        assert_int_equal(feed("x", 1), LINE_READABLE);
    }
    assert_true(line_discipline_full(&ld));
    assert_int_equal(feed("y", 1), 0);
    assert_int_equal(line_discipline_available(&ld), LINE_SIZE);
}

static void changing_the_mode_keeps_what_was_typed(void **state)
{
    struct termios raw = settings(0, 0, 0, ICANON), cooked = termios_initial;

    (void)state;
    line_discipline_init(&ld);
    feed("ab\ncd", 5);
    assert_int_equal(line_discipline_set(&ld, &raw), LINE_READABLE);
    line_discipline_check(&ld);
    assert_string_equal(read_all(LINE_SIZE), "[ab\ncd]");
    feed("ef", 2);
    assert_int_equal(line_discipline_set(&ld, &cooked), LINE_READABLE);
    line_discipline_check(&ld);
    feed("gh\n", 3);
    assert_string_equal(read_all(LINE_SIZE), "[ef][gh\n]");
}

static void turning_ixon_off_starts_output(void **state)
{
    struct termios termios = termios_initial;

    (void)state;
    line_discipline_init(&ld);
    feed("\x13", 1);
    assert_true(ld.stopped);
    termios.iflag &= ~(uint32_t)IXON;
    assert_int_equal(line_discipline_set(&ld, &termios), LINE_STARTED);
    assert_false(ld.stopped);
}

static void output_is_processed_as_oflag_says(void **state)
{
    static const struct {
        uint32_t oflag;
        const char *in, *out;
        unsigned column;
    } output[] = {
        {OPOST | ONLCR, "ab\nc", "ab\r\nc", 1},
        {OPOST, "ab\nc", "ab\nc", 3},
        {OPOST | ONLRET, "ab\nc", "ab\nc", 1},
        {OPOST | OCRNL, "ab\rc", "ab\nc", 3},
        {OPOST | ONOCR, "\rab\r\rc", "ab\rc", 1},
        {OPOST | XTABS, "abc\td", "abc     d", 9},
        {OPOST, "abc\td", "abc\td", 9},
        {OPOST, "ab\b\b\b", "ab\b\b\b", 0},
        {0, "a\n\t", "a\n\t", 0},
    };
    char out[LINE_OUTPUT_MAX + 1];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(output); i++) {
        struct termios termios = {.oflag = output[i].oflag};
        struct line_output line = {0};
        char text[64] = "";

        for (const char *c = output[i].in; *c; c++) {
            out[line_output_byte(&line, &termios, *c, out)] = '\0';
            strcat(text, out);
        }
        assert_string_equal(text, output[i].out);
        assert_int_equal(line.column, output[i].column);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_echo_and_read_as_termios_says),
        cmocka_unit_test(end_of_line_characters_end_lines),
        cmocka_unit_test(a_disabled_character_matches_nothing),
        cmocka_unit_test(short_reads_take_a_line_in_parts),
        cmocka_unit_test(a_line_is_cut_at_4095_bytes),
        cmocka_unit_test(a_full_buffer_still_hears_signals),
        cmocka_unit_test(raw_mode_fills_to_the_last_byte),
        cmocka_unit_test(changing_the_mode_keeps_what_was_typed),
        cmocka_unit_test(turning_ixon_off_starts_output),
        cmocka_unit_test(output_is_processed_as_oflag_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
