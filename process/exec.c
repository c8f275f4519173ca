#include "process/exec.h"

#include "arch/address.h"
#include "arch/thread.h"
#include "fs/fdtable.h"
#include "fs/file.h"
#include "lib/assert.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/alloc/kmalloc.h"
#include "process/auxv.h"
#include "process/exec_program.h"
#include "process/futex.h"
#include "process/rlimit.h"
#include "process/signal_action.h"
#include "process/threads.h"
#include "process/times.h"
#include "process/vdso.h"
#include "process/vfork.h"

/* Where Linux puts a position-independent program: two thirds up (ELF_ET_DYN_BASE). */
#define DYN_BASE ALIGN_DOWN(USER_TOP / 3 * 2, PAGE_SIZE)

/* What lies between the stack's top and where mmap begins: the stack's limit and a gap, within
 * these bounds (Linux, mm/util.c, mmap_base()). */
#define STACK_GAP    (256 * PAGE_SIZE)
#define MMAP_GAP_MIN (128 * MIB)
#define MMAP_GAP_MAX (USER_TOP / 6 * 5)

/* All that is made before the commit point, and thrown away if it is not reached. */
struct exec {
    const struct exec_request *request;
    struct exec_program program;
    struct exec_args args;
    struct mm *mm;
    struct fdtable *files;   /* a copy, if the table was shared */
    struct sighand *sighand; /* a table of its own; after the commit the one it had */
    struct credentials cred;
    bool secure; /* it gets rights that its caller has not */
    vaddr_t entry, sp;
};

static void exec_free(struct exec *exec)
{
    exec_program_close(&exec->program);
    exec_args_free(&exec->args);
    if (exec->mm)
        mm_put(exec->mm);
    if (exec->files)
        fdtable_put(exec->files);
    if (exec->sighand)
        sighand_put(exec->sighand);
    kmfree(exec);
}

static vaddr_t mmap_top(void)
{
    uint64_t gap = rlimit_current(RLIMIT_STACK);

    gap = gap < MMAP_GAP_MAX ? gap + STACK_GAP : MMAP_GAP_MAX;
    return ALIGN_DOWN(USER_TOP - MIN(MAX(gap, MMAP_GAP_MIN), MMAP_GAP_MAX), PAGE_SIZE);
}

static int make_mm(struct exec *exec)
{
    exec->mm = mm_create();
    if (!exec->mm)
        return -ENOMEM;
    rlimit_apply(exec->mm);
    exec->mm->mmap_top = mmap_top();
    return 0;
}

static int map_program(struct exec *exec)
{
    struct exec_image *main = &exec->program.main, *linker = &exec->program.linker;
    vaddr_t ceiling = exec_stack_bottom();
    int error = exec_image_map(main, exec->mm, DYN_BASE, ceiling);

    if (!error && linker->file)
        error = exec_image_map(linker, exec->mm, 0, ceiling);
    if (error)
        return error;
    exec->mm->brk_start = ALIGN_UP(main->layout.end + main->bias, PAGE_SIZE);
    exec->mm->brk = exec->mm->brk_start;
    file_get(main->file);
    exec->mm->exe = &main->file->source;
    exec->entry =
        linker->file ? linker->header.entry + linker->bias : main->header.entry + main->bias;
    return vdso_map(exec->mm);
}

/* The set-user-id and set-group-id bits. */
static void take_identity(struct exec *exec)
{
    const struct inode *inode = exec->program.main.file->inode;
    struct credentials *cred = &exec->cred;

    *cred = current_task()->process->cred;
    if (inode->mode & S_ISUID)
        cred->euid = inode->uid;
    if ((inode->mode & (S_ISGID | 0010)) == (S_ISGID | 0010))
        cred->egid = inode->gid;
    cred->suid = cred->fsuid = cred->euid;
    cred->sgid = cred->fsgid = cred->egid;
    exec->secure = cred->euid != cred->uid || cred->egid != cred->gid;
}

