/*
 * Linux's numbers for the devices that are here; fs/device.h makes and takes apart the pair.
 *
 * Source: Linux, Documentation/admin-guide/devices.txt.
 */
#pragma once

#define MEM_MAJOR         1
#define MEM_NULL_MINOR    3
#define MEM_ZERO_MINOR    5
#define MEM_FULL_MINOR    7
#define MEM_RANDOM_MINOR  8
#define MEM_URANDOM_MINOR 9
#define MEM_KMSG_MINOR    11

#define TTY_MAJOR         4
#define TTY_SERIAL_MINOR  64
#define TTY_ALT_MAJOR     5
#define TTY_CURRENT_MINOR 0
#define TTY_CONSOLE_MINOR 1

/* In the ranges for dynamic numbers (234 to 254). */
#define CHAR_MAJOR        249
#define BLOCK_MAJOR       254
#define BLOCK_MINORS_EACH 16 /* a disk and its partitions */
