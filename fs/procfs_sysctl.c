/*
 * /proc/sys. One file does something: a number written to vm/drop_caches gives memory back that is
 * only kept because it may be useful again, so that MemFree can be compared before and after:
 *
 *   1  clean pages of files     2  names and inodes that nobody uses     3  both
 *
 * and with each of them empty slabs, unused kernel stacks, and the harts' caches of single pages.
 */
#include "fs/procfs_sysctl.h"

#include "kernel/version.h"
#include "lib/errno.h"
#include "lib/parse.h"
#include "mm/alloc/buddy.h"
#include "mm/alloc/kmap.h"
#include "mm/alloc/slab.h"
#include "mm/mm.h"
#include "mm/page_cache.h"

#define DROP_PAGES 1
#define DROP_NAMES 2
#define DROP_MAX   (DROP_PAGES | DROP_NAMES)

#define PID_LIMIT    "32768" /* Linux's default, include/linux/threads.h */
#define GROUPS_LIMIT "65536" /* NGROUPS_MAX, include/uapi/linux/limits.h */
#define CAP_LAST     "40"    /* CAP_CHECKPOINT_RESTORE: capabilities(7) */

static uint64_t last_drop; /* what was written last, to be read back */

/* Names and inodes that are cached, used or not. */
static size_t names_cached(void)
{
    size_t names, inodes, unused;

    dentry_count(&names, &unused);
    inode_count(&inodes, &unused);
    return names + inodes;
}

/* Names hold their parents and inodes their pages: one round lets go of what the next one frees. */
static void drop_caches(uint64_t what)
{
    size_t before;

    do {
        before = names_cached();
        if (what & DROP_PAGES)
            page_cache_shrink(page_total());
        if (what & DROP_NAMES) {
            dentry_shrink(page_total());
            inode_shrink(page_total());
        }
    } while (names_cached() < before);
    if (what == DROP_MAX)
        shrink_all(page_total());
    slab_drain();
    kstack_drain();
    buddy_drain();
}

static int store_drop_caches(const char *text)
{
    uint64_t what;

    if (parse_u64(text, 0, &what) || what == 0 || what > DROP_MAX)
        return -EINVAL;
    drop_caches(what);
    last_drop = what;
    return 0;
}

static int show_drop_caches(struct seq *seq, pid_t pid)
{
    (void)pid;
    seq_printf(seq, "%lu\n", last_drop);
    return 0;
}

static int show_max_map_count(struct seq *seq, pid_t pid)
{
    (void)pid;
    seq_printf(seq, "%d\n", MM_VMA_MAX);
    return 0;
}

#define KERNEL "sys/kernel"
#define VM     "sys/vm"

const struct proc_entry proc_sysctl_entries[] = {
    {.dir = "", .name = "sys", .mode = PROC_DIR_MODE, .path = "sys"},
    {.dir = "sys", .name = "kernel", .mode = PROC_DIR_MODE, .path = KERNEL},
    {.dir = "sys", .name = "vm", .mode = PROC_DIR_MODE, .path = VM},
    {.dir = KERNEL, .name = "cap_last_cap", .mode = PROC_TEXT_MODE, .text = CAP_LAST "\n"},
    {.dir = KERNEL, .name = "domainname", .mode = PROC_TEXT_MODE, .text = UTS_DOMAINNAME "\n"},
    {.dir = KERNEL, .name = "hostname", .mode = PROC_TEXT_MODE, .text = UTS_NODENAME "\n"},
    {.dir = KERNEL, .name = "ngroups_max", .mode = PROC_TEXT_MODE, .text = GROUPS_LIMIT "\n"},
    {.dir = KERNEL, .name = "osrelease", .mode = PROC_TEXT_MODE, .text = UTS_RELEASE "\n"},
    {.dir = KERNEL, .name = "ostype", .mode = PROC_TEXT_MODE, .text = UTS_SYSNAME "\n"},
    {.dir = KERNEL, .name = "pid_max", .mode = PROC_TEXT_MODE, .text = PID_LIMIT "\n"},
    {.dir = KERNEL, .name = "version", .mode = PROC_TEXT_MODE, .text = UTS_VERSION "\n"},
    {.dir = VM,
     .name = "drop_caches",
     .mode = PROC_STORE_MODE,
     .show = show_drop_caches,
     .store = store_drop_caches},
    {.dir = VM, .name = "max_map_count", .mode = PROC_TEXT_MODE, .show = show_max_map_count},
};

const size_t proc_sysctl_entry_count = ARRAY_SIZE(proc_sysctl_entries);
