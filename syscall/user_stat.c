#include "syscall/user_stat.h"

#include "fs/device.h"
#include "lib/string.h"

static void refresh(struct inode *inode)
{
    if (inode->ops && inode->ops->refresh)
        inode->ops->refresh(inode);
}

void user_stat_fill(struct user_stat *st, struct inode *inode)
{
    refresh(inode);
    *st = (struct user_stat){
        .dev = inode->sb->dev,
        .ino = inode->ino,
        .mode = inode->mode,
        .nlink = inode->nlink,
        .uid = inode->uid,
        .gid = inode->gid,
        .rdev = inode->rdev,
        .size = (int64_t)inode->size,
        .blksize = (int32_t)inode->block_size,
        .blocks = (int64_t)inode->blocks,
        .atime = inode->atime.sec,
        .atime_nsec = inode->atime.nsec,
        .mtime = inode->mtime.sec,
        .mtime_nsec = inode->mtime.nsec,
        .ctime = inode->ctime.sec,
        .ctime_nsec = inode->ctime.nsec,
    };
}

static struct user_statx_time statx_time(struct timespec64 ts)
{
    return (struct user_statx_time){.sec = ts.sec, .nsec = (uint32_t)ts.nsec};
}

void user_statx_fill(struct user_statx *stx, struct inode *inode)
{
    refresh(inode);
    *stx = (struct user_statx){
        .mask = STATX_BASIC_STATS,
        .blksize = inode->block_size,
        .nlink = inode->nlink,
        .uid = inode->uid,
        .gid = inode->gid,
        .mode = (uint16_t)inode->mode,
        .ino = inode->ino,
        .size = inode->size,
        .blocks = inode->blocks,
        .atime = statx_time(inode->atime),
        .mtime = statx_time(inode->mtime),
        .ctime = statx_time(inode->ctime),
        .rdev_major = device_major(inode->rdev),
        .rdev_minor = device_minor(inode->rdev),
        .dev_major = device_major(inode->sb->dev),
        .dev_minor = device_minor(inode->sb->dev),
    };
    if (inode->btime.sec) {
        stx->mask |= STATX_BTIME;
        stx->btime = statx_time(inode->btime);
    }
}

void user_statfs_fill(struct user_statfs *st, struct super_block *sb)
{
    struct statfs_info info = {0};

    if (sb->ops && sb->ops->statfs)
        sb->ops->statfs(sb, &info);
    *st = (struct user_statfs){
        .type = (int64_t)info.type,
        .bsize = (int64_t)info.block_size,
        .blocks = info.blocks,
        .bfree = info.blocks_free,
        .bavail = info.blocks_available,
        .files = info.files,
        .ffree = info.files_free,
        .fsid = sb->dev,
        .namelen = (int64_t)info.name_max,
        .frsize = (int64_t)info.block_size,
        .flags = ST_VALID | (sb->read_only ? ST_RDONLY : 0),
    };
}
