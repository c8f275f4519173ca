/*
 * /proc/PID: texts and links of one process. Each call finds the process anew, by its number, takes
 * references to what it needs under process_lock, and gives them back; so nothing here keeps a dead
 * process's memory, and a file that was opened before its process ended says -ESRCH.
 *
 * A link leads to the object (follow), not to the text it shows: a descriptor's pipe has no path.
 */
#include "fs/procfs_process.h"

#include "fs/device.h"
#include "fs/fdtable.h"
#include "fs/fs_context.h"
#include "fs/mount.h"
#include "fs/process_view.h"
#include "fs/procfs_status.h"
#include "lib/err.h"
#include "lib/errno.h"
#include "lib/fmt.h"
#include "lib/string.h"
#include "mm/fault.h"
#include "mm/maps.h"
#include "mm/smaps.h"

/* The longest line of maps (addresses, rights, offset, device, inode, and a path), and what smaps
 * adds. */
#define MAPS_LINE_MAX (PATH_MAX + SMAPS_BUFFER_MIN)

#define MOUNT_FIRST 1u /* number of the first mount in mountinfo */

/* A view that may be looked into; 0, -ESRCH or -EACCES (then there is nothing to put). */
static int view_get_allowed(pid_t pid, struct process_view *view)
{
    int error = process_view_get(pid, view);

    if (error)
        return error;
    error = process_view_permission(view);
    if (error)
        process_view_put(view);
    return error;
}

typedef size_t maps_text_fn(struct mm *mm, char *buf, size_t size, vaddr_t *cursor);

/* One call gives whole lines of some VMAs; none at the end. */
static void maps_print(struct seq *seq, struct mm *mm, maps_text_fn *text)
{
    vaddr_t cursor = 0;
    size_t room, n;
    char *at;

    while ((at = seq_reserve(seq, MAPS_LINE_MAX, &room)) != NULL) {
        n = text(mm, at, room, &cursor);
        if (n == 0)
            return;
        seq_commit(seq, n);
    }
}

static int show_vmas(struct seq *seq, pid_t pid, maps_text_fn *text)
{
    struct process_view view;
    int error = view_get_allowed(pid, &view);

    if (error)
        return error;
    if (view.mm)
        maps_print(seq, view.mm, text);
    process_view_put(&view);
    return 0;
}

static int show_maps(struct seq *seq, pid_t pid)
{
    return show_vmas(seq, pid, mm_maps_text);
}

static int show_smaps(struct seq *seq, pid_t pid)
{
    return show_vmas(seq, pid, mm_smaps_text);
}

/* A range of the process's own memory as it is, up to the first page that cannot be read. */
static void memory_print(struct seq *seq, struct mm *mm, vaddr_t start, vaddr_t end)
{
    while (start < end) {
        size_t room, want, n;
        char *at = seq_reserve(seq, 1, &room);

        if (!at)
            return;
        want = MIN(room, end - start);
        n = mm_copy_out(mm, start, at, want);
        seq_commit(seq, n);
        if (n < want)
            return;
        start += n;
    }
}

static int show_cmdline(struct seq *seq, pid_t pid)
{
    struct process_view view;
    int error = process_view_get(pid, &view);

    if (error)
        return error;
    if (view.mm)
        memory_print(seq, view.mm, view.mm->arg_start, view.mm->arg_end);
    process_view_put(&view);
    return 0;
}

static int show_environ(struct seq *seq, pid_t pid)
{
    struct process_view view;
    int error = view_get_allowed(pid, &view);

    if (error)
        return error;
    if (view.mm)
        memory_print(seq, view.mm, view.mm->env_start, view.mm->env_end);
    process_view_put(&view);
    return 0;
}

static int show_comm(struct seq *seq, pid_t pid)
{
    struct process_view view;
    int error = process_view_get(pid, &view);

    if (error)
        return error;
    process_view_put(&view);
    seq_printf(seq, "%s\n", view.comm);
    return 0;
}

/* A device number with a major is a disk's. */
static const char *mount_device(const struct mount *mount)
{
    return mount->sb->dev >> 8 != 0 ? "/dev/root" : mount->sb->fs_name;
}

static const char *mount_rights(const struct mount *mount)
{
    return mount->sb->read_only ? "ro" : "rw";
}

