/*
 * What ext2 looks like on disk. All numbers are little-endian, as on the machines this runs on.
 *
 *     block 0            1 ...                                        (4 KiB blocks, group 0)
 *     +----------------+-------------------+--------+--------+-------------+------------
 *     | 1 KiB | super  | group descriptors | block  | inode  | inode table | data ...
 *     |       | block  |                   | bitmap | bitmap |             |
 *     +----------------+-------------------+--------+--------+-------------+------------
 *
 * Sources: Linux, Documentation/filesystems/ext2.rst and fs/ext2/ext2.h; for the fields and flags
 * of ext3 and ext4, Documentation/filesystems/ext4/ (super.rst, inodes.rst, directory.rst); Dave
 * Poirier, The Second Extended File System: Internal Layout.
 */
#pragma once

#include "lib/types.h"

#define EXT2_BLOCK_SIZE 4096
#define EXT2_MAGIC      0xef53
#define EXT2_ROOT_INO   2

#define EXT2_SUPER_OFFSET       1024 /* bytes from the start of the device */
#define EXT2_LOG_BLOCK_SIZE     2    /* 1024 << 2 */
#define EXT2_LOG_BLOCK_SIZE_MAX 6
#define EXT2_REVISION_MAX       1 /* 1: sizes and features are in the superblock */
#define EXT2_OLD_INODE_SIZE     128
#define EXT2_OLD_FIRST_INO      11
#define EXT2_STATE_VALID        1 /* unmounted cleanly */
#define EXT2_STATE_ERRORS       2 /* errors were found */

struct ext2_super {
    uint32_t inodes_count;
    uint32_t blocks_count;
    uint32_t reserved_blocks_count;
    uint32_t free_blocks_count;
    uint32_t free_inodes_count;
    uint32_t first_data_block;
    uint32_t log_block_size; /* block size = 1024 << this */
    uint32_t log_fragment_size;
    uint32_t blocks_per_group;
    uint32_t fragments_per_group;
    uint32_t inodes_per_group;
    uint32_t mount_time;
    uint32_t write_time;
    uint16_t mount_count;
    uint16_t max_mount_count;
    uint16_t magic;
    uint16_t state;
    uint16_t errors;
    uint16_t minor_revision;
    uint32_t last_check;
    uint32_t check_interval;
    uint32_t creator_os;
    uint32_t revision;
    uint16_t reserved_uid;
    uint16_t reserved_gid;
    uint32_t first_ino; /* from here on revision 1 */
    uint16_t inode_size;
    uint16_t block_group;
    uint32_t feature_compat;
    uint32_t feature_incompat;
    uint32_t feature_ro_compat;
};

_Static_assert(offsetof(struct ext2_super, magic) == 56, "superblock layout");
_Static_assert(offsetof(struct ext2_super, feature_ro_compat) == 100, "superblock layout");

/* Features that a reader must know, or leave the disk alone. */
#define EXT2_INCOMPAT_FILETYPE 0x2 /* directory entries name the type */
#define EXT2_INCOMPAT_RECOVER  0x4 /* the journal holds what the disk does not */

/* Backup superblocks only in groups 0, 1 and powers of 3, 5 and 7. */
#define EXT2_RO_COMPAT_SPARSE_SUPER 0x1

struct ext2_group {
    uint32_t block_bitmap;
    uint32_t inode_bitmap;
    uint32_t inode_table;
    uint16_t free_blocks_count;
    uint16_t free_inodes_count;
    uint16_t used_dirs_count;
    uint16_t flags;
    uint32_t reserved[3];
};

_Static_assert(sizeof(struct ext2_group) == 32, "group descriptor layout");

#define EXT2_GROUPS_PER_BLOCK (EXT2_BLOCK_SIZE / sizeof(struct ext2_group))
#define EXT2_PER_GROUP_MAX    (8 * EXT2_BLOCK_SIZE) /* bits of one bitmap block */

