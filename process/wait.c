/*
 * A parent looks through its children under process_lock and sleeps on its own child_wait while
 * none of those meant has anything to tell. What a child tells is taken (reported) in the same
 * step, so two threads that wait do not get it twice.
 */
#include "process/wait.h"

#include "lib/assert.h"
#include "lib/errno.h"
#include "process/notify.h"
#include "process/reap.h"
#include "process/times.h"

/* One look at the children, and what came of it. */
struct wait_look {
    const struct wait_request *request;
    struct wait_result *result;
    struct process *reaped; /* to be freed without the lock */
    int error;              /* -ECHILD: there is no child to wait for */
};

/* Whether the request means this child at all. */
static bool is_meant(const struct wait_request *request, const struct process *child)
{
    bool by_clone = child->exit_signal != SIGCHLD;

    if (request->type == P_PID && child->pid != request->id)
        return false;
    if (request->type == P_PGID && child->pgid != request->id)
        return false;
    return request->options & __WALL || by_clone == !!(request->options & __WCLONE);
}

static void tell(struct wait_look *look, struct process *child, int code, int status)
{
    *look->result = (struct wait_result){
        .pid = child->pid, .uid = child->cred.uid, .code = code, .status = status};
    usage_of_process(child, &look->result->usage);
    usage_add(&look->result->usage, &child->children_usage);
}

static bool take_zombie(struct wait_look *look, struct process *child)
{
    int status = child->exit_status;

    if (!child->zombie || !(look->request->options & WEXITED))
        return false;
    tell(look, child, WAIT_STATUS_TERMSIG(status) ? CLD_KILLED : CLD_EXITED, status);
    if (!(look->request->options & WNOWAIT)) {
        reap_locked(child, true);
        look->reaped = child;
    }
    return true;
}

static bool take_stopped(struct wait_look *look, struct process *child)
{
    if (!child->stop_signal || child->stop_reported || child->zombie ||
        !(look->request->options & WUNTRACED))
        return false;
    tell(look, child, CLD_STOPPED, WAIT_STATUS_STOP(child->stop_signal));
    if (!(look->request->options & WNOWAIT))
        child->stop_reported = true;
    return true;
}

static bool take_continued(struct wait_look *look, struct process *child)
{
    if (!child->continue_pending || child->zombie || !(look->request->options & WCONTINUED))
        return false;
    tell(look, child, CLD_CONTINUED, WAIT_STATUS_CONTINUED);
    if (!(look->request->options & WNOWAIT))
        child->continue_pending = false;
    return true;
}

/* One look: true if the wait is over. */
static bool look_once(struct wait_look *look)
{
    struct process *self = current_task()->process, *child;
    uint64_t flags = spin_lock_irqsave(&process_lock);
    bool found = false, any = false;

    list_for_each_entry (child, &self->children, sibling) {
        if (!is_meant(look->request, child))
            continue;
        any = true;
        found =
            take_zombie(look, child) || take_stopped(look, child) || take_continued(look, child);
        if (found)
            break;
    }
    if (!any)
        look->error = -ECHILD;
    spin_unlock_irqrestore(&process_lock, flags);
    return found || !any;
}

int process_wait(const struct wait_request *request, struct wait_result *result)
{
    struct wait_look look = {.request = request, .result = result};
    struct process *self = current_task()->process;
    int error = 0;

    *result = (struct wait_result){0};
    if (!look_once(&look) && !(request->options & WNOHANG))
        error = wait_event(&self->child_wait, look_once(&look));
    if (look.reaped)
        process_free(look.reaped);
    return error ? error : look.error;
}
