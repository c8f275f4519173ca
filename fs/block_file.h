/*
 * A block device as a file: /dev/vda, read through a page cache of its own. Read only: opening for
 * writing is -EROFS.
 */
#pragma once

#include "drivers/block.h"
#include "fs/file.h"

struct block_file;

/* What a node of dev has as device->private; NULL: memory is short. It stays. */
struct block_file *block_file_create(struct block_device *dev);

/* For device nodes whose private is a block_file. */
extern const struct file_ops block_file_ops;
