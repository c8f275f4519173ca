/*
 * procfs: the kernel's inside as files. Its directories are tables and the list of processes:
 *
 *   /proc            procfs_system.c's and procfs_sysctl.c's entries, then a directory each process
 *   /proc/sys/…      procfs_sysctl.c
 *   /proc/PID        procfs_process.c
 *   /proc/PID/fd     a link for each open descriptor
 *
 * An inode is known by its number alone, so that it can be dropped and made again at any time:
 *
 *   63..32   the process, 0: none
 *   31..0    1: the root, or the process's directory; 2 + i: entry i of the tables;
 *            INO_FD + n: descriptor n
 *
 * A process's names are valid while it lives (inode_ops.valid); those of descriptors are looked up
 * anew each time. Nothing here is locked for long: each call asks process_view.
 */
#include "fs/file.h"
#include "fs/proc_text.h"
#include "fs/process_view.h"
#include "fs/procfs_process.h"
#include "fs/procfs_sysctl.h"
#include "fs/procfs_system.h"
#include "fs/pseudo.h"
#include "fs/super.h"
#include "lib/err.h"
#include "lib/errno.h"
#include "lib/fmt.h"
#include "lib/parse.h"
#include "lib/string.h"

#define PROC_MAGIC 0x9fa0 /* Linux, include/uapi/linux/magic.h */
#define PROC_DEV   20     /* st_dev: 0, 20; anonymous, as Linux gives them */

#define INO_DIR   1U
#define INO_ENTRY 2U
#define INO_FD    0x10000U
#define SLOT_MASK 0xffffffffUL

/* Positions in the root's list: the dots, the entries, then this plus the pid. */
#define POS_PID 0x1000

#define NUMBER_MAX 12 /* digits of a pid or descriptor, sign and NUL */

static struct super_block procfs;

static uint64_t ino_make(pid_t pid, uint32_t slot)
{
    return (uint64_t)pid << PROC_PID_SHIFT | slot;
}

static pid_t inode_pid(const struct inode *inode)
{
    return (pid_t)(inode->ino >> PROC_PID_SHIFT);
}

static int inode_fd(const struct inode *inode)
{
    return (int)((inode->ino & SLOT_MASK) - INO_FD);
}

/* Entry i outside of processes, both tables in a row, or NULL past the end. */
static const struct proc_entry *system_entry(size_t i)
{
    if (i < proc_system_entry_count)
        return &proc_system_entries[i];
    i -= proc_system_entry_count;
    return i < proc_sysctl_entry_count ? &proc_sysctl_entries[i] : NULL;
}

static const struct proc_entry *process_entry(size_t i)
{
    return i < proc_process_entry_count ? &proc_process_entries[i] : NULL;
}

static bool name_is(const char *name, const char *text, size_t len)
{
    return strlen(name) == len && memcmp(name, text, len) == 0;
}

/* A name that is a number as the kernel writes it: no sign, no leading zeroes. Else -1. */
static int name_number(const char *name, size_t len)
{
    char text[NUMBER_MAX];
    uint64_t value;

    if (len == 0 || len >= sizeof(text) || (name[0] == '0' && len > 1))
        return -1;
    memcpy(text, name, len);
    text[len] = '\0';
    return parse_u64(text, 10, &value) || value > INT32_MAX ? -1 : (int)value;
}

static int inode_find(uint64_t ino, struct inode **result)
{
    *result = inode_get(&procfs, ino);
    return IS_ERR(*result) ? (int)PTR_ERR(*result) : 0;
}

/* Entries belong to the inode whose directory's path this is; the root's is "". */
static const char *directory_path(const struct inode *dir)
{
    const struct proc_entry *entry = dir->private;

    return entry ? entry->path : "";
}

static int system_lookup(struct inode *dir, const char *name, size_t len, struct inode **result)
{
    const struct proc_entry *entry;

    for (size_t i = 0; (entry = system_entry(i)) != NULL; i++) {
        if (strcmp(entry->dir, directory_path(dir)) == 0 && name_is(entry->name, name, len))
            return inode_find(ino_make(0, INO_ENTRY + (uint32_t)i), result);
    }
    return -ENOENT;
}

/* The owner may have changed since the inode was made, or the number is another process's now. */
static void process_refresh(struct inode *inode)
{
    process_view_owner(inode_pid(inode), &inode->uid, &inode->gid);
}

static int root_lookup(struct inode *dir, const char *name, size_t len, struct inode **result)
{
    int error = system_lookup(dir, name, len, result);
    pid_t pid;

    if (error != -ENOENT)
        return error;
    pid = name_number(name, len);
    if (pid <= 0 || !process_view_exists(pid))
        return -ENOENT;
    error = inode_find(ino_make(pid, INO_DIR), result);
    if (!error)
        process_refresh(*result);
    return error;
}

