/*
 * keys.c - decodes UTF-8 and escape sequences; see keys.h.
 *
 * The bytes so far are the state: after each one they are looked at anew. A byte that cannot go on
 * what was begun ends it as KEY_NONE.
 */
#include "userland/c/sh/keys.h"

#include <string.h>

#define ESCAPE 0x1b

struct sequence {
    const char *bytes; /* after ESC */
    enum key_code code;
};

static const struct sequence sequences[] = {
    {"[A", KEY_UP},
    {"OA", KEY_UP},
    {"[B", KEY_DOWN},
    {"OB", KEY_DOWN},
    {"[C", KEY_RIGHT},
    {"OC", KEY_RIGHT},
    {"[D", KEY_LEFT},
    {"OD", KEY_LEFT},
    {"[H", KEY_HOME},
    {"OH", KEY_HOME},
    {"[1~", KEY_HOME},
    {"[7~", KEY_HOME},
    {"[F", KEY_END},
    {"OF", KEY_END},
    {"[4~", KEY_END},
    {"[8~", KEY_END},
    {"[3~", KEY_DELETE},
    {"[1;5C", KEY_WORD_RIGHT},
    {"f", KEY_WORD_RIGHT},
    {"[1;3C", KEY_WORD_RIGHT},
    {"[1;5D", KEY_WORD_LEFT},
    {"b", KEY_WORD_LEFT},
    {"[1;3D", KEY_WORD_LEFT},
    {"d", KEY_WORD_DELETE},
    {"\x7f", KEY_WORD_RUBOUT},
    {"\b", KEY_WORD_RUBOUT},
};

/* Length of the character that BYTE begins (RFC 3629); 0 if it begins none. */
static size_t utf8_length(unsigned char byte)
{
    if (byte < 0x80)
        return 1;
    if (byte < 0xc2 || byte > 0xf4)
        return 0;
    return byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

static int sequence_find(const struct key *key)
{
    for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++)
        if (strlen(sequences[i].bytes) == key->length - 1 &&
            memcmp(sequences[i].bytes, key->bytes + 1, key->length - 1) == 0)
            return sequences[i].code;
    return KEY_NONE;
}

/* ESC and a letter; ESC O and a letter; ESC [ parameters and a final byte from '@' on. */
static bool sequence_is_whole(const struct key *key)
{
    char second = key->bytes[1], last = key->bytes[key->length - 1];

    if (key->length < 2 || key->length == KEY_BYTES_MAX)
        return key->length == KEY_BYTES_MAX;
    if (second != '[' && second != 'O')
        return true;
    return key->length > 2 && (last < ' ' || last >= '@');
}

static bool sequence_add(struct key *key)
{
    if (!sequence_is_whole(key))
        return false;
    key->code = sequence_find(key);
    return true;
}

static bool character_add(struct key *key)
{
    size_t whole = utf8_length((unsigned char)key->bytes[0]);
    unsigned char last = (unsigned char)key->bytes[key->length - 1];

    key->code = KEY_NONE;
    if (whole == 0 || (key->length > 1 && (last & 0xc0) != 0x80))
        return true;
    if (key->length < whole)
        return false;
    key->code = last < ' ' || last == KEY_RUBOUT ? last : KEY_TEXT;
    return true;
}

bool key_add(struct key *key, char byte)
{
    key->bytes[key->length++] = byte;
    return key->bytes[0] == ESCAPE ? sequence_add(key) : character_add(key);
}
