/*
 * Terminals and sessions. A terminal belongs to at most one session (tty->session), a session has
 * at most one terminal (process->tty of its members); only the session's leader takes or gives it
 * up for all. fork copies process->tty, setsid clears it.
 *
 * When the leader gives the terminal up, descriptors stay usable (Linux hangs them up for real
 * lines, but never those of /dev/console, which this terminal is).
 *
 * Locks: process_lock around all of it; signals to whole groups are posted after it is let go.
 */
#include "fs/tty_session.h"

#include "fs/tty_device.h"
#include "lib/errno.h"
#include "sched/process_group.h"
#include "sched/signal_post.h"
#include "sched/task.h"

static struct process *current_process(void)
{
    return current_task()->process;
}

static bool is_session_leader(const struct process *process)
{
    return process->sid == process->pid;
}

struct tty *tty_session_current(void)
{
    uint64_t flags = spin_lock_irqsave(&process_lock);
    struct tty *tty = current_process()->tty;

    spin_unlock_irqrestore(&process_lock, flags);
    return tty;
}

/* Whether the running task would not notice this signal; process_lock is held. */
static bool signal_unheard(int sig)
{
    struct task *task = current_task();

    return (task->blocked & SIG_BIT(sig)) ||
           task->process->sighand->action[sig - 1].handler == SIG_IGN;
}

/* 0, -EIO, or -EINTR when the group is to be signalled; process_lock is held. */
static int check_locked(struct tty *tty, int sig)
{
    struct process *self = current_process();

    if (self->tty != tty || tty->foreground == 0 || self->pgid == tty->foreground)
        return 0;
    if (signal_unheard(sig))
        return sig == SIGTTIN ? -EIO : 0;
    return process_group_is_orphaned(self->pgid, NULL) ? -EIO : -EINTR;
}

int tty_session_check(struct tty *tty, int sig)
{
    uint64_t flags = spin_lock_irqsave(&process_lock);
    int error = check_locked(tty, sig);
    pid_t group = current_process()->pgid;

    spin_unlock_irqrestore(&process_lock, flags);
    if (error == -EINTR)
        signal_post_group(group, sig, NULL);
    return error;
}

/* process_lock is held. */
static void terminal_give(struct tty *tty, struct process *leader)
{
    tty->session = leader->sid;
    tty->foreground = leader->pgid;
    leader->tty = tty;
}

/* Takes the terminal from all members of its session; process_lock is held. */
static void terminal_take(struct tty *tty)
{
    struct process *p;

    for (p = process_next(0); p; p = process_next(p->pid)) {
        if (p->tty == tty)
            p->tty = NULL;
    }
    tty->session = 0;
    tty->foreground = 0;
}

void tty_session_open(struct tty *tty)
{
    uint64_t flags = spin_lock_irqsave(&process_lock);
    struct process *self = current_process();

    if (is_session_leader(self) && !self->tty && tty->session == 0)
        terminal_give(tty, self);
    spin_unlock_irqrestore(&process_lock, flags);
}

static int acquire_locked(struct tty *tty, bool steal)
{
    struct process *self = current_process();

    if (is_session_leader(self) && self->sid == tty->session)
        return 0;
    if (!is_session_leader(self) || self->tty)
        return -EPERM;
    if (tty->session != 0) {
        if (!steal || self->cred.euid != 0)
            return -EPERM;
        terminal_take(tty);
    }
    terminal_give(tty, self);
    return 0;
}

int tty_session_acquire(struct tty *tty, bool steal)
{
    uint64_t flags = spin_lock_irqsave(&process_lock);
    int error = acquire_locked(tty, steal);

    spin_unlock_irqrestore(&process_lock, flags);
    return error;
}

/* A leader gives up its terminal; process_lock is held. Returns the group to be hung up, or 0. */
static pid_t leader_leaves(struct process *leader)
{
    struct tty *tty = leader->tty;
    pid_t group;

    if (!tty || !is_session_leader(leader) || tty->session != leader->sid)
        return 0;
    group = tty->foreground;
    terminal_take(tty);
    return group;
}

static void group_hang_up(pid_t group)
{
    if (group <= 0)
        return;
    signal_post_group(group, SIGHUP, NULL);
    signal_post_group(group, SIGCONT, NULL);
}

int tty_session_release(struct tty *tty)
{
    uint64_t flags = spin_lock_irqsave(&process_lock);
    struct process *self = current_process();
    int error = self->tty == tty ? 0 : -ENOTTY;
    pid_t group = 0;

    if (!error) {
        group = leader_leaves(self);
        self->tty = NULL;
    }
    spin_unlock_irqrestore(&process_lock, flags);
    group_hang_up(group);
    return error;
}

void tty_session_exit(struct process *leader)
{
    uint64_t flags = spin_lock_irqsave(&process_lock);
    pid_t group = leader_leaves(leader);

    spin_unlock_irqrestore(&process_lock, flags);
    group_hang_up(group);
}

int64_t tty_session_foreground(struct tty *tty)
{
    return tty_session_current() == tty ? tty->foreground : -ENOTTY;
}

int64_t tty_session_id(struct tty *tty)
{
    return tty_session_current() == tty ? tty->session : -ENOTTY;
}

/* 0 if the group has a member and is in the session; process_lock is held. */
static int group_check(pid_t group, pid_t session)
{
    struct process *p;

    for (p = process_next(0); p; p = process_next(p->pid)) {
        if (p->pgid == group)
            return p->sid == session ? 0 : -EPERM;
    }
    return -ESRCH;
}

int tty_session_set_foreground(struct tty *tty, pid_t group)
{
    int error = tty_session_check(tty, SIGTTOU);
    struct process *self = current_process();
    uint64_t flags;

    if (error)
        return error == -EIO ? -ENOTTY : error;
    if (group < 0)
        return -EINVAL;
    flags = spin_lock_irqsave(&process_lock);
    if (self->tty != tty || tty->session != self->sid)
        error = -ENOTTY;
    else
        error = group_check(group, self->sid);
    if (!error)
        tty->foreground = group;
    spin_unlock_irqrestore(&process_lock, flags);
    return error;
}

void tty_describe(struct process *process, uint64_t *rdev, pid_t *foreground)
{
    struct tty *tty = process->tty;

    *rdev = tty ? tty->rdev : 0;
    *foreground = tty ? tty->foreground : -1;
}
