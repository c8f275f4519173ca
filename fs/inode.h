/*
 * Inodes and superblocks: files apart from their names. One struct inode for each file in use, in
 * a hash by (superblock, number); a file system fills in the rest.
 *
 * An inode whose last reference is put stays cached while its file still has names, until memory is
 * short; one with no names is freed at once.
 *
 * Locks: inode->lock (mutex) guards what changes in a file: size, links, directory content;
 * tagged (n). Order: parent directory's lock, then child's; then page lock bit.
 */
#pragma once

#include "lib/list.h"
#include "lib/types.h"
#include "mm/page_cache.h"
#include "sched/mutex.h"

struct dentry;
struct file_ops;
struct inode;
struct pipe;
struct super_block;

/* Linux, include/uapi/linux/stat.h. */
#define S_IFMT   0170000
#define S_IFSOCK 0140000
#define S_IFLNK  0120000
#define S_IFREG  0100000
#define S_IFBLK  0060000
#define S_IFDIR  0040000
#define S_IFCHR  0020000
#define S_IFIFO  0010000
#define S_ISUID  04000
#define S_ISGID  02000
#define S_ISVTX  01000

#define S_ISREG(m)  (((m)&S_IFMT) == S_IFREG)
#define S_ISDIR(m)  (((m)&S_IFMT) == S_IFDIR)
#define S_ISLNK(m)  (((m)&S_IFMT) == S_IFLNK)
#define S_ISCHR(m)  (((m)&S_IFMT) == S_IFCHR)
#define S_ISBLK(m)  (((m)&S_IFMT) == S_IFBLK)
#define S_ISFIFO(m) (((m)&S_IFMT) == S_IFIFO)
#define S_ISSOCK(m) (((m)&S_IFMT) == S_IFSOCK)

/* A point in time, as user space's struct timespec has it (Linux's name for the kernel's own). */
struct timespec64 {
    int64_t sec, nsec;
};

/* What a new file is to be. */
struct inode_spec {
    mode_t mode; /* type and permissions */
    uid_t uid;
    gid_t gid;
    uint64_t rdev;      /* of a device node */
    const char *target; /* of a symbolic link, NUL-terminated */
};

/* Which of struct iattr's fields are meant. */
enum attr_valid {
    ATTR_MODE = 1u << 0,
    ATTR_UID = 1u << 1,
    ATTR_GID = 1u << 2,
    ATTR_SIZE = 1u << 3,
    ATTR_ATIME = 1u << 4,
    ATTR_MTIME = 1u << 5,
};

/* Changes of a file's attributes. */
struct iattr {
    unsigned valid; /* enum attr_valid */
    mode_t mode;    /* permissions only */
    uid_t uid;
    gid_t gid;
    uint64_t size;
    struct timespec64 atime, mtime;
};

/* A change of names: `inode`, old_name in old_dir, becomes new_name in new_dir. */
struct rename_args {
    struct inode *old_dir, *new_dir;
    const char *old_name, *new_name;
    size_t old_len, new_len;
    struct inode *inode;
    struct inode *target; /* what new_name leads to so far, or NULL */
    bool exchange;        /* target becomes old_name; otherwise it loses its name */
};

struct inode_ops {
    /*
     * Finds name in directory dir: *ino gets its inode (a reference), or -ENOENT. dir->lock is
     * held.
     */
    int (*lookup)(struct inode *dir, const char *name, size_t len, struct inode **ino);
    /* The target of a symbolic link: copies up to size bytes, returns the length of all of it. May
     * depend on who asks (/proc/self). */
    ssize_t (*readlink)(struct inode *inode, char *buf, size_t size);
    /* For inodes whose link leads to an object rather than a path (/proc/PID/exe): a dentry with a
     * reference, ERR_PTR, or NULL to walk readlink's text. NULL member: walk the text. */
    struct dentry *(*follow)(struct inode *inode);
    /* Frees what the file system keeps of the inode; the last user is gone. */
    void (*evict)(struct inode *inode);
    /* Whether a name that was looked up earlier still leads to this inode: asked on each hit in the
     * dentry cache; false: the name is looked up anew. NULL: always (only procfs's objects go away
     * by themselves). Does not sleep. */
    bool (*valid)(struct inode *inode);
    /*
     * Changing names, in file systems that can be written; directories have all five, or none. All
     * checks are made (fs/naming.c); the locks of the directories and of what loses or gets a name
     * are held. 0 or -errno with nothing changed.
     *
     * create: a new file, a reference in *made. link: one name more. remove: the name goes, and
     * with the last one the file, when nobody has it open (inode->nlink is 0 from then on).
     * empty: whether a directory holds no names. rename: as struct rename_args says.
     */
    int (*create)(struct inode *dir, const char *name, size_t len, const struct inode_spec *spec,
                  struct inode **made);
    int (*link)(struct inode *dir, const char *name, size_t len, struct inode *inode);
    int (*remove)(struct inode *dir, const char *name, size_t len, struct inode *inode);
    bool (*empty)(struct inode *dir);
    int (*rename)(const struct rename_args *args);
    /* Changes attributes that fs/attr.c has checked; inode->lock is held. NULL: cannot. */
    int (*setattr)(struct inode *inode, const struct iattr *attr);
    /* Fresh attributes before stat (for procfs); NULL: the inode's fields are right. */
    void (*refresh)(struct inode *inode);
};

