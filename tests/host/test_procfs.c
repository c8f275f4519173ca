/*
 * procfs over the real VFS, with one process that the test plays: every file can be read and has
 * the form that proc(5) gives, directories list what can be looked up, links lead to their objects,
 * and everything of a process goes when it does.
 */
// uses: fs/procfs.c fs/procfs_process.c fs/procfs_status.c fs/procfs_system.c fs/procfs_sysctl.c
// uses: fs/proc_text.c fs/process_view.c fs/pseudo.c fs/seq.c fs/tty_session.c
// uses: fs/path.c fs/mount.c fs/dentry.c fs/inode.c fs/hash_table.c fs/file.c fs/fdtable.c
// uses: fs/fs_context.c fs/pipe.c fs/uio.c sched/process_group.c
// uses: mm/page_cache.c mm/page_tree.c mm/page_lock.c mm/page_lru.c mm/readahead.c mm/vma.c
// uses: mm/alloc/memory_map.c mm/alloc/page.c mm/alloc/buddy.c mm/alloc/shrinker.c
// uses: mm/alloc/slab.c mm/alloc/kmalloc.c lib/page_ops.c lib/fdt.c lib/fdt_blob.c lib/fmt.c
// uses: lib/parse.c lib/rbtree.c lib/bitmap.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/rtc.h"
#include "fs/fdtable.h"
#include "fs/fs_context.h"
#include "fs/mount.h"
#include "fs/path.h"
#include "fs/pipe.h"
#include "fs/super.h"
#include "kernel/cmdline.h"
#include "lib/err.h"
#include "lib/errno.h"
#include "mm/alloc/kmap.h"
#include "mm/fault.h"
#include "mm/maps.h"
#include "mm/mm.h"
#include "mm/smaps.h"
#include "sched/signal_post.h"
#include "tests/host/support/host_alloc.h"
#include "tests/host/support/sched_host.h"
#include <cmocka.h>

#define TEXT_SIZE  65536
#define MAPS_LINES 3000

/* What stands below. */

static bool process_gone;
static unsigned drained;
static struct mm mm;
static char arguments[] = "prog\0-x\0two words";
static char maps_line[] = "00010000-00011000 r-xp 00000000 00:00 0\n";

struct process *process_find(pid_t pid)
{
    return pid == host_process.pid && !process_gone ? &host_process : NULL;
}

struct process *process_next(pid_t after)
{
    return after < host_process.pid && !process_gone ? &host_process : NULL;
}

int signal_post_group(pid_t pgid, int sig, const struct siginfo *info)
{
    (void)pgid;
    (void)sig;
    (void)info;
    return 0;
}

void signal_post_task_locked(struct task *task, int sig, const struct siginfo *info)
{
    (void)task;
    (void)sig;
    (void)info;
}

void mm_put(struct mm *unused)
{
    assert_true(unused->refs > 1);
    unused->refs--;
}

size_t mm_maps_text(struct mm *from, char *buf, size_t size, vaddr_t *cursor)
{
    size_t n = strlen(maps_line), done = 0;

    assert_ptr_equal(from, &mm);
    for (; done + n <= size && *cursor < MAPS_LINES; ++*cursor, done += n)
        memcpy(buf + done, maps_line, n);
    return done;
}

size_t mm_smaps_text(struct mm *from, char *buf, size_t size, vaddr_t *cursor)
    __attribute__((alias("mm_maps_text")));

size_t mm_copy_out(struct mm *from, vaddr_t src, void *dst, size_t n)
{
    (void)from;
    memcpy(dst, (void *)src, n);
    return n;
}

unsigned sched_running(void)
{
    return 1;
}

uint64_t sched_idle_ns(void)
{
    return 5;
}

uint64_t rtc_boot_time_ns(void)
{
    return 1000000000;
}

const char *cmdline_text(void)
{
    return "quiet";
}

size_t kstack_drain(void)
{
    drained++;
    return 0;
}

/* Helpers. */

static struct mount *proc;

