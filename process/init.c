/*
 * Pid 1 starts as a task with an empty user frame and no address space; the first thing that it
 * does in the kernel is an execve like any other. Its environment is the one that Linux gives init.
 */
#include "process/init.h"

#include "fs/fdtable.h"
#include "fs/fs_context.h"
#include "kernel/cmdline.h"
#include "kernel/panic.h"
#include "kernel/print.h"
#include "lib/assert.h"
#include "lib/err.h"
#include "lib/string.h"
#include "process/exec.h"
#include "process/rlimit.h"
#include "process/vdso.h"
#include "sched/sched.h"
#include "sched/task.h"

#define INIT_PATH    "/sbin/init"
#define CONSOLE_PATH "/dev/console"
#define INIT_PID     1
#define WORDS_MAX    32 /* arguments of init: as many as Linux takes (MAX_INIT_ARGS) */
#define STDIO_COUNT  3

static char init_path[PATH_MAX];
static char words[CMDLINE_MAX]; /* the arguments' text, cut apart */
static const char *init_argv[WORDS_MAX + 2];
static const char *const init_envp[] = {"HOME=/", "TERM=linux", NULL};

/* The place of "--" as a word of the command line, or its end. */
static const char *find_separator(const char *line)
{
    for (const char *s = line; (s = strchr(s, '-')); s++)
        if ((s == line || s[-1] == ' ') && s[1] == '-' && (s[2] == ' ' || s[2] == '\0'))
            return s + 2;
    return line + strlen(line);
}

static void collect_arguments(void)
{
    size_t n = 0;
    char *s = words;

    str_copy(words, find_separator(cmdline_text()), sizeof(words));
    init_argv[n++] = init_path;
    while (n <= WORDS_MAX) {
        while (*s == ' ')
            *s++ = '\0';
        if (!*s)
            break;
        init_argv[n++] = s;
        while (*s && *s != ' ')
            s++;
    }
    init_argv[n] = NULL;
}

/* The root-relative path's dentry, or ERR_PTR. */
static struct dentry *walk(const char *path)
{
    struct path_context ctx;
    struct dentry *dentry;

    fs_context_path(current_task()->fs, &ctx);
    dentry = path_walk(&ctx, path, PATH_FOLLOW);
    path_context_put(&ctx);
    return dentry;
}

/* The console as descriptors 0, 1 and 2; init goes on without, but says so. */
static void open_console(void)
{
    struct dentry *dentry = walk(CONSOLE_PATH);
    struct file *file;

    if (IS_ERR(dentry)) {
        printk("init: no %s (%ld)\n", CONSOLE_PATH, -PTR_ERR(dentry));
        return;
    }
    file = file_open(dentry, O_RDWR | O_NOCTTY);
    dentry_put(dentry);
    if (IS_ERR(file)) {
        printk("init: %s cannot be opened (%ld)\n", CONSOLE_PATH, -PTR_ERR(file));
        return;
    }
    for (int i = 0; i < STDIO_COUNT; i++) {
        file_get(file);
        if (fd_install(current_task()->files, file, 0, rlimit_current(RLIMIT_NOFILE), false) < 0)
            file_put(file);
    }
    file_put(file);
}

void init_run(struct trap_frame *frame)
{
    struct exec_request request = {
        .path = init_path,
        .argv = {.kernel = init_argv},
        .envp = {.kernel = init_envp},
    };
    int error;

    (void)frame;
    assert(current_task()->process->pid == INIT_PID);
    open_console();
    if (!cmdline_get("init", init_path, sizeof(init_path)))
        str_copy(init_path, INIT_PATH, sizeof(init_path));
    collect_arguments();
    request.program = walk(init_path);
    error = IS_ERR(request.program) ? (int)PTR_ERR(request.program) : process_exec(&request);
    if (error)
        panic("%s cannot be run (error %d): is it on the disk? init=PATH names another", init_path,
              -error);
    dentry_put(request.program);
}

void init_start(void)
{
    const struct trap_frame frame = {0};
    struct task *task = task_create();
    struct process *process = task ? process_create(task) : NULL;
    uint64_t flags;

    vdso_init();
    if (process)
        process->sighand = sighand_create(NULL);
    if (!process || !process->sighand || !(task->files = fdtable_create()) ||
        !(task->fs = fs_context_create()))
        panic("too little memory for the first process");
    assert(process->pid == INIT_PID);
    process->pgid = process->pid;
    process->sid = process->pid;
    process->exit_signal = SIGCHLD;
    rlimit_init(process);
    str_copy(task->comm, "init", sizeof(task->comm));
    thread_init_user(&task->thread, task->stack_top, &frame);
    flags = spin_lock_irqsave(&process_lock);
    process_publish(process, NULL);
    spin_unlock_irqrestore(&process_lock, flags);
    sched_start(task);
}
