#include "process/exec_program.h"

#include "fs/fs_context.h"
#include "lib/err.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/alloc/kmalloc.h"
#include "sched/task.h"

/* Opens a path for execution, from where the process stands: a file or ERR_PTR. */
static struct file *open_path(const char *path)
{
    struct path_context ctx;
    struct dentry *dentry;
    struct file *file;

    fs_context_path(current_task()->fs, &ctx);
    dentry = path_walk(&ctx, path, PATH_FOLLOW);
    path_context_put(&ctx);
    if (IS_ERR(dentry))
        return (struct file *)dentry;
    file = file_open_exec(dentry);
    dentry_put(dentry);
    return file;
}

/* If file is a script: notes its line and returns 1; 0 if it is none; or -errno. */
static int read_script(struct exec_program *program, struct file *file)
{
    struct script_level *level = &program->script[program->levels];
    char start[2];
    ssize_t n = file_read_kernel(file, start, sizeof(start), 0);

    if (n < 2 || start[0] != '#' || start[1] != '!')
        return n < 0 ? (int)n : 0;
    if (program->levels == SCRIPT_LEVELS_MAX)
        return -ELOOP;
    n = file_read_kernel(file, level->line, SCRIPT_LINE_MAX, 0);
    if (n < 0)
        return (int)n;
    program->levels++;
    return script_parse(level->line, (size_t)n, &level->interpreter, &level->argument) ? -ENOEXEC
                                                                                       : 1;
}

/* Follows scripts from file (a reference taken over) to the file that is none: it or ERR_PTR. */
static struct file *follow_scripts(struct exec_program *program, struct file *file)
{
    while (!IS_ERR(file)) {
        int is_script = read_script(program, file);

        if (is_script == 0)
            return file;
        file_put(file);
        if (is_script < 0)
            return ERR_PTR(is_script);
        file = open_path(program->script[program->levels - 1].interpreter);
    }
    return file;
}

static int find_linker(struct exec_program *program)
{
    struct file *file;
    char *path;
    int error;

    if (!program->main.layout.interp)
        return 0;
    path = exec_image_interpreter(&program->main);
    if (IS_ERR(path))
        return (int)PTR_ERR(path);
    file = open_path(path);
    kmfree(path);
    if (IS_ERR(file))
        return (int)PTR_ERR(file);
    error = exec_image_read(&program->linker, file);
    return error == -ENOEXEC ? -ELIBBAD : error;
}

int exec_program_find(struct exec_program *program, struct dentry *dentry)
{
    struct file *file;
    int error;

    memset(program, 0, sizeof(*program));
    file = follow_scripts(program, file_open_exec(dentry));
    if (IS_ERR(file))
        return (int)PTR_ERR(file);
    error = exec_image_read(&program->main, file);
    return error ? error : find_linker(program);
}

void exec_program_close(struct exec_program *program)
{
    exec_image_close(&program->main);
    exec_image_close(&program->linker);
}

int exec_program_arguments(const struct exec_program *program, const char *path,
                           struct exec_args *args)
{
    int error = 0;

    for (unsigned i = 0; i < program->levels && !error; i++) {
        const struct script_level *level = &program->script[i];

        error = exec_args_pop(args);
        if (!error)
            error = exec_args_push(args, i == 0 ? path : program->script[i - 1].interpreter);
        if (!error && level->argument)
            error = exec_args_push(args, level->argument);
        if (!error)
            error = exec_args_push(args, level->interpreter);
    }
    return error;
}