static int set_up(void **state)
{
    struct super_block *sb;

    (void)state;
    host_alloc_init(8 << 20);
    host_sched_init();
    page_cache_init_all();
    inode_init();
    dentry_init();
    file_init();
    sb = proc_type.mount(NULL, false);
    assert_false(IS_ERR(sb));
    assert_int_equal(mount_attach(sb, NULL), 0);
    proc = mount_next(NULL);
    mm.refs = 1;
    rw_lock_init(&mm.lock);
    vma_tree_init(&mm.vmas, PAGE_SIZE, 1UL << 38);
    mm.arg_start = (uintptr_t)arguments;
    mm.arg_end = mm.arg_start + sizeof(arguments);
    host_task.mm = &mm;
    host_task.files = fdtable_create();
    host_task.fs = fs_context_create();
    assert_non_null(host_task.files);
    assert_non_null(host_task.fs);
    return 0;
}

static struct dentry *walk(const char *path, unsigned flags)
{
    struct path_context ctx = {.root = proc->root, .start = proc->root};

    return path_walk(&ctx, path, flags);
}

static struct file *open_path(const char *path, unsigned flags)
{
    struct dentry *dentry = walk(path, PATH_FOLLOW);
    struct file *file;

    if (IS_ERR(dentry))
        return (void *)dentry;
    file = file_open(dentry, flags);
    dentry_put(dentry);
    return file;
}

/* The whole text of a file; fails the test if it cannot be read. */
static const char *text_of(const char *path)
{
    static char text[4 * TEXT_SIZE];
    struct file *file = open_path(path, O_RDONLY);
    ssize_t n;

    if (IS_ERR(file))
        fail_msg("%s: %ld", path, PTR_ERR(file));
    n = file_read_kernel(file, text, sizeof(text) - 1, 0);
    if (n < 0)
        fail_msg("%s: %zd", path, n);
    text[n] = '\0';
    file_put(file);
    return text;
}

struct listing {
    struct dir_emit emit;
    unsigned room;
    char names[TEXT_SIZE];
};

static bool list_one(struct dir_emit *emit, const struct dir_entry *entry)
{
    struct listing *list = container_of(emit, struct listing, emit);

    assert_true(entry->ino != 0 && entry->type != DT_UNKNOWN && entry->next_pos > 0);
    if (list->room == 0)
        return false;
    list->room--;
    sprintf(list->names + strlen(list->names), "%.*s ", (int)entry->len, entry->name);
    return true;
}

/* The names in a directory, read `at_once` at a time. */
static const char *list_of(const char *path, unsigned at_once)
{
    static struct listing list;
    struct file *file = open_path(path, O_RDONLY | O_DIRECTORY);
    uint64_t pos = 0, before;

    assert_false(IS_ERR(file));
    list.emit.emit = list_one;
    list.names[0] = '\0';
    do {
        before = pos;
        list.room = at_once;
        assert_int_equal(file->ops->readdir(file, &list.emit, &pos), 0);
    } while (list.room < at_once && pos != before);
    file_put(file);
    return list.names;
}

static const char *link_of(const char *path)
{
    static char text[PATH_MAX];
    struct dentry *dentry = walk(path, 0);
    ssize_t n;

    assert_false(IS_ERR(dentry));
    assert_true(S_ISLNK(dentry->inode->mode));
    n = dentry->inode->ops->readlink(dentry->inode, text, sizeof(text) - 1);
    assert_true(n > 0);
    text[n] = '\0';
    dentry_put(dentry);
    return text;
}

/* Tests. */

static void directories_list_what_can_be_looked_up(void **state)
{
    static const char *const directories[] = {"/", "/sys", "/sys/vm", "/sys/kernel", "/2"};
    char names[TEXT_SIZE], path[256];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(directories); i++) {
        strcpy(names, list_of(directories[i], 1000));
        assert_string_equal(list_of(directories[i], 1), names);
        assert_memory_equal(names, ". .. ", 5);
        for (char *name = strtok(names, " "); name; name = strtok(NULL, " ")) {
            struct dentry *dentry;

            snprintf(path, sizeof(path), "%s/%s", directories[i], name);
            dentry = walk(path, 0);
            if (IS_ERR(dentry))
                fail_msg("%s: %ld", path, PTR_ERR(dentry));
            dentry_put(dentry);
        }
    }
    assert_string_equal(list_of("/sys", 9), ". .. kernel vm ");
    assert_non_null(strstr(list_of("/", 3), " 2 "));
    assert_int_equal(PTR_ERR(walk("/nothing", 0)), -ENOENT);
    assert_int_equal(PTR_ERR(walk("/02", 0)), -ENOENT);
    assert_int_equal(PTR_ERR(walk("/3", 0)), -ENOENT);
}

