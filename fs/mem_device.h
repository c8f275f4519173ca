/*
 * Devices with nothing but memory behind them: /dev/null, zero, full, random, urandom and kmsg
 * (mem(4), null(4), full(4), random(4)).
 */
#pragma once

#include "fs/file.h"

extern const struct file_ops mem_null_ops, mem_zero_ops, mem_full_ops, mem_random_ops;

/*
 * The kernel's log as plain text from its oldest byte on; reading stops at its end. A write is one
 * message of up to KMSG_LINE_MAX bytes. (Linux's records with sequence numbers are not made.)
 */
#define KMSG_LINE_MAX 512
extern const struct file_ops mem_kmsg_ops;
