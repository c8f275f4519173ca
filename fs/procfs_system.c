/*
 * /proc/meminfo, stat, uptime and their like, in the formats of proc(5); meminfo's widths are
 * Linux's (fs/proc/meminfo.c), slabinfo's those of version 2.1 (mm/slab_common.c).
 *
 * Only what is counted is printed. Processor time is counted by task, not by hart, so stat gives
 * each hart an equal share; context switches and times of processes that nobody waited for are
 * missing from its sums. The load is the number of runnable tasks at this moment: an average would
 * need a timer that wakes an idle machine.
 */
#include "fs/procfs_system.h"

#include "arch/time.h"
#include "drivers/rtc.h"
#include "fs/process_view.h"
#include "kernel/cmdline.h"
#include "kernel/hart.h"
#include "kernel/version.h"
#include "lib/fmt.h"
#include "lib/string.h"
#include "lib/time_units.h"
#include "mm/alloc/kmap.h"
#include "mm/alloc/slab.h"
#include "mm/page_cache.h"
#include "sched/sched.h"

#define KIB_PER_PAGE (PAGE_SIZE / KIB)

static void meminfo_line(struct seq *seq, const char *name, uint64_t pages)
{
    char label[24];

    fmt_snprintf(label, sizeof(label), "%s:", name);
    seq_printf(seq, "%-16s%8lu kB\n", label, pages * KIB_PER_PAGE);
}

/* Pages of all slabs, and those of slabs with nothing in use, which could be given back. */
static void slab_pages(uint64_t *all, uint64_t *reclaimable)
{
    struct slab_info info;

    *all = 0;
    *reclaimable = 0;
    for (unsigned i = 0; slab_cache_info(i, &info); i++) {
        *all += info.slabs_total * info.pages_per_slab;
        *reclaimable += (info.slabs_total - info.slabs_used) * info.pages_per_slab;
    }
}

static int show_meminfo(struct seq *seq, pid_t pid)
{
    uint64_t free = page_free_count(), cached = page_cache_total(), slab, reclaimable;
    struct process_sums sums;

    (void)pid;
    process_sums_get(&sums);
    slab_pages(&slab, &reclaimable);
    meminfo_line(seq, "MemTotal", page_total());
    meminfo_line(seq, "MemFree", free);
    meminfo_line(seq, "MemAvailable", free + cached + reclaimable);
    meminfo_line(seq, "Buffers", 0);
    meminfo_line(seq, "Cached", cached);
    meminfo_line(seq, "SwapCached", 0);
    meminfo_line(seq, "Active", sums.anon_pages);
    meminfo_line(seq, "Inactive", cached);
    meminfo_line(seq, "SwapTotal", 0);
    meminfo_line(seq, "SwapFree", 0);
    meminfo_line(seq, "Dirty", 0);
    meminfo_line(seq, "Writeback", 0);
    meminfo_line(seq, "AnonPages", sums.anon_pages);
    meminfo_line(seq, "Shmem", 0);
    meminfo_line(seq, "KReclaimable", reclaimable);
    meminfo_line(seq, "Slab", slab);
    meminfo_line(seq, "SReclaimable", reclaimable);
    meminfo_line(seq, "SUnreclaim", slab - reclaimable);
    meminfo_line(seq, "KernelStack", (sums.tasks + hart_count) * (KSTACK_SIZE / PAGE_SIZE));
    meminfo_line(seq, "PageTables", sums.table_pages);
    return 0;
}

static int show_buddyinfo(struct seq *seq, pid_t pid)
{
    (void)pid;
    seq_printf(seq, "Node %d, zone %8s ", 0, "Normal");
    for (unsigned order = 0; order < BUDDY_ORDERS; order++)
        seq_printf(seq, "%6lu ", buddy_free_blocks(order));
    seq_puts(seq, "\n");
    return 0;
}

static int show_slabinfo(struct seq *seq, pid_t pid)
{
    struct slab_info info;

    (void)pid;
    seq_puts(seq, "slabinfo - version: 2.1\n"
                  "# name            <active_objs> <num_objs> <objsize> <objperslab> "
                  "<pagesperslab> : tunables <limit> <batchcount> <sharedfactor> : slabdata "
                  "<active_slabs> <num_slabs> <sharedavail>\n");
    for (unsigned i = 0; slab_cache_info(i, &info); i++) {
        seq_printf(seq, "%-17s %6lu %6lu %6u %4u %4u", info.name, info.objects_used,
                   info.objects_total, info.object_size, info.objects_per_slab,
                   info.pages_per_slab);
        seq_printf(seq, " : tunables %4u %4u %4u : slabdata %6lu %6lu %6u\n", 0, 0, 0,
                   info.slabs_used, info.slabs_total, 0);
    }
    return 0;
}

static void seconds_print(struct seq *seq, uint64_t ns, const char *end)
{
    seq_printf(seq, "%lu.%02lu%s", ns / NSEC_PER_SEC, ns % NSEC_PER_SEC / NSEC_PER_TICK, end);
}

static int show_uptime(struct seq *seq, pid_t pid)
{
    (void)pid;
    seconds_print(seq, time_ns(), " ");
    seconds_print(seq, sched_idle_ns(), "\n");
    return 0;
}

static int show_version(struct seq *seq, pid_t pid)
{
    (void)pid;
    seq_printf(seq, "%s version %s (%s@%s) (gcc %s) %s\n", UTS_SYSNAME, UTS_RELEASE, UTS_NODENAME,
               UTS_NODENAME, __VERSION__, UTS_VERSION);
    return 0;
}

