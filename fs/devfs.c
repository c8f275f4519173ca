/*
 * devfs: the nodes of /dev, made once from what the machine has when it is first mounted.
 *
 *   the table below       null, zero, full, random, urandom, kmsg, tty, console; links to /proc
 *   character devices     under their own names; "virtio-ports/x" in a directory of that name
 *   block devices         vda, vdb …
 *
 * Each device is also registered by number (fs/device.h), so a node on a disk leads to it as well.
 * A node's inode number is its index here plus 1; 1 is the root. Nothing changes after mounting, so
 * nothing locks; nothing can be made or removed.
 */
#include "drivers/char_device.h"
#include "fs/block_file.h"
#include "fs/char_file.h"
#include "fs/device.h"
#include "fs/device_number.h"
#include "fs/mem_device.h"
#include "fs/pseudo.h"
#include "fs/super.h"
#include "fs/tty.h"
#include "kernel/print.h"
#include "lib/err.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/alloc/kmalloc.h"

#define DEVFS_MAGIC 0x01021994 /* Linux mounts a tmpfs there (include/uapi/linux/magic.h) */
#define DEVFS_DEV   5          /* st_dev: 0, 5 as Linux's devtmpfs has it */
#define NODES_MAX   128
#define ROOT_INDEX  0
#define DIR_MODE    (S_IFDIR | 0755)
#define LINK_MODE   (S_IFLNK | 0777)
#define STREAM_MODE (S_IFCHR | 0660)
#define DISK_MODE   (S_IFBLK | 0660)

struct devfs_node {
    const char *name; /* name_len bytes of it */
    size_t name_len;
    size_t parent; /* index of its directory */
    mode_t mode;
    const char *target;   /* links */
    struct device device; /* devices; its ops are NULL for others */
};

static struct devfs_node nodes[NODES_MAX];
static size_t node_count;
static struct super_block devfs;

struct fixed_node {
    const char *name;
    mode_t mode;
    uint32_t major, minor;
    const struct file_ops *ops;
    const char *target;
};

static const struct fixed_node fixed_nodes[] = {
    {"null", S_IFCHR | 0666, MEM_MAJOR, MEM_NULL_MINOR, &mem_null_ops, NULL},
    {"zero", S_IFCHR | 0666, MEM_MAJOR, MEM_ZERO_MINOR, &mem_zero_ops, NULL},
    {"full", S_IFCHR | 0666, MEM_MAJOR, MEM_FULL_MINOR, &mem_full_ops, NULL},
    {"random", S_IFCHR | 0666, MEM_MAJOR, MEM_RANDOM_MINOR, &mem_random_ops, NULL},
    {"urandom", S_IFCHR | 0666, MEM_MAJOR, MEM_URANDOM_MINOR, &mem_random_ops, NULL},
    {"kmsg", S_IFCHR | 0644, MEM_MAJOR, MEM_KMSG_MINOR, &mem_kmsg_ops, NULL},
    {"tty", S_IFCHR | 0666, TTY_ALT_MAJOR, TTY_CURRENT_MINOR, &tty_current_ops, NULL},
    {"console", S_IFCHR | 0600, TTY_ALT_MAJOR, TTY_CONSOLE_MINOR, &tty_console_ops, NULL},
    {"fd", LINK_MODE, 0, 0, NULL, "/proc/self/fd"},
    {"stdin", LINK_MODE, 0, 0, NULL, "/proc/self/fd/0"},
    {"stdout", LINK_MODE, 0, 0, NULL, "/proc/self/fd/1"},
    {"stderr", LINK_MODE, 0, 0, NULL, "/proc/self/fd/2"},
};

static uint64_t index_to_ino(size_t index)
{
    return index + 1;
}

static struct devfs_node *inode_node(const struct inode *inode)
{
    return inode->private;
}

/* The node of this name in directory `parent`, or NULL. */
static struct devfs_node *node_find(size_t parent, const char *name, size_t len)
{
    for (size_t i = ROOT_INDEX + 1; i < node_count; i++) {
        if (nodes[i].parent == parent && nodes[i].name_len == len &&
            memcmp(nodes[i].name, name, len) == 0)
            return &nodes[i];
    }
    return NULL;
}

/* A new node; NULL when there are too many, or one of that name. */
static struct devfs_node *node_add(size_t parent, const char *name, size_t len, mode_t mode)
{
    struct devfs_node *node;

    if (node_count == NODES_MAX || node_find(parent, name, len)) {
        printk("devfs: no node for %.*s\n", (int)len, name);
        return NULL;
    }
    node = &nodes[node_count++];
    *node = (struct devfs_node){.name = name, .name_len = len, .parent = parent, .mode = mode};
    return node;
}

static void node_set_device(struct devfs_node *node, uint64_t rdev, const struct file_ops *ops,
                            void *private)
{
    node->device.name = node->name;
    node->device.type = node->mode & S_IFMT;
    node->device.rdev = rdev;
    node->device.ops = ops;
    node->device.private = private;
    if (device_register(&node->device) < 0)
        printk("devfs: %.*s: its number is taken\n", (int)node->name_len, node->name);
}

static void nodes_add_fixed(void)
{
    for (size_t i = 0; i < ARRAY_SIZE(fixed_nodes); i++) {
        const struct fixed_node *fixed = &fixed_nodes[i];
        struct devfs_node *node =
            node_add(ROOT_INDEX, fixed->name, strlen(fixed->name), fixed->mode);

        if (!node)
            return;
        node->target = fixed->target;
        if (fixed->ops)
            node_set_device(node, device_number(fixed->major, fixed->minor), fixed->ops, NULL);
    }
}