/* The directory that it covers. */
static int mount_print_place(struct seq *seq, struct mount *mount)
{
    size_t room;
    char *at = seq_reserve(seq, PATH_MAX, &room);
    ssize_t n = at ? dentry_path(mount->root, NULL, at, room) : -ENOMEM;

    if (n < 0)
        return (int)n;
    seq_commit(seq, (size_t)n);
    return 0;
}

/* One mount: what, where, kind, options (fstab(5)). */
static int mount_print(struct seq *seq, struct mount *mount)
{
    int error;

    seq_printf(seq, "%s ", mount_device(mount));
    error = mount_print_place(seq, mount);
    if (error)
        return error;
    seq_printf(seq, " %s %s,relatime 0 0\n", mount->sb->fs_name, mount_rights(mount));
    return 0;
}

static int show_mounts(struct seq *seq, pid_t pid)
{
    int error = process_view_exists(pid) ? 0 : -ESRCH;

    for (struct mount *m = mount_next(NULL); m && !error; m = mount_next(m))
        error = mount_print(seq, m);
    return error;
}

/*
 * proc(5), "/proc/pid/mountinfo": number, parent's number, device, root, where, options, a dash,
 * kind, what, the file system's options. Mounts are numbered in their order; the first one is its
 * own parent, and carries the others.
 */
static int mountinfo_print(struct seq *seq, struct mount *mount, unsigned number)
{
    uint64_t dev = mount->sb->dev;
    int error;

    seq_printf(seq, "%u %u %u:%u / ", number, MOUNT_FIRST, device_major(dev), device_minor(dev));
    error = mount_print_place(seq, mount);
    if (error)
        return error;
    seq_printf(seq, " %s,relatime - %s %s %s\n", mount_rights(mount), mount->sb->fs_name,
               mount_device(mount), mount_rights(mount));
    return 0;
}

static int show_mountinfo(struct seq *seq, pid_t pid)
{
    int error = process_view_exists(pid) ? 0 : -ESRCH;
    unsigned number = MOUNT_FIRST;

    for (struct mount *m = mount_next(NULL); m && !error; m = mount_next(m))
        error = mountinfo_print(seq, m, number++);
    return error;
}

/* The program's own file: the first executable mapping that has one; its name, or -ENOENT. */
static ssize_t mm_program_name(struct mm *mm, char *buf, size_t size)
{
    ssize_t len = -ENOENT;

    rw_lock_read(&mm->lock);
    for (struct vma *vma = vma_first(&mm->vmas); vma && len < 0; vma = vma_next(vma)) {
        if ((vma->flags & VMA_EXEC) && vma->source)
            len = (ssize_t)vma->source->ops->name(vma->source, buf, size);
    }
    rw_unlock_read(&mm->lock);
    return len;
}

static ssize_t readlink_exe(pid_t pid, char *buf, size_t size)
{
    struct process_view view;
    ssize_t len = view_get_allowed(pid, &view);

    if (len < 0)
        return len;
    len = view.mm ? mm_program_name(view.mm, buf, size) : -ENOENT;
    process_view_put(&view);
    return len;
}

/* The root or working directory with a reference, or ERR_PTR. */
static struct dentry *context_dentry(pid_t pid, bool root)
{
    struct path_context ctx;
    struct process_view view;
    struct dentry *dentry;
    int error = view_get_allowed(pid, &view);

    if (error)
        return ERR_PTR(error);
    if (!view.fs) {
        process_view_put(&view);
        return ERR_PTR(-ENOENT);
    }
    fs_context_path(view.fs, &ctx);
    process_view_put(&view);
    dentry = root ? ctx.root : ctx.start;
    dentry_get(dentry);
    path_context_put(&ctx);
    return dentry;
}

/* The path of a dentry, whose reference is given back. */
static ssize_t dentry_readlink(struct dentry *dentry, char *buf, size_t size)
{
    ssize_t len;

    if (IS_ERR(dentry))
        return PTR_ERR(dentry);
    len = dentry_path(dentry, NULL, buf, size);
    dentry_put(dentry);
    return len == -ERANGE ? -ENAMETOOLONG : len;
}

static struct dentry *follow_cwd(pid_t pid)
{
    return context_dentry(pid, false);
}