/* What the kernel lets programs use, which is what they are built for. */
static int show_cpuinfo(struct seq *seq, pid_t pid)
{
    (void)pid;
    for (unsigned i = 0; i < hart_count; i++) {
        if (harts[i].online)
            seq_printf(seq, "processor\t: %u\nhart\t\t: %lu\nisa\t\t: %s\nmmu\t\t: sv39\n\n", i,
                       harts[i].hartid, "rv64imafdc_zicntr_zicsr_zifencei");
    }
    return 0;
}

/* user, nice, system, idle, and six that are not told apart: proc(5), "/proc/stat". */
static void stat_times(struct seq *seq, uint64_t user, uint64_t system, uint64_t idle)
{
    seq_printf(seq, " %lu 0 %lu %lu 0 0 0 0 0 0\n", user / NSEC_PER_TICK, system / NSEC_PER_TICK,
               idle / NSEC_PER_TICK);
}

static void stat_harts(struct seq *seq, const struct process_sums *sums)
{
    uint64_t idle = sched_idle_ns(), all = time_ns() * hart_count;
    uint64_t busy = all > idle ? all - idle : 0;
    uint64_t user = MIN(sums->user_ns, busy), system = busy - user;

    seq_puts(seq, "cpu ");
    stat_times(seq, user, system, idle);
    for (unsigned i = 0; i < hart_count; i++) {
        seq_printf(seq, "cpu%u", i);
        stat_times(seq, user / hart_count, system / hart_count, idle / hart_count);
    }
}

static int show_stat(struct seq *seq, pid_t pid)
{
    struct process_sums sums;
    uint64_t interrupts = 0;

    (void)pid;
    process_sums_get(&sums);
    stat_harts(seq, &sums);
    for (unsigned i = 0; i < hart_count; i++)
        interrupts += harts[i].interrupts;
    seq_printf(seq, "intr %lu\nctxt %lu\nbtime %lu\nprocesses %d\n", interrupts, sums.switches,
               rtc_boot_time_ns() / NSEC_PER_SEC, sums.last_pid);
    seq_printf(seq, "procs_running %u\nprocs_blocked 0\n", sched_running());
    return 0;
}

static int show_loadavg(struct seq *seq, pid_t pid)
{
    struct process_sums sums;
    unsigned running = sched_running();

    (void)pid;
    process_sums_get(&sums);
    seq_printf(seq, "%u.00 %u.00 %u.00 %u/%u %d\n", running, running, running, running, sums.tasks,
               sums.last_pid);
    return 0;
}

static int show_filesystems(struct seq *seq, pid_t pid)
{
    (void)pid;
    seq_puts(seq, "nodev\tproc\nnodev\tdevtmpfs\nnodev\ttmpfs\nnodev\tpipefs\n\text2\n");
    return 0;
}

static int show_cmdline(struct seq *seq, pid_t pid)
{
    const char *text = cmdline_text();

    (void)pid;
    seq_put(seq, text, strlen(text));
    seq_puts(seq, "\n");
    return 0;
}

/* One row: what each hart has taken since boot, of every kind. */
static int show_interrupts(struct seq *seq, pid_t pid)
{
    (void)pid;
    seq_puts(seq, "      ");
    for (unsigned i = 0; i < hart_count; i++)
        seq_printf(seq, "     CPU%-3u", i);
    seq_puts(seq, "\nALL: ");
    for (unsigned i = 0; i < hart_count; i++)
        seq_printf(seq, " %10lu", harts[i].interrupts);
    seq_puts(seq, "   all interrupts\n");
    return 0;
}

static ssize_t readlink_self(pid_t pid, char *buf, size_t size)
{
    (void)pid;
    return fmt_snprintf(buf, size, "%d", current_task()->process->pid);
}

static ssize_t readlink_mounts(pid_t pid, char *buf, size_t size)
{
    (void)pid;
    return fmt_snprintf(buf, size, "self/mounts");
}

const struct proc_entry proc_system_entries[] = {
    {.dir = "", .name = "buddyinfo", .mode = PROC_TEXT_MODE, .show = show_buddyinfo},
    {.dir = "", .name = "cmdline", .mode = PROC_TEXT_MODE, .show = show_cmdline},
    {.dir = "", .name = "cpuinfo", .mode = PROC_TEXT_MODE, .show = show_cpuinfo},
    {.dir = "", .name = "filesystems", .mode = PROC_TEXT_MODE, .show = show_filesystems},
    {.dir = "", .name = "interrupts", .mode = PROC_TEXT_MODE, .show = show_interrupts},
    {.dir = "", .name = "loadavg", .mode = PROC_TEXT_MODE, .show = show_loadavg},
    {.dir = "", .name = "meminfo", .mode = PROC_TEXT_MODE, .show = show_meminfo},
    {.dir = "", .name = "mounts", .mode = PROC_LINK_MODE, .readlink = readlink_mounts},
    {.dir = "", .name = "self", .mode = PROC_LINK_MODE, .readlink = readlink_self},
    {.dir = "", .name = "slabinfo", .mode = PROC_OWNER_MODE, .show = show_slabinfo},
    {.dir = "", .name = "stat", .mode = PROC_TEXT_MODE, .show = show_stat},
    {.dir = "", .name = "uptime", .mode = PROC_TEXT_MODE, .show = show_uptime},
    {.dir = "", .name = "version", .mode = PROC_TEXT_MODE, .show = show_version},
};

const size_t proc_system_entry_count = ARRAY_SIZE(proc_system_entries);