struct inode {
    struct super_block *sb;     /* (i) */
    uint64_t ino;               /* (i) */
    _Atomic uint32_t refs;      /* (a) */
    struct list_head hash_link; /* inode table's lock */
    struct list_head lru_link;  /* inode table's lock; unused ones */
    struct mutex lock;
    mode_t mode;                                  /* (n) type and permissions */
    uint32_t nlink;                               /* (n) */
    uid_t uid;                                    /* (n) */
    gid_t gid;                                    /* (n) */
    _Atomic uint64_t size;                        /* (n) to change */
    uint64_t blocks;                              /* (n) in units of 512 bytes, as stat has it */
    uint32_t block_size;                          /* (i) st_blksize */
    uint64_t rdev;                                /* (i) device number of a device node */
    struct timespec64 atime, mtime, ctime, btime; /* (n) */
    const struct inode_ops *ops;                  /* (i) */
    const struct file_ops *file_ops;              /* (i) */
    struct page_cache cache; /* file content; cache.ops is NULL where the file has no pages */
    struct pipe *pipe;       /* (n) a FIFO that is open: fs/pipe.c's */
    _Atomic bool ready;      /* (a) filled in by its file system */
    void *private;           /* (i) the file system's */
};

struct statfs_info {
    uint64_t type, block_size, blocks, blocks_free, blocks_available, files, files_free;
    uint64_t name_max;
};

struct super_ops {
    /* Fills in a new inode for number ino, whose lock is held: 0 or -errno. It starts with nlink 1,
     * a page cache without functions, all else zero. On an error evict is not called. */
    int (*read_inode)(struct inode *inode);
    /* statfs's numbers. */
    void (*statfs)(struct super_block *sb, struct statfs_info *st);
    /* Everything written back, everything freed; nothing is open any more. */
    void (*unmount)(struct super_block *sb);
};

struct super_block {
    const struct super_ops *ops;
    const char *fs_name; /* "ext2" */
    uint64_t dev;        /* st_dev of its files */
    struct inode *root;  /* a reference */
    bool read_only;
    void *private;
};

/*
 * The inode of this number, read by the file system if it is not cached, with one reference more.
 * ERR_PTR(-errno). Sleeps.
 */
struct inode *inode_get(struct super_block *sb, uint64_t ino);

/* An inode that is in no table (pipes, anonymous objects): one reference, or NULL. */
struct inode *inode_create(struct super_block *sb, uint64_t ino, mode_t mode);

static inline void inode_ref(struct inode *inode)
{
    inode->refs++;
}

void inode_put(struct inode *inode);

/*
 * Whether the running process may do what mask (MAY_*) asks for. 0, -EACCES, or -EROFS for writing
 * to a file, directory or link of a read-only file system.
 * Rules: path_resolution(7), "Permissions"; the ids are the fsuid, fsgid and groups, or the
 * real ones while the task asks for access(2).
 */
#define MAY_EXEC  1
#define MAY_WRITE 2
#define MAY_READ  4
int inode_permission(struct inode *inode, unsigned mask);

/* Whether the running process may do what only a file's owner may. */
bool inode_owned(const struct inode *inode);

/* Whether the running process is in this group. */
bool inode_in_group(gid_t gid);

/*
 * Frees cached inodes that nobody uses and that have no cached pages, the longest unused first:
 * returns the pages that came of it. A shrinker.
 */
size_t inode_shrink(size_t want);

/*
 * Frees all cached inodes of a file system that goes away, their pages too: 0, or -EBUSY when some
 * are still in use (those stay). Sleeps.
 */
int inode_purge(struct super_block *sb);

/* How many inodes there are, and how many of them nobody uses. */
void inode_count(size_t *all, size_t *unused);

/* Asserts the table's and the unused list's invariants. */
void inode_check(void);

/* Once, at boot. */
void inode_init(void);
