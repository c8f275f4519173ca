/*
 * keys.h - what a terminal's keys send, put together from bytes.
 *
 * A control character is itself; a character is its bytes in UTF-8, never a part of them; arrows
 * and their like are escape sequences (ECMA-48, 5.4; xterm's for those it does not name). Bytes
 * that begin nothing, and sequences that nobody knows, are KEY_NONE.
 */
#ifndef SH_KEYS_H
#define SH_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#define KEY_CONTROL(letter) ((letter)&0x1f)
#define KEY_BYTES_MAX       16

enum key_code {
    KEY_RUBOUT = 0x7f,
    KEY_TEXT = 0x100, /* a character: bytes and length */
    KEY_NONE,
    KEY_LEFT,
    KEY_RIGHT,
    KEY_UP,
    KEY_DOWN,
    KEY_HOME,
    KEY_END,
    KEY_DELETE,
    KEY_WORD_LEFT,
    KEY_WORD_RIGHT,
    KEY_WORD_DELETE,
    KEY_WORD_RUBOUT,
};

/* The key that is being put together; all zero at first and after each whole one. */
struct key {
    int code;
    char bytes[KEY_BYTES_MAX];
    size_t length;
};

/* Adds a byte. True if the key is whole now; the caller then clears it. */
bool key_add(struct key *key, char byte);

#endif
