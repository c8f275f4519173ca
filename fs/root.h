/* Mounting what is there from the start: the root, /dev and /proc. */
#pragma once

/* Makes the caches of inodes, names and open files; once, before anything is opened. */
void fs_init(void);

/*
 * Mounts the device that root= names ("/dev/vda"; default: the first disk) as the root, then devfs
 * on /dev and procfs on /proc where the root has these directories. Panics with one line when there
 * is no root.
 */
void fs_mount_root(void);
