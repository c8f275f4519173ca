/*
 * The path walk: see fs/path.h.
 *
 * A loop over components, no recursion. The text still to be walked is a stack: a symbolic link met
 * on the way pushes what is left of the current text and goes on with the link's own; at the end of
 * a text the one below goes on. Texts with nothing left are not pushed, so all below the current
 * one begin with a slash. Texts of links lie in buffers from kmalloc().
 *
 *     path "a/l/b", l -> "../x/y":    "../x/y" over "/b",  "/y" over "/b",  "" over "/b",  "/b"
 *
 * At each component the place reached so far must be a directory that may be searched. The walk
 * holds one reference to that place (walk.at) and no lock between steps.
 *
 * Source: path_resolution(7), symlink(7); POSIX.1-2017, 4.13 Pathname Resolution.
 */
#include "fs/path.h"

#include "fs/mount.h"
#include "lib/err.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/alloc/kmalloc.h"

/* A text to be walked, and the buffer it lies in (NULL: the caller's). */
struct path_text {
    const char *rest;
    char *buffer;
};

struct path_walk {
    const struct path_context *ctx;
    struct dentry *at;      /* where the walk stands; a reference */
    struct path_text text;  /* what is walked now */
    struct path_text *left; /* below it: SYMLINKS_MAX entries once there was a link, else NULL */
    unsigned depth;         /* entries of left in use */
    unsigned links;         /* links followed so far */
};

/* One component. */
struct path_name {
    const char *text;
    size_t len;
    bool slash; /* a slash follows, here or in the text below: it has to be a directory */
};

static void walk_go(struct path_walk *walk, struct dentry *to)
{
    dentry_put(walk->at);
    walk->at = to;
}

static void walk_go_root(struct path_walk *walk)
{
    dentry_get(walk->ctx->root);
    walk_go(walk, mount_enter(walk->ctx->root));
}

static const char *skip_slashes(const char *text)
{
    while (*text == '/')
        text++;
    return text;
}

/* Drops texts that are used up. */
static void walk_settle(struct path_walk *walk)
{
    while (*walk->text.rest == '\0' && walk->depth > 0) {
        kmfree(walk->text.buffer);
        walk->text = walk->left[--walk->depth];
        walk->text.rest = skip_slashes(walk->text.rest);
    }
}

/* Takes the next component off the text; false at the end. */
static bool walk_next(struct path_walk *walk, struct path_name *name)
{
    const char *end;

    walk->text.rest = skip_slashes(walk->text.rest);
    walk_settle(walk);
    if (*walk->text.rest == '\0')
        return false;
    name->text = walk->text.rest;
    end = strchr(name->text, '/');
    name->len = end ? (size_t)(end - name->text) : strlen(name->text);
    walk->text.rest = name->text + name->len;
    name->slash = *walk->text.rest == '/' || walk->depth > 0;
    return true;
}

static bool name_is(const struct path_name *name, const char *what)
{
    return name->len == strlen(what) && memcmp(name->text, what, name->len) == 0;
}

/* "..": up, over mounts, but not above the root. */
static void walk_up(struct path_walk *walk)
{
    struct dentry *at = walk->at;

    while (at != walk->ctx->root && at->parent == at && at->mount && at->mount->covered)
        at = at->mount->covered;
    if (at != walk->ctx->root)
        at = dentry_get_parent(at);
    else
        dentry_get(at);
    walk_go(walk, mount_enter(at));
}

/* The text of a link in a buffer that becomes the caller's, or ERR_PTR. */
static char *link_read(struct inode *inode)
{
    char *buffer;
    ssize_t len;

    if (!inode->ops->readlink)
        return ERR_PTR(-EINVAL);
    buffer = kmalloc(PATH_MAX, 0);
    if (!buffer)
        return ERR_PTR(-ENOMEM);
    len = inode->ops->readlink(inode, buffer, PATH_MAX);
    if (len > 0 && (size_t)len < PATH_MAX) {
        buffer[len] = '\0';
        return buffer;
    }
    kmfree(buffer);
    if (len < 0)
        return ERR_PTR(len);
    return ERR_PTR(len == 0 ? -ENOENT : -ENAMETOOLONG);
}

/* Goes on with `buffer` before what is left of the current text. */
static int walk_push(struct path_walk *walk, char *buffer)
{
    if (!walk->left) {
        walk->left = kmalloc(SYMLINKS_MAX * sizeof(*walk->left), 0);
        if (!walk->left)
            return -ENOMEM;
    }
    if (*walk->text.rest != '\0')
        walk->left[walk->depth++] = walk->text;
    else
        kmfree(walk->text.buffer);
    walk->text = (struct path_text){.rest = buffer, .buffer = buffer};
    return 0;
}