/* struct ext2_disk_inode.block: 12 direct, then single, double, triple indirect. */
#define EXT2_DIRECT_BLOCKS 12
#define EXT2_BLOCK_SLOTS   15
#define EXT2_LEVELS_MAX    3
#define EXT2_TABLE_SHIFT   10 /* 1,024 block numbers in an indirect block */
#define EXT2_TABLE_ENTRIES (1u << EXT2_TABLE_SHIFT)
#define EXT2_SIZE_MAX                                                                              \
    ((EXT2_DIRECT_BLOCKS + BIT(EXT2_TABLE_SHIFT) + BIT(2 * EXT2_TABLE_SHIFT) +                     \
      BIT(3 * EXT2_TABLE_SHIFT)) *                                                                 \
     EXT2_BLOCK_SIZE)

struct ext2_disk_inode {
    uint16_t mode;
    uint16_t uid;
    uint32_t size;
    int32_t atime;
    int32_t ctime;
    int32_t mtime;
    uint32_t dtime;
    uint16_t gid;
    uint16_t links_count;
    uint32_t blocks; /* in 512 bytes, or in blocks with EXT2_FLAG_HUGE_FILE */
    uint32_t flags;
    uint32_t version;
    uint32_t block[EXT2_BLOCK_SLOTS];
    uint32_t generation;
    uint32_t file_acl;  /* block of extended attributes */
    uint32_t size_high; /* regular files */
    uint32_t fragment;
    uint16_t blocks_high;
    uint16_t file_acl_high;
    uint16_t uid_high;
    uint16_t gid_high;
    uint16_t checksum_low;
    uint16_t reserved;
    /* Past the first 128 bytes, as far as extra_size says. */
    uint16_t extra_size;
    uint16_t checksum_high;
    uint32_t ctime_extra; /* bits 0 and 1: seconds, bits 32 and 33; the rest: nanoseconds */
    uint32_t mtime_extra;
    uint32_t atime_extra;
    int32_t btime;
    uint32_t btime_extra;
};

_Static_assert(offsetof(struct ext2_disk_inode, size_high) == 108, "inode layout");
_Static_assert(offsetof(struct ext2_disk_inode, extra_size) == 128, "inode layout");
_Static_assert(sizeof(struct ext2_disk_inode) == 152, "inode layout");

#define EXT2_FLAG_HUGE_FILE 0x40000    /* blocks counts file system blocks */
#define EXT2_FLAG_EXTENTS   0x80000    /* the block map is an extent tree */
#define EXT2_FLAG_INLINE    0x10000000 /* the content is in the inode */

#define EXT2_EXTRA_EPOCH_MASK 3u
#define EXT2_EXTRA_NSEC_SHIFT 2

/* A link whose target is shorter than the block array, and that owns no block, has it in there. */
#define EXT2_FAST_SYMLINK_MAX (EXT2_BLOCK_SLOTS * sizeof(uint32_t))

/*
 * A directory's blocks are filled with entries, each with the way to the next; the last ends at the
 * block's end. An index block of a hashed directory looks like one entry that is not in use.
 */
struct ext2_dirent {
    uint32_t ino; /* 0: not in use */
    uint16_t rec_len;
    uint8_t name_len;
    uint8_t file_type; /* with EXT2_INCOMPAT_FILETYPE; else the high byte of name_len */
    char name[];
};

#define EXT2_DIRENT_HEADER 8
#define EXT2_DIRENT_MIN    12
#define EXT2_DIRENT_ALIGN  4

enum ext2_file_type {
    EXT2_FT_UNKNOWN,
    EXT2_FT_REG,
    EXT2_FT_DIR,
    EXT2_FT_CHR,
    EXT2_FT_BLK,
    EXT2_FT_FIFO,
    EXT2_FT_SOCK,
    EXT2_FT_LNK,
    EXT2_FT_COUNT,
};
