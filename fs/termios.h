/*
 * The terminal's settings as user space has them: struct termios, struct winsize, and the ioctl
 * numbers that get and set them.
 *
 * Source: Linux, include/uapi/asm-generic/termbits-common.h, termbits.h, termios.h, ioctls.h;
 * meanings: termios(3), tty_ioctl(4).
 */
#pragma once

#include "lib/types.h"

#define NCCS 19

struct termios {
    uint32_t iflag, oflag, cflag, lflag;
    uint8_t line;
    uint8_t cc[NCCS];
};

struct winsize {
    uint16_t rows, columns, x_pixels, y_pixels;
};

/* Indices of cc. A character of 0 is none (_POSIX_VDISABLE). */
enum {
    VINTR = 0,
    VQUIT = 1,
    VERASE = 2,
    VKILL = 3,
    VEOF = 4,
    VTIME = 5,
    VMIN = 6,
    VSTART = 8,
    VSTOP = 9,
    VSUSP = 10,
    VEOL = 11,
    VREPRINT = 12,
    VDISCARD = 13,
    VWERASE = 14,
    VLNEXT = 15,
    VEOL2 = 16,
};

/* The character of Ctrl and a key: ^X is X with this bit the other way (ASCII). */
#define CONTROL_BIT 0x40
#define CONTROL(c)  ((c) ^ CONTROL_BIT)

/* iflag */
#define PARMRK  0x0008
#define ISTRIP  0x0020
#define INLCR   0x0040
#define IGNCR   0x0080
#define ICRNL   0x0100
#define IUCLC   0x0200
#define IXON    0x0400
#define IXANY   0x0800
#define IMAXBEL 0x2000
#define IUTF8   0x4000

/* oflag */
#define OPOST  0x0001
#define OLCUC  0x0002
#define ONLCR  0x0004
#define OCRNL  0x0008
#define ONOCR  0x0010
#define ONLRET 0x0020
#define TABDLY 0x1800
#define XTABS  0x1800

/* cflag */
#define B115200 0x1002
#define CS8     0x0030
#define CREAD   0x0080
#define HUPCL   0x0400
#define CLOCAL  0x0800

/* lflag */
#define ISIG    0x0001
#define ICANON  0x0002
#define ECHO    0x0008
#define ECHOE   0x0010
#define ECHOK   0x0020
#define ECHONL  0x0040
#define NOFLSH  0x0080
#define TOSTOP  0x0100
#define ECHOCTL 0x0200
#define ECHOKE  0x0800
#define IEXTEN  0x8000

#define TCGETS     0x5401
#define TCSETS     0x5402
#define TCSETSW    0x5403
#define TCSETSF    0x5404
#define TCSBRK     0x5409
#define TCXONC     0x540a
#define TCFLSH     0x540b
#define TIOCSCTTY  0x540e
#define TIOCGPGRP  0x540f
#define TIOCSPGRP  0x5410
#define TIOCOUTQ   0x5411
#define TIOCGWINSZ 0x5413
#define TIOCSWINSZ 0x5414
#define FIONREAD   0x541b
#define TIOCNOTTY  0x5422
#define TIOCGETD   0x5424
#define TCSBRKP    0x5425
#define TIOCGSID   0x5429

/* Arguments of TCXONC and TCFLSH. */
#define TCOOFF    0
#define TCOON     1
#define TCIOFF    2
#define TCION     3
#define TCIFLUSH  0
#define TCOFLUSH  1
#define TCIOFLUSH 2

/* The settings of a fresh serial terminal. */
extern const struct termios termios_initial;
