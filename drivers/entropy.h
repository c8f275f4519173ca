/*
 * Random bytes: a ChaCha20 generator over whatever unpredictable bytes the machine gives.
 */
#pragma once

#include "lib/types.h"

/* Mixes n bytes into the generator's key; any context. No bytes make it worse, even chosen ones. */
void entropy_add(const void *bytes, size_t n);

/* Fills buf with n random bytes; any context. */
void entropy_fill(void *buf, size_t n);

/*
 * refill is called now and then when much has been drawn, from any context; it starts to fetch
 * fresh bytes, which are entropy_add()ed later, and never sleeps. One source: the first counts.
 */
void entropy_set_source(void (*refill)(void *owner), void *owner);
