#include "process/siginfo.h"

#include "lib/string.h"

static bool is_fault(int sig)
{
    return sig == SIGSEGV || sig == SIGBUS || sig == SIGILL || sig == SIGTRAP || sig == SIGFPE;
}

void siginfo_encode(const struct siginfo *info, struct user_siginfo *user)
{
    bool from_kernel = info->code > SI_USER && info->code < SI_KERNEL;

    memset(user, 0, sizeof(*user));
    user->signo = info->signo;
    user->error = info->error;
    user->code = info->code;
    if (from_kernel && is_fault(info->signo)) {
        user->fault.addr = info->addr;
        return;
    }
    user->sender.pid = info->pid;
    user->sender.uid = info->uid;
    if (from_kernel && info->signo == SIGCHLD) {
        user->child.status = info->status;
        user->child.utime = (int64_t)info->utime;
        user->child.stime = (int64_t)info->stime;
    } else {
        user->sender.value = info->addr;
    }
}

void siginfo_decode(const struct user_siginfo *user, struct siginfo *info)
{
    *info = (struct siginfo){
        .signo = user->signo,
        .code = user->code,
        .error = user->error,
        .pid = user->sender.pid,
        .uid = user->sender.uid,
        .addr = user->sender.value,
    };
}
