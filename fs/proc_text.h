/*
 * Open files of /proc that are texts: the text is made when it is first read, and again when it is
 * read from its start. inode->private is the proc_entry, file->cookie the process.
 */
#pragma once

#include "fs/file.h"

/* A process's file: pid is in the upper half of the inode's number. */
#define PROC_PID_SHIFT 32

extern const struct file_ops proc_text_ops;
