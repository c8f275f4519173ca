/*
 * redirect.c - opens, duplicates and closes descriptors for commands (POSIX 2.7).
 *
 * A here-document comes through a pipe. If it fits what a pipe is sure to hold, the shell writes
 * it before anybody reads; otherwise a child writes it, and is reaped like any other.
 */
#include "userland/c/sh/redirect.h"

#include "userland/c/lib/program.h"
#include "userland/c/lib/write_all.h"
#include "userland/c/sh/expand.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CREATE_MODE 0666 /* less the umask */

static bool complain(const char *thing)
{
    program_complain("%s: %s", thing, strerror(errno));
    return false;
}

/* Remembers what FD is now. */
static bool descriptor_save(int fd, struct saved_fd **saved)
{
    struct saved_fd *entry;
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, SHELL_FD_FIRST);

    if (copy < 0 && errno != EBADF)
        return false;
    entry = mem_alloc(sizeof(*entry));
    *entry = (struct saved_fd){.next = *saved, .fd = fd, .copy = copy};
    *saved = entry;
    return true;
}

/* Makes FD what FROM is, and closes FROM. */
static bool descriptor_move(int from, int fd)
{
    bool moved;

    if (from == fd)
        return true;
    moved = dup2(from, fd) >= 0;
    close(from);
    return moved;
}

static bool open_file(const struct redirect *redirect, const char *path)
{
    static const int flags[] = {
        [REDIRECT_READ] = O_RDONLY,
        [REDIRECT_WRITE] = O_WRONLY | O_CREAT | O_TRUNC,
        [REDIRECT_APPEND] = O_WRONLY | O_CREAT | O_APPEND,
        [REDIRECT_READ_WRITE] = O_RDWR | O_CREAT,
    };
    int fd = open(path, flags[redirect->kind], CREATE_MODE);

    if (fd < 0 || !descriptor_move(fd, redirect->fd))
        return complain(path);
    return true;
}

/* fd>&N, fd>&- */
static bool duplicate(const struct redirect *redirect, const char *text)
{
    if (strcmp(text, "-") == 0) {
        close(redirect->fd);
        return true;
    }
    if (!*text || text[strspn(text, "0123456789")] || strlen(text) > 6) {
        program_complain("%s: not a file descriptor", text);
        return false;
    }
    if (dup2(atoi(text), redirect->fd) < 0)
        return complain(text);
    return true;
}

static bool here_document(const struct redirect *redirect, const char *text)
{
    size_t length = strlen(text);
    int ends[2];
    pid_t writer = 1;

    if (pipe2(ends, O_CLOEXEC) < 0)
        return complain("here-document");
    if (length > PIPE_BUF) {
        writer = fork();
        if (writer == 0)
            close(ends[0]);
    }
    if (length <= PIPE_BUF || writer == 0)
        (void)write_all(ends[1], text, length); /* on failure the reader does not want it */
    if (writer == 0)
        _exit(0);
    close(ends[1]);
    if (writer < 0) {
        close(ends[0]);
        return complain("here-document");
    }
    if (ends[0] == redirect->fd) /* dup2 would leave it close-on-exec */
        return fcntl(ends[0], F_SETFD, 0) == 0;
    return descriptor_move(ends[0], redirect->fd) || complain("here-document");
}

static bool apply_one(struct shell *sh, const struct redirect *redirect, struct saved_fd **saved)
{
    char *target;
    bool done;

    if (!expand_string(sh, redirect->target, &target))
        return false;
    if (saved && !descriptor_save(redirect->fd, saved))
        done = complain("redirection");
    else if (redirect->kind == REDIRECT_HERE)
        done = here_document(redirect, target);
    else if (redirect->kind == REDIRECT_DUPLICATE)
        done = duplicate(redirect, target);
    else
        done = open_file(redirect, target);
    free(target);
    return done;
}

bool redirect_apply(struct shell *sh, const struct redirect *list, struct saved_fd **saved)
{
    for (; list; list = list->next)
        if (!apply_one(sh, list, saved))
            return false;
    return true;
}

void redirect_restore(struct saved_fd **saved)
{
    while (*saved) {
        struct saved_fd *entry = *saved;

        *saved = entry->next;
        if (entry->copy >= 0)
            descriptor_move(entry->copy, entry->fd);
        else
            close(entry->fd);
        free(entry);
    }
}

void redirect_keep(struct saved_fd **saved)
{
    while (*saved) {
        struct saved_fd *entry = *saved;

        *saved = entry->next;
        if (entry->copy >= 0)
            close(entry->copy);
        free(entry);
    }
}