static int make_stack(struct exec *exec)
{
    const struct exec_image *main = &exec->program.main, *linker = &exec->program.linker;
    const struct credentials *cred = &exec->cred;
    const struct aux_entry aux[] = {
        {AT_HWCAP, HWCAP_RV64GC},
        {AT_PAGESZ, PAGE_SIZE},
        {AT_CLKTCK, USER_HZ},
        {AT_PHDR, main->layout.phdr ? main->layout.phdr + main->bias : 0},
        {AT_PHENT, sizeof(struct elf_segment)},
        {AT_PHNUM, main->header.phnum},
        {AT_BASE, linker->bias},
        {AT_FLAGS, 0},
        {AT_ENTRY, main->header.entry + main->bias},
        {AT_UID, cred->uid},
        {AT_EUID, cred->euid},
        {AT_GID, cred->gid},
        {AT_EGID, cred->egid},
        {AT_SECURE, exec->secure},
        {AT_HWCAP2, 0},
    };

    return exec_args_finish(&exec->args, aux, ARRAY_SIZE(aux), &exec->sp);
}

/* The new address space, whole. */
static int build(struct exec *exec)
{
    const struct exec_request *request = exec->request;
    int error = exec_program_find(&exec->program, request->program);

    if (!error)
        error = make_mm(exec);
    if (!error)
        error = exec_args_begin(&exec->args, exec->mm, exec->program.main.layout.exec_stack);
    if (!error)
        error = exec_args_fill(&exec->args, request->path, &request->argv, &request->envp);
    if (!error)
        error = exec_program_arguments(&exec->program, request->path, &exec->args);
    if (!error)
        error = map_program(exec);
    if (error)
        return error;
    take_identity(exec);
    return make_stack(exec);
}

/*
 * Copies of what is shared with other processes. Until the other threads have ended one of them may
 * share the signal handlers with a new process (CLONE_SIGHAND), so those are always copied.
 */
static int unshare(struct exec *exec)
{
    struct task *task = current_task();

    if (fdtable_shared(task->files)) {
        exec->files = fdtable_copy(task->files);
        if (!exec->files)
            return -ENOMEM;
    }
    exec->sighand = sighand_create(task->process->sighand);
    return exec->sighand ? 0 : -ENOMEM;
}

/* Puts the copies in place; the shared ones stay in exec, to be given back. */
static void take_own(struct exec *exec, struct task *task)
{
    uint64_t flags = spin_lock_irqsave(&process_lock);
    struct sighand *before = task->process->sighand;

    if (exec->files) {
        struct fdtable *shared = task->files;

        task->files = exec->files;
        exec->files = shared;
    }
    memcpy(exec->sighand->action, before->action, sizeof(before->action)); /* as it is by now */
    task->process->sighand = exec->sighand;
    exec->sighand = before;
    task->process->execed = true;
    task->process->exit_signal = SIGCHLD;
    spin_unlock_irqrestore(&process_lock, flags);
}

static void set_name(struct task *task, const char *path)
{
    const char *slash = strrchr(path, '/');

    str_copy(task->comm, slash ? slash + 1 : path, sizeof(task->comm));
}

/* Who watched the caller may not see what a program does with rights that the caller has not. */
static void end_trace(struct task *task)
{
    if (task->trace)
        file_put(task->trace);
    task->trace = NULL;
}

/* Nothing fails from here on. */
static void become(struct exec *exec)
{
    struct task *task = current_task();

    futex_exit(task);
    take_own(exec, task);
    exec->mm = mm_exchange(exec->mm);
    vfork_release();
    fdtable_close_on_exec(task->files);
    signal_action_reset(task->process->sighand);
    set_name(task, exec->request->path);
    task->process->cred = exec->cred;
    if (exec->secure)
        end_trace(task);
    task->altstack_base = 0;
    task->altstack_size = 0;
    task->set_child_tid = 0;
    task->restart_deadline_ns = 0;
    thread_frame_init(thread_user_frame(&task->thread), exec->entry, exec->sp);
    fp_replace(&task->thread, NULL);
}

int process_exec(const struct exec_request *request)
{
    struct exec *exec = kmalloc(sizeof(*exec), ALLOC_ZERO);
    int error;

    if (!exec)
        return -ENOMEM;
    exec->request = request;
    error = build(exec);
    if (!error)
        error = unshare(exec);
    if (!error)
        error = threads_end_others(); /* the commit point */
    if (!error)
        become(exec);
    exec_free(exec);
    return error;
}
