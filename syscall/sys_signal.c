/*
 * System calls on signals.
 */
#include "arch/thread.h"
#include "process/altstack.h"
#include "process/kill.h"
#include "process/siginfo.h"
#include "process/signal_action.h"
#include "process/signal_frame.h"
#include "sched/signal_post.h"
#include "syscall/prototypes.h"
#include "syscall/user_copy.h"
#include "syscall/user_time.h"

#define SIGSET_SIZE sizeof(uint64_t) /* what every call says of its sets */

static struct trap_frame *user_frame(void)
{
    return thread_user_frame(&current_task()->thread);
}

int64_t sys_kill(pid_t pid, int sig)
{
    return process_kill(pid, sig);
}

int64_t sys_tkill(pid_t tid, int sig)
{
    return task_kill(0, tid, sig);
}

int64_t sys_tgkill(pid_t tgid, pid_t tid, int sig)
{
    return tgid <= 0 ? -EINVAL : task_kill(tgid, tid, sig);
}

static int64_t queue_signal(pid_t pid, pid_t tid, int sig, vaddr_t addr)
{
    struct user_siginfo user;
    struct siginfo info;

    if (user_get(&user, addr, sizeof(user)))
        return -EFAULT;
    siginfo_decode(&user, &info);
    info.signo = sig;
    return process_queue_signal(pid, tid, sig, &info);
}

int64_t sys_rt_sigqueueinfo(pid_t pid, int sig, vaddr_t info)
{
    return queue_signal(pid, 0, sig, info);
}

int64_t sys_rt_tgsigqueueinfo(pid_t pid, pid_t tid, int sig, vaddr_t info)
{
    return pid <= 0 || tid <= 0 ? -EINVAL : queue_signal(pid, tid, sig, info);
}

int64_t sys_rt_sigaction(int sig, vaddr_t new, vaddr_t old, size_t size)
{
    struct k_sigaction action, before;
    int error;

    if (size != SIGSET_SIZE)
        return -EINVAL;
    if (new &&user_get(&action, new, sizeof(action)))
        return -EFAULT;
    error = signal_action_set(sig, new ? &action : NULL, &before);
    if (!error && old)
        error = user_put(old, &before, sizeof(before));
    return error;
}

int64_t sys_rt_sigprocmask(int how, vaddr_t set, vaddr_t old, size_t size)
{
    uint64_t before = current_task()->blocked, mask;
    int error = 0;

    if (size != SIGSET_SIZE)
        return -EINVAL;
    if (set && user_get(&mask, set, sizeof(mask)))
        return -EFAULT;
    if (set)
        error = signal_mask_change(how, mask);
    if (!error && old)
        error = user_put(old, &before, sizeof(before));
    return error;
}

int64_t sys_rt_sigpending(vaddr_t set, size_t size)
{
    uint64_t pending = signal_pending_set();

    return size > SIGSET_SIZE ? -EINVAL : user_put(set, &pending, size);
}

int64_t sys_rt_sigsuspend(vaddr_t set, size_t size)
{
    uint64_t mask;

    if (size != SIGSET_SIZE)
        return -EINVAL;
    if (user_get(&mask, set, sizeof(mask)))
        return -EFAULT;
    signal_mask_replace(mask);
    return signal_suspend();
}

int64_t sys_rt_sigtimedwait(vaddr_t set, vaddr_t info, vaddr_t timeout, size_t size)
{
    uint64_t mask, deadline = TIME_FOREVER;
    struct user_siginfo user;
    struct siginfo taken;
    struct timespec64 ts;
    int result = 0;

    if (size != SIGSET_SIZE)
        return -EINVAL;
    if (user_get(&mask, set, sizeof(mask)))
        return -EFAULT;
    if (timeout)
        result = user_timespec_get(&ts, timeout);
    if (result)
        return result;
    if (timeout)
        deadline = deadline_after(timespec_to_ns(&ts));
    result = signal_wait(mask, deadline, &taken);
    if (result <= 0 || !info)
        return result;
    siginfo_encode(&taken, &user);
    return user_put(info, &user, sizeof(user)) ? -EFAULT : result;
}

int64_t sys_rt_sigreturn(void)
{
    struct trap_frame *frame = user_frame();
    const struct siginfo info = {.signo = SIGSEGV, .code = SI_KERNEL};

    current_task()->restart_deadline_ns = 0;
    if (signal_frame_pop(frame)) {
        signal_force(SIGSEGV, &info);
        return 0;
    }
    return (int64_t)frame->a0;
}

int64_t sys_sigaltstack(vaddr_t new, vaddr_t old)
{
    vaddr_t sp = user_frame()->sp;
    struct user_stack stack, before;
    int error = 0;

    if (new &&user_get(&stack, new, sizeof(stack)))
        return -EFAULT;
    altstack_describe(&before, sp);
    if (new)
        error = altstack_set(&stack, sp);
    if (!error && old)
        error = user_put(old, &before, sizeof(before));
    return error;
}
