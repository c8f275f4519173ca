/*
 * Where something happened: the last return addresses of the running stack, kept by the debug
 * kernel with pages and objects, so that a panic can name who allocated and who freed them.
 */
#pragma once

#include "lib/types.h"

#define DEBUG_TRACE_DEPTH 6

/* The low halves of kernel addresses, the innermost call first; 0: none. */
struct debug_trace {
    uint32_t pc[DEBUG_TRACE_DEPTH];
};

/* Enough for the text of a trace. */
#define DEBUG_TRACE_TEXT 320

#if defined(FATHOM_DEBUG)

/* Notes the callers of the function that calls it, but for the first `skip`. */
void debug_trace_take(struct debug_trace *trace, unsigned skip);

/* Writes "a+0x8 < b+0x1c ..." or "never" to text, which has DEBUG_TRACE_TEXT bytes; returns text.
 */
const char *debug_trace_text(const struct debug_trace *trace, char *text);

#endif