static void every_text_ends_in_a_newline(void **state)
{
    char files[] =
        "buddyinfo cmdline cpuinfo filesystems interrupts loadavg meminfo mounts "
        "slabinfo stat uptime version self/comm self/limits self/maps self/stat "
        "self/statm self/status self/mounts self/mountinfo sys/kernel/ostype sys/kernel/pid_max "
        "sys/vm/max_map_count sys/vm/drop_caches";

    (void)state;
    for (char *name = strtok(files, " "); name; name = strtok(NULL, " ")) {
        char path[64];
        const char *text;

        snprintf(path, sizeof(path), "/%s", name);
        text = text_of(path);
        if (text[0] == '\0' || text[strlen(text) - 1] != '\n')
            fail_msg("%s: %s", path, text);
    }
    assert_string_equal(text_of("/sys/kernel/ostype"), "Linux\n");
    assert_int_equal(strlen(text_of("/self/maps")), MAPS_LINES * strlen(maps_line));
}

static void stat_has_52_fields(void **state)
{
    char text[1024];
    unsigned fields = 0;
    int pid, ppid;
    char comm[32], letter;

    (void)state;
    host_task.usage.user_ns = 1230000000;
    strcpy(text, text_of("/2/stat"));
    assert_int_equal(sscanf(text, "%d (%31[^)]) %c %d", &pid, comm, &letter, &ppid), 4);
    assert_int_equal(pid, 2);
    assert_string_equal(comm, "host");
    assert_int_equal(letter, 'R');
    for (char *word = strtok(text, " \n"); word; word = strtok(NULL, " \n")) {
        fields++;
        if (fields == 14)
            assert_string_equal(word, "123");
    }
    assert_int_equal(fields, 52);
    host_process.zombie = true;
    assert_non_null(strstr(text_of("/2/stat"), "(host) Z "));
    assert_non_null(strstr(text_of("/2/status"), "State:\tZ (zombie)\n"));
    host_process.zombie = false;
}

static void meminfo_is_parsed_as_free_does(void **state)
{
    unsigned long total, unused;
    const char *text = text_of("/meminfo");

    (void)state;
    assert_int_equal(sscanf(text, "MemTotal: %lu kB\nMemFree: %lu kB\n", &total, &unused), 2);
    assert_int_equal(total, page_total() * 4);
    assert_true(unused <= total);
    assert_memory_equal(text, "MemTotal:       ", 16);
}

static void cmdline_is_the_arguments(void **state)
{
    struct file *file = open_path("/self/cmdline", O_RDONLY);
    char text[64];

    (void)state;
    assert_int_equal(file_read_kernel(file, text, sizeof(text), 0), sizeof(arguments));
    assert_memory_equal(text, arguments, sizeof(arguments));
    file_put(file);
}

static void an_open_text_stays_as_it_was(void **state)
{
    struct file *file = open_path("/self/comm", O_RDONLY);
    char text[16];

    (void)state;
    assert_int_equal(file_read_kernel(file, text, 2, 0), 2);
    strcpy(host_task.comm, "other");
    assert_int_equal(file_read_kernel(file, text, sizeof(text), 2), 3);
    assert_memory_equal(text, "st\n", 3);
    assert_int_equal(file_read_kernel(file, text, sizeof(text), 0), 6);
    assert_memory_equal(text, "other\n", 6);
    strcpy(host_task.comm, "host");
    file_put(file);
}

