#include "kernel/debug_trace.h"

#if defined(FATHOM_DEBUG)

#include "kernel/symbols.h"
#include "lib/fmt.h"
#include "lib/string.h"

#define STACK_SLOT_SHIFT 15 /* stacks lie in slots of 32 KiB (mm/alloc/kmap.h) */

/* RISC-V's frames: the return address lies at fp - 8, the caller's fp at fp - 16. */
void debug_trace_take(struct debug_trace *trace, unsigned skip)
{
    const uint64_t *fp = __builtin_frame_address(0);
    uint64_t slot = ((uint64_t)fp - 1) >> STACK_SLOT_SHIFT;

    memset(trace, 0, sizeof(*trace));
    fp = (const uint64_t *)fp[-2];
    for (unsigned i = 0; i < DEBUG_TRACE_DEPTH + skip; i++) {
        if ((uint64_t)fp % 8 || ((uint64_t)fp - 16) >> STACK_SLOT_SHIFT != slot ||
            ((uint64_t)fp - 1) >> STACK_SLOT_SHIFT != slot)
            break;
        if (i >= skip)
            trace->pc[i - skip] = (uint32_t)fp[-1];
        fp = (const uint64_t *)fp[-2];
    }
}

const char *debug_trace_text(const struct debug_trace *trace, char *text)
{
    size_t used = 0;

    fmt_snprintf(text, DEBUG_TRACE_TEXT, "never");
    for (int i = 0; i < DEBUG_TRACE_DEPTH && trace->pc[i] && used < DEBUG_TRACE_TEXT; i++) {
        uint64_t offset = 0;
        const char *name = symbol_find((vaddr_t)(int64_t)(int32_t)trace->pc[i] - 1, &offset);

        used += (size_t)fmt_snprintf(text + used, DEBUG_TRACE_TEXT - used, "%s%s+%#lx",
                                     i ? " < " : "", name ? name : "?", offset + 1);
    }
    return text;
}

#endif
