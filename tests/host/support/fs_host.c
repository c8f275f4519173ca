/* The host's file system for tests; see fs_host.h. */
#define _GNU_SOURCE
#include "tests/host/support/fs_host.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arch/address.h"

#define WALK_FDS 16

static void disk_submit(struct block_device *dev, struct block_request *req)
{
    struct host_disk *disk = container_of(dev, struct host_disk, dev);
    char *at = disk->bytes + (req->sector << SECTOR_SHIFT);

    disk->requests++;
    if (disk->fail_in && --disk->fail_in == 0) {
        req->done(req, -EIO);
        return;
    }
    for (unsigned i = 0; i < req->segment_count; i++) {
        memcpy(phys_to_virt(req->segment[i].addr), at, req->segment[i].len);
        at += req->segment[i].len;
        disk->sectors_read += req->segment[i].len >> SECTOR_SHIFT;
    }
    req->done(req, 0);
}

static const struct block_ops disk_ops = {.submit = disk_submit};

bool host_disk_open(struct host_disk *disk, const char *path)
{
    int fd = open(path, O_RDONLY);
    struct stat st;

    memset(disk, 0, sizeof(*disk));
    if (fd < 0 || fstat(fd, &st))
        return false;
    disk->size = (size_t)st.st_size;
    disk->bytes = mmap(NULL, disk->size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    close(fd);
    disk->dev.name = "vda";
    disk->dev.ops = &disk_ops;
    disk->dev.sectors = disk->size >> SECTOR_SHIFT;
    return disk->bytes != MAP_FAILED;
}

void host_disk_close(struct host_disk *disk)
{
    munmap(disk->bytes, disk->size);
}

void host_disk_reset(struct host_disk *disk, const char *path)
{
    if (host_pread(path, disk->bytes, disk->size, 0) != (ssize_t)disk->size)
        abort();
}

void host_dir_create(char *buf)
{
    strcpy(buf, "/tmp/fathom-test-XXXXXX");
    if (!mkdtemp(buf))
        abort();
}

void host_dir_remove(const char *path)
{
    host_run("rm -rf '%s'", path);
}

int host_run(const char *fmt, ...)
{
    char command[8192];
    va_list args;
    int status;

    va_start(args, fmt);
    vsnprintf(command, sizeof(command), fmt, args);
    va_end(args);
    status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

ssize_t host_pread(const char *path, void *buf, size_t n, uint64_t pos)
{
    static char last_path[4096];
    static int fd = -1;

    if (fd < 0 || strcmp(path, last_path) != 0) {
        if (fd >= 0)
            close(fd);
        fd = open(path, O_RDONLY);
        snprintf(last_path, sizeof(last_path), "%s", path);
    }
    return fd < 0 ? -1 : pread(fd, buf, n, (off_t)pos);
}

void host_file_write(const char *dir, const char *name, size_t size, unsigned seed)
{
    uint32_t word = seed;
    char path[4096];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    file = fopen(path, "w");
    if (!file)
        abort();
    for (size_t i = 0; i < size; i += sizeof(word)) {
        word = word * 1664525 + 1013904223; /* Numerical Recipes' generator */
        fwrite(&word, 1, MIN(size - i, sizeof(word)), file);
    }
    fclose(file);
}

static void (*walk_visit)(const struct host_entry *entry);
static size_t walk_prefix;

static int walk_step(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    static struct host_entry entry;
    ssize_t len;

    (void)type;
    (void)ftw;
    entry.path = path + walk_prefix;
    entry.mode = st->st_mode;
    entry.nlink = (uint32_t)st->st_nlink;
    entry.uid = st->st_uid;
    entry.gid = st->st_gid;
    entry.size = (uint64_t)st->st_size;
    entry.mtime = (uint64_t)st->st_mtime;
    len = S_ISLNK(st->st_mode) ? readlink(path, entry.target, sizeof(entry.target) - 1) : 0;
    entry.target[len > 0 ? len : 0] = '\0';
    walk_visit(&entry);
    return 0;
}

void host_tree_walk(const char *root, void (*visit)(const struct host_entry *entry))
{
    walk_visit = visit;
    walk_prefix = strlen(root);
    nftw(root, walk_step, WALK_FDS, FTW_PHYS);
}
