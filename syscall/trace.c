/*
 * When a call is told. Most are when they return. Arguments are written down before the call, which
 * may change what they point to, up to the first that the call itself fills; the others after it. A
 * call that does not come back, or comes back to another program, is told before it is made.
 */
#include "syscall/trace.h"

#include "fs/file.h"
#include "kernel/cmdline.h"
#include "kernel/print.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "sched/task.h"
#include "syscall/trace_line.h"

#define SYSCALL_EXIT         93
#define SYSCALL_EXIT_GROUP   94
#define SYSCALL_RT_SIGRETURN 139

static bool trace_all; /* (i) trace=syscall */

void trace_init(void)
{
    char what[16];

    trace_all = cmdline_get("trace", what, sizeof(what)) && strcmp(what, "syscall") == 0;
}

bool trace_wanted(void)
{
    return trace_all || current_task()->trace;
}

/* What the file does not take is lost: a program is not stopped by who watches it. */
static void tell(struct trace_line *line)
{
    struct file *file = current_task()->trace;
    struct iovec iov;
    struct uio uio;

    if (trace_all)
        printk("%s", line->text);
    if (!file)
        return;
    uio_init_kernel(&uio, &iov, line->text, line->len);
    while (uio.left > 0 && file_write(file, &uio, NULL) > 0)
        ;
}

/* Ends the line, leaving room for its newline whatever else it holds. */
static void end_line(struct trace_line *line)
{
    line->len = MIN(line->len, sizeof(line->text) - 2);
    line->text[line->len++] = '\n';
    line->text[line->len] = '\0';
}

static bool comes_back(uint64_t number)
{
    return number != SYSCALL_EXIT && number != SYSCALL_EXIT_GROUP && number != SYSCALL_RT_SIGRETURN;
}

/* One call on its way. */
struct traced_call {
    struct trace_line line;
    const struct syscall *call;
    struct syscall_args args; /* as they were given: a0 will be the result */
    unsigned next;            /* the first argument that is not written down yet */
};

/* Writes arguments down: before the call, up to the first that it fills; after it, all others. */
static void put_arguments(struct traced_call *traced, bool before, int64_t result)
{
    const struct syscall *call = traced->call;

    for (; traced->next < call->count; traced->next++) {
        if (before && call->kinds[traced->next] == SYSCALL_KIND_BUF_OUT)
            return;
        if (traced->next > 0)
            trace_printf(&traced->line, ", ");
        trace_argument(&traced->line, call, &traced->args, traced->next, result);
    }
}

static int64_t trace_unknown(uint64_t number)
{
    struct trace_line line = {0};

    trace_printf(&line, "[pid %d] syscall_%lu() = -1 ENOSYS", current_task()->tid, number);
    end_line(&line);
    tell(&line);
    return -ENOSYS;
}

int64_t trace_call(const struct syscall *call, uint64_t number, const struct syscall_args *args)
{
    struct traced_call traced = {.call = call, .args = *args};
    int64_t result;

    if (!call)
        return trace_unknown(number);
    trace_printf(&traced.line, "[pid %d] %s(", current_task()->tid, call->name);
    put_arguments(&traced, true, 0);
    if (!comes_back(number)) {
        trace_printf(&traced.line, ") = ?");
        end_line(&traced.line);
        tell(&traced.line);
        return call->call(args);
    }
    result = call->call(args);
    put_arguments(&traced, false, result);
    trace_printf(&traced.line, ")");
    trace_result(&traced.line, call, result);
    end_line(&traced.line);
    tell(&traced.line);
    return result;
}