/* The directory for a name of the form DIR/NAME, made if need be: its index, or the root's. */
static size_t node_directory(const char *name, const char **base)
{
    const char *slash = strchr(name, '/');
    struct devfs_node *dir;

    *base = name;
    if (!slash)
        return ROOT_INDEX;
    dir = node_find(ROOT_INDEX, name, (size_t)(slash - name));
    if (!dir)
        dir = node_add(ROOT_INDEX, name, (size_t)(slash - name), DIR_MODE);
    if (!dir)
        return ROOT_INDEX;
    *base = slash + 1;
    return (size_t)(dir - nodes);
}

static void node_add_stream(struct char_device *dev, unsigned index)
{
    const char *name;
    size_t parent = node_directory(dev->name, &name);
    struct devfs_node *node = node_add(parent, name, strlen(name), STREAM_MODE);

    if (!node)
        return;
    if (dev->is_console && tty_init(dev))
        printk("devfs: too little memory for the terminal\n");
    if (dev->is_console)
        node_set_device(node, device_number(TTY_MAJOR, TTY_SERIAL_MINOR), &tty_console_ops, NULL);
    else
        node_set_device(node, device_number(CHAR_MAJOR, index), &char_file_ops, dev);
}

static void node_add_disk(struct block_device *dev, unsigned index)
{
    struct block_file *disk = block_file_create(dev);
    struct devfs_node *node;

    if (!disk)
        return; /* no node rather than no machine */
    node = node_add(ROOT_INDEX, dev->name, strlen(dev->name), DISK_MODE);
    if (node)
        node_set_device(node, device_number(BLOCK_MAJOR, index * BLOCK_MINORS_EACH),
                        &block_file_ops, disk);
}

static void nodes_make(void)
{
    struct char_device *stream;
    struct block_device *disk;

    node_count = ROOT_INDEX;
    nodes[node_count++] = (struct devfs_node){.name = "", .parent = ROOT_INDEX, .mode = DIR_MODE};
    nodes_add_fixed();
    for (unsigned i = 0; (stream = char_get(i)) != NULL; i++)
        node_add_stream(stream, i);
    for (unsigned i = 0; (disk = block_get(i)) != NULL; i++)
        node_add_disk(disk, i);
}

static int devfs_lookup(struct inode *dir, const char *name, size_t len, struct inode **result)
{
    struct devfs_node *node = node_find((size_t)(inode_node(dir) - nodes), name, len);

    if (!node)
        return -ENOENT;
    *result = inode_get(dir->sb, index_to_ino((size_t)(node - nodes)));
    return IS_ERR(*result) ? (int)PTR_ERR(*result) : 0;
}

static ssize_t devfs_readlink(struct inode *inode, char *buf, size_t size)
{
    const char *target = inode_node(inode)->target;
    size_t len = strlen(target);

    memcpy(buf, target, MIN(len, size));
    return (ssize_t)len;
}

/* Positions after the dots: PSEUDO_DOTS plus a node's index. */
static int devfs_readdir(struct file *file, struct dir_emit *emit, uint64_t *pos)
{
    const struct devfs_node *dir = inode_node(file->inode);
    struct dir_entry found;

    if (!pseudo_emit_dots(emit, file->inode->ino, index_to_ino(dir->parent), pos))
        return 0;
    for (; *pos - PSEUDO_DOTS < node_count; ++*pos) {
        size_t i = (size_t)*pos - PSEUDO_DOTS;
        const struct devfs_node *node = &nodes[i];

        if (i == ROOT_INDEX || &nodes[node->parent] != dir)
            continue;
        found = (struct dir_entry){node->name, node->name_len, index_to_ino(i),
                                   mode_to_d_type(node->mode), *pos + 1};
        if (!emit->emit(emit, &found))
            return 0;
    }
    return 0;
}

static const struct inode_ops dir_inode_ops = {.lookup = devfs_lookup};
static const struct inode_ops link_inode_ops = {.readlink = devfs_readlink};
static const struct file_ops dir_file_ops = {.readdir = devfs_readdir};

static int devfs_read_inode(struct inode *inode)
{
    struct devfs_node *node;

    if (inode->ino == 0 || inode->ino > node_count)
        return -ENOENT;
    node = &nodes[inode->ino - 1];
    inode->mode = node->mode;
    inode->rdev = node->device.rdev;
    inode->private = node;
    pseudo_set_times(inode);
    if (S_ISDIR(node->mode)) {
        inode->nlink = 2;
        inode->ops = &dir_inode_ops;
        inode->file_ops = &dir_file_ops;
    } else if (S_ISLNK(node->mode)) {
        inode->size = strlen(node->target);
        inode->ops = &link_inode_ops;
    } else {
        inode->file_ops = &device_node_ops;
    }
    return 0;
}

static void devfs_statfs(struct super_block *sb, struct statfs_info *st)
{
    (void)sb;
    *st = (struct statfs_info){
        .type = DEVFS_MAGIC, .block_size = PAGE_SIZE, .files = node_count, .name_max = NAME_MAX};
}

static const struct super_ops devfs_super_ops = {
    .read_inode = devfs_read_inode,
    .statfs = devfs_statfs,
};

static struct super_block *devfs_mount(struct block_device *dev, bool read_only)
{
    struct inode *root;

    (void)dev;
    if (devfs.root)
        return ERR_PTR(-EBUSY);
    nodes_make();
    devfs.ops = &devfs_super_ops;
    devfs.fs_name = dev_type.name;
    devfs.dev = DEVFS_DEV;
    devfs.read_only = read_only;
    root = inode_get(&devfs, index_to_ino(ROOT_INDEX));
    if (IS_ERR(root))
        return (void *)root;
    devfs.root = root;
    return &devfs;
}

const struct fs_type dev_type = {.name = "devtmpfs", .mount = devfs_mount};
