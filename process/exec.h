/*
 * execve(2): another program in the same process.
 *
 *     find      path, permission, #! lines up to the program that is ELF, its interpreter
 *     build     a new address space beside the old one: segments, stack, arguments, [vdso]
 *     own       descriptor table and signal actions that were shared become the process's own
 *     commit    the other threads end; from here on nothing fails
 *     become    the new address space is loaded, the old one let go (a vfork parent runs on);
 *               close-on-exec descriptors close, handlers go back to the default, the set-id bits
 *               count, registers start at zero
 */
#pragma once

#include "fs/dentry.h"
#include "process/exec_args.h"

struct exec_request {
    const char *path;       /* for AT_EXECFN, the process's name and a script's argument */
    struct dentry *program; /* what path leads to; the caller's reference */
    struct string_list argv, envp;
};

/*
 * 0: the running task's user frame starts the new program. On failure nothing has changed. Errors
 * are execve(2)'s: -EACCES, -ENOEXEC, -ENOENT (a script's interpreter), -ELOOP (scripts in
 * scripts), -E2BIG, -EFAULT, -ENOMEM, -EIO, -EINVAL, -EAGAIN (another thread is at it).
 */
int process_exec(const struct exec_request *request);