static void links_lead_to_their_objects(void **state)
{
    struct file *ends[2], *again;
    struct iovec iov;
    struct uio uio;
    char c = 'p';

    (void)state;
    assert_string_equal(link_of("/self"), "2");
    assert_string_equal(link_of("/2/cwd"), "/");
    assert_string_equal(list_of("/2/cwd/sys", 9), ". .. kernel vm ");
    assert_int_equal(pipe_create(&ends[0], &ends[1], 0), 0);
    assert_int_equal(fd_install(host_task.files, ends[0], 3, 100, false), 3);
    assert_int_equal(fd_install(host_task.files, ends[1], 7, 100, false), 7);
    assert_int_equal(fd_install(host_task.files, open_path("/version", O_RDONLY), 0, 100, false),
                     0);
    assert_string_equal(list_of("/self/fd", 1), ". .. 0 3 7 ");
    assert_string_equal(link_of("/self/fd/0"), "/version");
    assert_memory_equal(link_of("/self/fd/3"), "pipe:[", 6);
    assert_int_equal(PTR_ERR(walk("/self/fd/4", 0)), -ENOENT);
    /* Opened again by its name in /proc, it is the same pipe. */
    again = open_path("/self/fd/3", O_RDONLY);
    assert_false(IS_ERR(again));
    uio_init_kernel(&uio, &iov, &c, 1);
    assert_int_equal(file_write(ends[1], &uio, NULL), 1);
    c = 0;
    uio_init_kernel(&uio, &iov, &c, 1);
    assert_int_equal(file_read(again, &uio, NULL), 1);
    assert_int_equal(c, 'p');
    file_put(again);
    for (int fd = 0; fd < 8; fd++)
        fd_close(host_task.files, fd);
    assert_string_equal(list_of("/self/fd", 1), ". .. ");
}

static void everything_goes_with_its_process(void **state)
{
    struct file *stat = open_path("/2/stat", O_RDONLY);
    struct dentry *dir = walk("/2", 0);
    char text[16];

    (void)state;
    process_gone = true;
    assert_int_equal(PTR_ERR(walk("/2", 0)), -ENOENT);
    assert_int_equal(PTR_ERR(walk("/2/stat", 0)), -ENOENT);
    assert_int_equal(PTR_ERR(dentry_lookup(dir, "stat", 4)), -ENOENT);
    assert_int_equal(file_read_kernel(stat, text, sizeof(text), 0), -ESRCH);
    assert_null(strstr(list_of("/", 5), " 2 "));
    process_gone = false;
    dentry_put(dir);
    file_put(stat);
    dir = walk("/2", 0);
    assert_false(IS_ERR(dir));
    dentry_put(dir);
}

static ssize_t store(const char *path, const char *text)
{
    struct file *file = open_path(path, O_WRONLY | O_TRUNC);
    struct iovec iov;
    struct uio uio;
    ssize_t n;

    assert_false(IS_ERR(file));
    uio_init_kernel(&uio, &iov, (char *)text, strlen(text));
    n = file_write(file, &uio, NULL);
    file_put(file);
    return n;
}

static void drop_caches_forgets_all_names(void **state)
{
    size_t all, unused, before;

    (void)state;
    text_of("/self/status");
    inode_count(&before, &unused);
    assert_true(unused > 0);
    assert_int_equal(store("/sys/vm/drop_caches", "3\n"), 2);
    inode_count(&all, &unused);
    assert_true(all < before);
    assert_true(drained > 0);
    assert_string_equal(text_of("/sys/vm/drop_caches"), "3\n");
    assert_int_equal(store("/sys/vm/drop_caches", "4"), -EINVAL);
    assert_int_equal(store("/sys/vm/drop_caches", "x"), -EINVAL);
    assert_int_equal(store("/version", "x"), -EINVAL);
}

static void failing_allocations_leave_nothing_behind(void **state)
{
    static const char *const files[] = {"/self/maps", "/self/status", "/slabinfo", "/self/fd"};
    uint64_t before;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
        store("/sys/vm/drop_caches", "3");
        before = page_free_count();
        for (unsigned n = 1; n < 60; n++) {
            struct file *file;
            char text[256];

            alloc_fail_nth(n);
            file = open_path(files[i], O_RDONLY);
            if (!IS_ERR(file)) {
                file_read_kernel(file, text, sizeof(text), 0);
                file_put(file);
            }
            alloc_fail_nth(0);
        }
        store("/sys/vm/drop_caches", "3");
        assert_int_equal(page_free_count(), before);
        assert_int_equal(mm.refs, 1);
        dentry_check();
        inode_check();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(directories_list_what_can_be_looked_up),
        cmocka_unit_test(every_text_ends_in_a_newline),
        cmocka_unit_test(stat_has_52_fields),
        cmocka_unit_test(meminfo_is_parsed_as_free_does),
        cmocka_unit_test(cmdline_is_the_arguments),
        cmocka_unit_test(an_open_text_stays_as_it_was),
        cmocka_unit_test(links_lead_to_their_objects),
        cmocka_unit_test(everything_goes_with_its_process),
        cmocka_unit_test(drop_caches_forgets_all_names),
        cmocka_unit_test(failing_allocations_leave_nothing_behind),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