static int process_lookup(struct inode *dir, const char *name, size_t len, struct inode **result)
{
    const struct proc_entry *entry;
    pid_t pid = inode_pid(dir);
    int error;

    for (size_t i = 0; (entry = process_entry(i)) != NULL; i++) {
        if (!name_is(entry->name, name, len))
            continue;
        if (!process_view_exists(pid))
            return -ENOENT;
        error = inode_find(ino_make(pid, INO_ENTRY + (uint32_t)i), result);
        if (!error)
            process_refresh(*result);
        return error;
    }
    return -ENOENT;
}

/* A link's mode shows how the file was opened (proc(5)). */
static void fd_refresh(struct inode *inode)
{
    struct file *file = proc_fd_get(inode_pid(inode), inode_fd(inode));

    process_refresh(inode);
    if (IS_ERR(file))
        return;
    inode->mode =
        S_IFLNK | (file->source.may_read ? 0500 : 0) | (file->source.may_write ? 0300 : 0);
    file_put(file);
}

static int fd_lookup(struct inode *dir, const char *name, size_t len, struct inode **result)
{
    int fd = name_number(name, len), error;
    struct file *file;

    if (fd < 0)
        return -ENOENT;
    file = proc_fd_get(inode_pid(dir), fd);
    if (IS_ERR(file))
        return (int)PTR_ERR(file);
    file_put(file);
    error = inode_find(ino_make(inode_pid(dir), INO_FD + (uint32_t)fd), result);
    if (!error)
        fd_refresh(*result);
    return error;
}

static bool process_valid(struct inode *inode)
{
    return process_view_exists(inode_pid(inode));
}

static bool never_valid(struct inode *inode)
{
    (void)inode;
    return false;
}

static ssize_t entry_readlink(struct inode *inode, char *buf, size_t size)
{
    const struct proc_entry *entry = inode->private;

    return entry->readlink(inode_pid(inode), buf, size);
}

static struct dentry *entry_follow(struct inode *inode)
{
    const struct proc_entry *entry = inode->private;

    return entry->follow ? entry->follow(inode_pid(inode)) : NULL;
}

static ssize_t fd_readlink(struct inode *inode, char *buf, size_t size)
{
    return proc_fd_readlink(inode_pid(inode), inode_fd(inode), buf, size);
}

static struct dentry *fd_follow(struct inode *inode)
{
    return proc_fd_follow(inode_pid(inode), inode_fd(inode));
}

/* Emits the entries of a table that are in this directory; false: there was no more room. */
static bool emit_entries(struct dir_emit *emit, const char *dir, pid_t pid,
                         const struct proc_entry *(*table)(size_t), uint64_t *pos)
{
    const struct proc_entry *entry;
    struct dir_entry found;
    size_t i;

    for (; (entry = table((size_t)(*pos - PSEUDO_DOTS))) != NULL; ++*pos) {
        i = (size_t)(*pos - PSEUDO_DOTS);
        if (dir && strcmp(entry->dir, dir) != 0)
            continue;
        found = (struct dir_entry){entry->name, strlen(entry->name),
                                   ino_make(pid, INO_ENTRY + (uint32_t)i),
                                   mode_to_d_type(entry->mode), *pos + 1};
        if (!emit->emit(emit, &found))
            return false;
    }
    return true;
}

static bool emit_number(struct dir_emit *emit, int number, uint64_t ino, unsigned type,
                        uint64_t next)
{
    char name[NUMBER_MAX];
    int len = fmt_snprintf(name, sizeof(name), "%d", number);

    return emit->emit(emit, &(struct dir_entry){name, (size_t)len, ino, type, next});
}

/* The next process above `after`, or 0. */
static pid_t next_pid(pid_t after)
{
    uint64_t flags = spin_lock_irqsave(&process_lock);
    struct process *process = process_next(after);
    pid_t pid = process ? process->pid : 0;

    spin_unlock_irqrestore(&process_lock, flags);
    return pid;
}

static void emit_processes(struct dir_emit *emit, uint64_t *pos)
{
    pid_t pid;

    if (*pos < POS_PID)
        *pos = POS_PID;
    while ((pid = next_pid((pid_t)(*pos - POS_PID))) != 0) {
        if (!emit_number(emit, pid, ino_make(pid, INO_DIR), DT_DIR, POS_PID + (uint64_t)pid))
            return;
        *pos = POS_PID + (uint64_t)pid;
    }
}

static int system_readdir(struct file *file, struct dir_emit *emit, uint64_t *pos)
{
    struct inode *dir = file->inode;
    bool is_root = dir->ino == INO_DIR;

    if (*pos >= POS_PID + (uint64_t)INT32_MAX)
        return 0;
    if (!pseudo_emit_dots(emit, dir->ino, file->dentry->parent->inode->ino, pos))
        return 0;
    if (*pos < POS_PID && !emit_entries(emit, directory_path(dir), 0, system_entry, pos))
        return 0;
    if (is_root)
        emit_processes(emit, pos);
    return 0;
}

static int process_readdir(struct file *file, struct dir_emit *emit, uint64_t *pos)
{
    pid_t pid = inode_pid(file->inode);

    if (!process_view_exists(pid))
        return -ENOENT;
    if (pseudo_emit_dots(emit, file->inode->ino, INO_DIR, pos))
        emit_entries(emit, NULL, pid, process_entry, pos);
    return 0;
}