static ssize_t readlink_cwd(pid_t pid, char *buf, size_t size)
{
    return dentry_readlink(follow_cwd(pid), buf, size);
}

static struct dentry *follow_root(pid_t pid)
{
    return context_dentry(pid, true);
}

static ssize_t readlink_root(pid_t pid, char *buf, size_t size)
{
    return dentry_readlink(follow_root(pid), buf, size);
}

struct file *proc_fd_get(pid_t pid, int fd)
{
    struct process_view view;
    struct file *file;
    int error = view_get_allowed(pid, &view);

    if (error)
        return ERR_PTR(error == -ESRCH ? -ENOENT : error);
    file = view.files ? fd_get(view.files, fd) : NULL;
    process_view_put(&view);
    return file ? file : ERR_PTR(-ENOENT);
}

int proc_fd_next(pid_t pid, int from)
{
    struct process_view view;
    int fd;

    if (view_get_allowed(pid, &view))
        return -1;
    fd = view.files ? fd_next(view.files, from) : -1;
    process_view_put(&view);
    return fd;
}

/* A file without a path is named by its kind and inode number: proc(5), "/proc/pid/fd/". */
static ssize_t nameless_readlink(const struct file *file, char *buf, size_t size)
{
    const char *kind = S_ISFIFO(file->inode->mode)   ? "pipe"
                       : S_ISSOCK(file->inode->mode) ? "socket"
                                                     : "anon_inode";

    return fmt_snprintf(buf, size, "%s:[%lu]", kind, file->inode->ino);
}

ssize_t proc_fd_readlink(pid_t pid, int fd, char *buf, size_t size)
{
    struct file *file = proc_fd_get(pid, fd);
    ssize_t len;

    if (IS_ERR(file))
        return PTR_ERR(file);
    if (file->dentry) {
        dentry_get(file->dentry);
        len = dentry_readlink(file->dentry, buf, size);
    } else {
        len = nameless_readlink(file, buf, size);
    }
    file_put(file);
    return len;
}

/* A nameless file gets a name of its own, which lasts as long as this reference. */
struct dentry *proc_fd_follow(pid_t pid, int fd)
{
    struct file *file = proc_fd_get(pid, fd);
    struct dentry *dentry;

    if (IS_ERR(file))
        return ERR_PTR(PTR_ERR(file));
    if (file->dentry) {
        dentry = file->dentry;
        dentry_get(dentry);
    } else {
        inode_ref(file->inode);
        dentry = dentry_create_root(file->inode);
        if (!dentry) {
            inode_put(file->inode);
            dentry = ERR_PTR(-ENOMEM);
        }
    }
    file_put(file);
    return dentry;
}

const struct proc_entry proc_process_entries[] = {
    {.name = "cmdline", .mode = PROC_TEXT_MODE, .show = show_cmdline},
    {.name = "comm", .mode = PROC_TEXT_MODE, .show = show_comm},
    {.name = "cwd", .mode = PROC_LINK_MODE, .readlink = readlink_cwd, .follow = follow_cwd},
    {.name = "environ", .mode = PROC_OWNER_MODE, .show = show_environ},
    {.name = "exe", .mode = PROC_LINK_MODE, .readlink = readlink_exe},
    {.name = PROC_FD_DIR, .mode = S_IFDIR | 0500},
    {.name = "limits", .mode = PROC_TEXT_MODE, .show = proc_show_limits},
    {.name = "maps", .mode = PROC_TEXT_MODE, .show = show_maps},
    {.name = "mountinfo", .mode = PROC_TEXT_MODE, .show = show_mountinfo},
    {.name = "mounts", .mode = PROC_TEXT_MODE, .show = show_mounts},
    {.name = "root", .mode = PROC_LINK_MODE, .readlink = readlink_root, .follow = follow_root},
    {.name = "smaps", .mode = PROC_TEXT_MODE, .show = show_smaps},
    {.name = "stat", .mode = PROC_TEXT_MODE, .show = proc_show_stat},
    {.name = "statm", .mode = PROC_TEXT_MODE, .show = proc_show_statm},
    {.name = "status", .mode = PROC_TEXT_MODE, .show = proc_show_status},
};

const size_t proc_process_entry_count = ARRAY_SIZE(proc_process_entries);
