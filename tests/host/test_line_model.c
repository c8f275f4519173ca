/*
 * The line discipline against a naive model: 200,000 random keys, after each of which the model's
 * line is what a terminal that shows the echo has on its screen, and every read is the start of the
 * model's lines; and random bytes under random settings, which keep the invariants.
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

#define KEYS_RANDOM 200000
#define SCREEN_SIZE 65536

/* A terminal of one endless row: what is shown, each cell one character of up to 4 bytes. */
static char screen[SCREEN_SIZE][5];
static size_t cursor, row_end;

static void screen_show(const char *bytes)
{
    for (; *bytes; bytes++) {
        if (*bytes == '\b') {
            assert_true(cursor > 0);
            cursor--;
        } else if (*bytes == '\n') {
            memset(screen, 0, row_end * sizeof(screen[0]));
            row_end = 0;
        } else if (*bytes == '\r') {
            cursor = 0;
        } else if (*bytes == '\t') {
            for (cursor++; cursor % TAB_WIDTH; cursor++)
                ;
        } else if ((*bytes & 0xc0) == 0x80) {
            strncat(screen[cursor - 1], bytes, 1);
        } else {
            screen[cursor][0] = *bytes;
            screen[cursor++][1] = '\0';
        }
        if (cursor > row_end)
            row_end = cursor;
    }
}

/* The model: the line as characters of text, the finished lines as one text of reads. */
static struct {
    char line[TEXT_SIZE][5];
    size_t count;
    char lines[TEXT_SIZE * 8];
    bool literal;
} model;

static void model_erase_word(void)
{
    bool word = false;

    for (; model.count > 0; model.count--) {
        unsigned char c = (unsigned char)model.line[model.count - 1][0];
        bool is_word = c >= 0x80 || c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');

        if (word && !is_word)
            return;
        word = word || is_word;
    }
}

static void model_finish(const char *end)
{
    strcat(model.lines, "[");
    for (size_t i = 0; i < model.count; i++)
        strcat(model.lines, model.line[i]);
    strcat(model.lines, end);
    strcat(model.lines, "]");
    model.count = 0;
}

static void model_key(const char *key)
{
    if (model.literal || !strchr("\r\n\x7f\x15\x17\x16\x04\x03", *key)) {
        strcpy(model.line[model.count++], key);
        model.literal = false;
        return;
    }
    switch (*key) {
    case '\r':
    case '\n':
        model_finish("\n");
        break;
    case '\x04':
        model_finish("");
        break;
    case '\x7f':
        model.count -= model.count > 0;
        break;
    case '\x15':
        model.count = 0;
        break;
    case '\x17':
        model_erase_word();
        break;
    case '\x16':
        model.literal = true;
        break;
    case '\x03':
        model.count = 0;
        model.lines[0] = '\0';
        break;
    }
}

/* Whether the screen from column `base` on shows the model's line, and nothing behind it. */
static void screen_check(size_t base)
{
    size_t column = base;

    for (size_t i = 0; i < model.count; i++) {
        const char *key = model.line[i];

        if (*key == '\t') {
            for (column++; column % TAB_WIDTH; column++)
                ;
        } else if (line_is_control(*key)) {
            assert_string_equal(screen[column], "^");
            assert_int_equal(screen[column + 1][0], CONTROL(*key));
            column += 2;
        } else {
            assert_string_equal(screen[column++], key);
        }
    }
    assert_int_equal(cursor, column);
    assert_int_equal(ld.output.column, column);
    for (; column < row_end && !model.literal; column++)
        assert_true(screen[column][0] == '\0' || screen[column][0] == ' ');
}

/* A read of random size is the start of the model's lines. */
static void read_check(void)
{
    size_t size = (size_t)rand() % 6 + 1, at = 1;
    char buf[8];
    bool ended;
    size_t n = line_discipline_read(&ld, buf, size, &ended);

    assert_int_equal(model.lines[0], '[');
    assert_memory_equal(model.lines + 1, buf, n);
    at += n;
    if (ended) {
        assert_int_equal(model.lines[at++], ']');
        memmove(model.lines, model.lines + at, strlen(model.lines + at) + 1);
    } else {
        assert_int_equal(n, size);
        memmove(model.lines + 1, model.lines + at, strlen(model.lines + at) + 1);
    }
}

static void random_keys_leave_the_models_line_and_screen(void **state)
{
    static const char *const keys[] = {
        "a",    "b",    "7",    "_",    " ",    ".",    "\t",       "\x01",         "\n",  "\r",
        "\x7f", "\x7f", "\x15", "\x17", "\x16", "\x04", "\xc3\xa9", "\xe2\x82\xac", "\x03"};
    struct termios termios = settings(IUTF8, 0, 0, 0);
    size_t base = 0;

    (void)state;
    srand(7);
    line_discipline_init(&ld);
    line_discipline_set(&ld, &termios);
    for (int i = 0; i < KEYS_RANDOM; i++) {
        const char *key = keys[(size_t)rand() % ARRAY_SIZE(keys)];

        /* A literal newline breaks the row, and a
         * tab does not wipe the mark of VLNEXT. */
        if (model.literal && (*key == '\n' || *key == '\t' || (*key & 0x80)))
            continue;
        if (*key == '\x03' && rand() % 20)
            continue;
        feed(key, strlen(key));
        model_key(key);
        screen_show(echo_take());
        if (model.count == 0)
            base = cursor;
        screen_check(base);
        while (line_discipline_readable(&ld) && (rand() % 3 == 0 || strlen(model.lines) > 2000))
            read_check();
        assert_int_equal(line_discipline_readable(&ld), model.lines[0] != '\0');
    }
}

static void random_bytes_and_settings_keep_the_invariants(void **state)
{
    char buf[64];
    bool ended;

    (void)state;
    srand(8);
    line_discipline_init(&ld);
    for (int i = 0; i < KEYS_RANDOM; i++) {
        if (rand() % 100 == 0) {
            struct termios termios = settings(0, 0, 0, 0);

            termios.iflag ^= (uint32_t)rand() & 0x7fff;
            termios.oflag ^= (uint32_t)rand() & 0x1fff;
            termios.lflag ^= (uint32_t)rand() & 0x8fff;
            termios.cc[(size_t)rand() % NCCS] = (uint8_t)rand();
            line_discipline_set(&ld, &termios);
        }
        line_discipline_input(&ld, (char)rand());
        if (rand() % 50 == 0)
            line_discipline_read(&ld, buf, (size_t)rand() % sizeof(buf), &ended);
        if (rand() % 3000 == 0)
            line_discipline_flush_input(&ld);
        line_discipline_check(&ld);
        echo_take();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_keys_leave_the_models_line_and_screen),
        cmocka_unit_test(random_bytes_and_settings_keep_the_invariants),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