static int fd_readdir(struct file *file, struct dir_emit *emit, uint64_t *pos)
{
    pid_t pid = inode_pid(file->inode);
    int fd;

    if (*pos > INT32_MAX || !pseudo_emit_dots(emit, file->inode->ino, ino_make(pid, INO_DIR), pos))
        return 0;
    while ((fd = proc_fd_next(pid, (int)(*pos - PSEUDO_DOTS))) >= 0) {
        uint64_t next = PSEUDO_DOTS + (uint64_t)fd + 1;

        if (!emit_number(emit, fd, ino_make(pid, INO_FD + (uint32_t)fd), DT_LNK, next))
            return 0;
        *pos = next;
    }
    return 0;
}

static const struct inode_ops root_ops = {.lookup = root_lookup};
static const struct inode_ops system_ops = {
    .lookup = system_lookup, .readlink = entry_readlink, .follow = entry_follow};
static const struct inode_ops process_dir_ops = {
    .lookup = process_lookup, .valid = process_valid, .refresh = process_refresh};
static const struct inode_ops process_ops = {.readlink = entry_readlink,
                                             .follow = entry_follow,
                                             .valid = process_valid,
                                             .refresh = process_refresh};
static const struct inode_ops fd_dir_ops = {
    .lookup = fd_lookup, .valid = process_valid, .refresh = process_refresh};
static const struct inode_ops fd_ops = {
    .readlink = fd_readlink, .follow = fd_follow, .valid = never_valid, .refresh = fd_refresh};

static const struct file_ops system_dir_files = {.readdir = system_readdir};
static const struct file_ops process_dir_files = {.readdir = process_readdir};
static const struct file_ops fd_dir_files = {.readdir = fd_readdir};

/* An inode of a table's entry; its functions depend on which table. */
static void entry_fill(struct inode *inode, const struct proc_entry *entry,
                       const struct inode_ops *ops)
{
    inode->mode = entry->mode;
    inode->private = (void *)entry;
    inode->ops = ops;
    if (S_ISDIR(entry->mode)) {
        inode->nlink = 2;
        inode->file_ops = &system_dir_files;
    } else if (S_ISREG(entry->mode)) {
        inode->file_ops = &proc_text_ops;
    }
}

static int system_fill(struct inode *inode, uint32_t slot)
{
    const struct proc_entry *entry;

    if (slot == INO_DIR) {
        inode->mode = PROC_DIR_MODE;
        inode->nlink = 2;
        inode->ops = &root_ops;
        inode->file_ops = &system_dir_files;
        return 0;
    }
    entry = slot >= INO_ENTRY ? system_entry(slot - INO_ENTRY) : NULL;
    if (!entry)
        return -ENOENT;
    entry_fill(inode, entry, &system_ops);
    return 0;
}

static int process_fill(struct inode *inode, uint32_t slot)
{
    const struct proc_entry *entry;

    if (slot == INO_DIR) {
        inode->mode = PROC_DIR_MODE;
        inode->nlink = 2;
        inode->ops = &process_dir_ops;
        inode->file_ops = &process_dir_files;
    } else if (slot >= INO_FD) {
        inode->mode = PROC_LINK_MODE;
        inode->ops = &fd_ops;
    } else {
        entry = slot >= INO_ENTRY ? process_entry(slot - INO_ENTRY) : NULL;
        if (!entry)
            return -ENOENT;
        entry_fill(inode, entry, &process_ops);
        if (S_ISDIR(entry->mode)) {
            inode->ops = &fd_dir_ops;
            inode->file_ops = &fd_dir_files;
        }
    }
    return process_view_owner(inode_pid(inode), &inode->uid, &inode->gid);
}

static int proc_read_inode(struct inode *inode)
{
    uint32_t slot = (uint32_t)(inode->ino & SLOT_MASK);

    pseudo_set_times(inode);
    return inode_pid(inode) ? process_fill(inode, slot) : system_fill(inode, slot);
}

static void proc_statfs(struct super_block *sb, struct statfs_info *st)
{
    (void)sb;
    *st = (struct statfs_info){.type = PROC_MAGIC, .block_size = PAGE_SIZE, .name_max = NAME_MAX};
}

static const struct super_ops proc_super_ops = {
    .read_inode = proc_read_inode,
    .statfs = proc_statfs,
};

static struct super_block *proc_mount(struct block_device *dev, bool read_only)
{
    struct inode *root;

    (void)dev;
    if (procfs.root)
        return ERR_PTR(-EBUSY);
    procfs.ops = &proc_super_ops;
    procfs.fs_name = proc_type.name;
    procfs.dev = PROC_DEV;
    procfs.read_only = read_only;
    root = inode_get(&procfs, ino_make(0, INO_DIR));
    if (IS_ERR(root))
        return (void *)root;
    procfs.root = root;
    return &procfs;
}

const struct fs_type proc_type = {.name = "proc", .mount = proc_mount};
