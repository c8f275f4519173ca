/*
 * Opening by name: see fs/open.h. A name that is not there is made in the directory that it would
 * be in. If that name is a symbolic link that leads nowhere, the file is made where it leads, as
 * Linux has it; if another task has made the name meanwhile, that one's file is opened.
 */
#include "fs/open.h"

#include "fs/attr.h"
#include "fs/naming.h"
#include "lib/err.h"
#include "lib/errno.h"
#include "mm/alloc/kmalloc.h"
#include "sched/task.h"

static bool is_exclusive(unsigned flags)
{
    return (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL);
}

/* Opens a file that was there. */
static struct file *open_existing(struct dentry *dentry, unsigned flags)
{
    struct inode *inode = dentry->inode;
    struct file *file;
    int error = 0;

    if (is_exclusive(flags))
        return ERR_PTR(-EEXIST);
    if (flags & O_CREAT && S_ISDIR(inode->mode))
        return ERR_PTR(-EISDIR);
    file = file_open(dentry, flags);
    if (IS_ERR(file))
        return file;
    if (flags & O_TRUNC && S_ISREG(inode->mode) && inode->ops->setattr)
        error = attr_truncate(inode, 0);
    if (!error)
        return file;
    file_put(file);
    return ERR_PTR(error);
}

/* Makes the file and opens it: whatever its mode, its maker has it as he asked. */
static struct file *open_new(const struct naming *at, unsigned flags, mode_t mode)
{
    const struct credentials *cred = &current_task()->process->cred;
    struct inode_spec spec = {.mode = S_IFREG | mode, .uid = cred->fsuid, .gid = cred->fsgid};
    struct dentry *dentry;
    struct file *file;
    int error = naming_create(at, &spec, &dentry);

    if (error == -EPERM)
        error = -EACCES; /* a directory of /dev or /proc: open(2) says it so */
    if (error)
        return ERR_PTR(error);
    file = file_open_new(dentry, flags);
    dentry_put(dentry);
    return file;
}

/* The text of the link that stands at a name, NUL-terminated and the caller's; or ERR_PTR: what
 * naming_create() met is no link. */
static char *link_text(const struct naming *at)
{
    struct dentry *dentry = dentry_lookup(at->dir, at->name, at->len);
    char *text = IS_ERR(dentry) ? NULL : kmalloc(PATH_MAX, 0);
    ssize_t len = -EEXIST;

    if (text && S_ISLNK(dentry->inode->mode) && dentry->inode->ops->readlink)
        len = dentry->inode->ops->readlink(dentry->inode, text, PATH_MAX - 1);
    if (!IS_ERR(dentry))
        dentry_put(dentry);
    if (len >= 0 && len < PATH_MAX) {
        text[len] = '\0';
        return text;
    }
    kmfree(text);
    return ERR_PTR(-EEXIST);
}

/* One try to make the file; *next gets the text to go on with if a link is in the way. */
static struct file *try_create(struct path_context *ctx, const char *name, unsigned flags,
                               mode_t mode, char **next)
{
    struct naming at;
    struct file *file;

    *next = NULL;
    at.dir = path_walk_parent(ctx, name, &at.name, &at.len);
    if (IS_ERR(at.dir))
        return (struct file *)at.dir;
    at.slash = at.name[at.len] == '/';
    file = at.slash || at.len == 0 ? ERR_PTR(-EISDIR) : open_new(&at, flags, mode);
    if (file == ERR_PTR(-EEXIST) && !is_exclusive(flags)) {
        *next = link_text(&at);
        if (IS_ERR(*next))
            *next = NULL;
    }
    if (*next) {
        dentry_put(ctx->start);
        ctx->start = at.dir; /* what the text is relative to; with its reference */
    } else {
        dentry_put(at.dir);
    }
    return file;
}

/* Makes the file where name leads, over links that lead nowhere. -EEXIST: it is there by now. */
static struct file *create_path(const struct path_context *from, const char *name, unsigned flags,
                                mode_t mode)
{
    struct path_context ctx = *from;
    struct file *file;
    char *text = NULL, *next;
    unsigned links = 0;

    dentry_get(ctx.start);
    for (;;) {
        file = try_create(&ctx, name, flags, mode, &next);
        kmfree(text);
        name = text = next;
        if (!next)
            break;
        if (++links > SYMLINKS_MAX) {
            kmfree(text);
            file = ERR_PTR(-ELOOP);
            break;
        }
    }
    dentry_put(ctx.start);
    return file;
}

/* As open_existing(); gives dentry's reference back. */
static struct file *open_dentry(struct dentry *dentry, unsigned flags)
{
    struct file *file = open_existing(dentry, flags);

    dentry_put(dentry);
    return file;
}

struct file *open_path(const struct path_context *ctx, const char *name, unsigned flags,
                       mode_t mode)
{
    unsigned walk = flags & O_DIRECTORY ? PATH_DIRECTORY : 0;
    struct dentry *dentry;
    struct file *file;

    if (!(flags & O_NOFOLLOW) && !is_exclusive(flags))
        walk |= PATH_FOLLOW;
    do {
        dentry = path_walk(ctx, name, walk);
        if (dentry == ERR_PTR(-ENOENT) && flags & O_CREAT && name[0])
            file = create_path(ctx, name, flags, mode);
        else if (IS_ERR(dentry))
            return (struct file *)dentry;
        else
            return open_dentry(dentry, flags);
    } while (file == ERR_PTR(-EEXIST) && !is_exclusive(flags));
    return file;
}
