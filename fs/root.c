#include "fs/root.h"

#include "drivers/block.h"
#include "fs/file.h"
#include "fs/mount.h"
#include "fs/naming.h"
#include "fs/page_io.h"
#include "fs/path.h"
#include "fs/super.h"
#include "kernel/cmdline.h"
#include "kernel/panic.h"
#include "kernel/print.h"
#include "lib/err.h"
#include "lib/string.h"

#define DEV_PREFIX "/dev/"

static struct block_device *root_device(void)
{
    char name[64];
    const char *base = name;

    if (!cmdline_get("root", name, sizeof(name)))
        return block_get(0);
    if (strncmp(name, DEV_PREFIX, strlen(DEV_PREFIX)) == 0)
        base += strlen(DEV_PREFIX);
    return block_find(base);
}

/* Mounts a file system that needs no device on a directory of the root. */
static void mount_on(const struct fs_type *type, const char *path)
{
    struct path_context ctx = {.root = mount_root(), .start = mount_root()};
    struct dentry *at = path_walk(&ctx, path, PATH_FOLLOW | PATH_DIRECTORY);
    struct super_block *sb;
    int error;

    if (IS_ERR(at)) {
        printk("%s: not mounted: the root has no directory %s\n", type->name, path);
        return;
    }
    sb = type->mount(NULL, false);
    error = IS_ERR(sb) ? (int)PTR_ERR(sb) : mount_attach(sb, at);
    if (error)
        printk("%s: not mounted on %s (%d)\n", type->name, path, error);
    dentry_put(at);
}

void fs_init(void)
{
    page_io_init();
    inode_init();
    dentry_init();
    file_init();
    naming_init();
}

void fs_mount_root(void)
{
    struct block_device *dev = root_device();
    struct super_block *sb;

    if (!dev)
        panic("no root: %s", block_get(0) ? "root= names no disk" : "there is no disk");
    sb = ext2_type.mount(dev, true);
    if (IS_ERR(sb))
        panic("the root on %s cannot be mounted (%ld)", dev->name, PTR_ERR(sb));
    if (mount_attach(sb, NULL))
        panic("too little memory to mount the root");
    printk("root: %s on %s, read-only\n", sb->fs_name, dev->name);
    mount_on(&dev_type, "/dev");
    mount_on(&proc_type, "/proc");
    mount_on(&tmpfs_type, "/tmp");
}