/* Follows a link found in walk->at; its reference is taken over. */
static int walk_follow(struct path_walk *walk, struct dentry *link)
{
    struct inode *inode = link->inode;
    struct dentry *target = NULL;
    char *buffer;
    int error;

    if (walk->links++ >= SYMLINKS_MAX) {
        dentry_put(link);
        return -ELOOP;
    }
    if (inode->ops->follow)
        target = inode->ops->follow(inode);
    buffer = target ? NULL : link_read(inode);
    dentry_put(link);
    if (IS_ERR(target))
        return (int)PTR_ERR(target);
    if (target) {
        walk_go(walk, target);
        return 0;
    }
    if (IS_ERR(buffer))
        return (int)PTR_ERR(buffer);
    error = walk_push(walk, buffer);
    if (error) {
        kmfree(buffer);
        return error;
    }
    if (*buffer == '/')
        walk_go_root(walk);
    return 0;
}

/* Whether walk->at may be searched. */
static int walk_may_search(const struct path_walk *walk)
{
    struct inode *inode = walk->at->inode;

    return S_ISDIR(inode->mode) ? inode_permission(inode, MAY_EXEC) : -ENOTDIR;
}

/* One component. */
static int walk_step(struct path_walk *walk, const struct path_name *name, unsigned flags)
{
    bool follow = name->slash || (flags & PATH_FOLLOW);
    struct dentry *next;
    int error = walk_may_search(walk);

    if (error)
        return error;
    if (name_is(name, "."))
        return 0;
    if (name_is(name, "..")) {
        walk_up(walk);
        return 0;
    }
    next = dentry_lookup(walk->at, name->text, name->len);
    if (IS_ERR(next))
        return (int)PTR_ERR(next);
    if (follow && S_ISLNK(next->inode->mode))
        return walk_follow(walk, next);
    walk_go(walk, mount_enter(next));
    return 0;
}

static void walk_begin(struct path_walk *walk, const struct path_context *ctx, const char *path)
{
    *walk = (struct path_walk){.ctx = ctx, .at = ctx->start, .text = {.rest = path}};
    dentry_get(walk->at);
    if (*path == '/')
        walk_go_root(walk);
}

/* Frees what the walk used: the place reached, with its reference, or ERR_PTR(error). */
static struct dentry *walk_end(struct path_walk *walk, int error)
{
    while (walk->depth > 0) {
        kmfree(walk->text.buffer);
        walk->text = walk->left[--walk->depth];
    }
    kmfree(walk->text.buffer);
    kmfree(walk->left);
    if (!error)
        return walk->at;
    dentry_put(walk->at);
    return ERR_PTR(error);
}

/* What can be said of the text alone; 0 when it is to be walked. */
static int path_check(const char *path, bool empty_ok)
{
    size_t len = strnlen(path, PATH_MAX);

    if (len == PATH_MAX)
        return -ENAMETOOLONG;
    return len == 0 && !empty_ok ? -ENOENT : 0;
}

struct dentry *path_walk(const struct path_context *ctx, const char *path, unsigned flags)
{
    int error = path_check(path, flags & PATH_EMPTY);
    struct path_walk walk;
    struct path_name name;

    if (error)
        return ERR_PTR(error);
    walk_begin(&walk, ctx, path);
    name.slash = false;
    while (!error && walk_next(&walk, &name))
        error = walk_step(&walk, &name, flags);
    if (!error && (name.slash || (flags & PATH_DIRECTORY)) && !S_ISDIR(walk.at->inode->mode))
        error = -ENOTDIR;
    return walk_end(&walk, error);
}

/* The last component of path: where it begins, its length; 0 when there is none ("/"). */
static const char *last_name(const char *path, size_t *len)
{
    const char *end = path + strlen(path), *begin;

    while (end > path && end[-1] == '/')
        end--;
    begin = end;
    while (begin > path && begin[-1] != '/')
        begin--;
    *len = (size_t)(end - begin);
    return begin;
}

struct dentry *path_walk_parent(const struct path_context *ctx, const char *path, const char **name,
                                size_t *len)
{
    int error = path_check(path, false);
    struct dentry *parent;
    size_t above;
    char *copy;

    if (error)
        return ERR_PTR(error);
    *name = last_name(path, len);
    above = (size_t)(*name - path);
    copy = kmalloc(above + 1, 0);
    if (!copy)
        return ERR_PTR(-ENOMEM);
    memcpy(copy, path, above);
    copy[above] = '\0';
    parent = path_walk(ctx, copy, PATH_FOLLOW | PATH_DIRECTORY | PATH_EMPTY);
    kmfree(copy);
    return parent;
}
