/*
 * System calls about the machine as a whole: its name, its memory, its extensions, randomness, the
 * way out.
 */
#include "arch/riscv/sbi.h"
#include "arch/time.h"
#include "drivers/entropy.h"
#include "kernel/panic.h"
#include "kernel/version.h"
#include "lib/string.h"
#include "mm/alloc/buddy.h"
#include "process/credentials.h"
#include "sched/sched.h"
#include "sched/signal.h"
#include "syscall/abi.h"
#include "syscall/prototypes.h"
#include "syscall/user_copy.h"

/* Linux, include/uapi/linux/random.h. */
#define GRND_NONBLOCK 1
#define GRND_RANDOM   2
#define GRND_INSECURE 4
#define RANDOM_CHUNK  256

/* Linux, include/uapi/linux/reboot.h: the second number is one of four birthdays. */
#define REBOOT_MAGIC1        0xfee1deadu
#define REBOOT_MAGIC2        672274793u
#define REBOOT_MAGIC2A       85072278u
#define REBOOT_MAGIC2B       369367448u
#define REBOOT_MAGIC2C       537993216u
#define REBOOT_CMD_RESTART   0x01234567u
#define REBOOT_CMD_HALT      0xcdef0123u
#define REBOOT_CMD_CAD_ON    0x89abcdefu
#define REBOOT_CMD_CAD_OFF   0u
#define REBOOT_CMD_POWER_OFF 0x4321fedcu

/* Linux, arch/riscv/include/uapi/asm/hwprobe.h. */
#define HWPROBE_KEY_MVENDORID     0
#define HWPROBE_KEY_MARCHID       1
#define HWPROBE_KEY_MIMPID        2
#define HWPROBE_KEY_BASE_BEHAVIOR 3
#define HWPROBE_KEY_IMA_EXT_0     4
#define HWPROBE_KEY_CPUPERF_0     5
#define HWPROBE_BASE_IMA          1
#define HWPROBE_IMA_FD            1
#define HWPROBE_IMA_C             2

int64_t sys_uname(vaddr_t addr)
{
    const struct user_utsname uts = {
        .sysname = UTS_SYSNAME,
        .nodename = UTS_NODENAME,
        .release = UTS_RELEASE,
        .version = UTS_VERSION,
        .machine = UTS_MACHINE,
        .domainname = UTS_DOMAINNAME,
    };

    return user_put(addr, &uts, sizeof(uts));
}

int64_t sys_sysinfo(vaddr_t addr)
{
    const struct user_sysinfo info = {
        .uptime = (int64_t)(time_ns() / NSEC_PER_SEC),
        .totalram = page_total() * PAGE_SIZE,
        .freeram = page_free_count() * PAGE_SIZE,
        .procs = (uint16_t)process_count(),
        .mem_unit = 1,
    };

    return user_put(addr, &info, sizeof(info));
}

int64_t sys_getrandom(vaddr_t buf, size_t size, unsigned flags)
{
    uint8_t bytes[RANDOM_CHUNK];
    size_t done = 0;

    if (flags & ~(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE) ||
        (flags & (GRND_RANDOM | GRND_INSECURE)) == (GRND_RANDOM | GRND_INSECURE))
        return -EINVAL;
    size = MIN(size, RW_COUNT_MAX);
    while (done < size) {
        size_t n = MIN(size - done, sizeof(bytes));

        entropy_fill(bytes, n);
        if (copy_to_user(buf + done, bytes, n))
            return done ? (int64_t)done : -EFAULT;
        done += n;
        if (done < size && signal_pending())
            break;
        sched_relax();
    }
    return (int64_t)done;
}

static bool magic_known(uint32_t magic)
{
    return magic == REBOOT_MAGIC2 || magic == REBOOT_MAGIC2A || magic == REBOOT_MAGIC2B ||
           magic == REBOOT_MAGIC2C;
}

int64_t sys_reboot(uint64_t magic1, uint64_t magic2, unsigned cmd)
{
    if (!credentials_are_super(&current_task()->process->cred))
        return -EPERM;
    if ((uint32_t)magic1 != REBOOT_MAGIC1 || !magic_known((uint32_t)magic2))
        return -EINVAL;
    switch (cmd) {
    case REBOOT_CMD_CAD_ON:
    case REBOOT_CMD_CAD_OFF:
        return 0;
    case REBOOT_CMD_RESTART:
        sbi_reboot();
        power_off(0); /* the firmware cannot restart */
    case REBOOT_CMD_HALT:
    case REBOOT_CMD_POWER_OFF:
        power_off(0);
    default:
        return -EINVAL;
    }
}

static void hwprobe_answer(struct user_hwprobe *pair)
{
    switch (pair->key) {
    case HWPROBE_KEY_MVENDORID:
    case HWPROBE_KEY_MARCHID:
    case HWPROBE_KEY_MIMPID:
    case HWPROBE_KEY_CPUPERF_0:
        pair->value = 0; /* not known */
        break;
    case HWPROBE_KEY_BASE_BEHAVIOR:
        pair->value = HWPROBE_BASE_IMA;
        break;
    case HWPROBE_KEY_IMA_EXT_0:
        pair->value = HWPROBE_IMA_FD | HWPROBE_IMA_C;
        break;
    default:
        *pair = (struct user_hwprobe){.key = -1};
    }
}

int64_t sys_riscv_hwprobe(vaddr_t pairs, size_t count, size_t cpus_size, vaddr_t cpus,
                          unsigned flags)
{
    struct user_hwprobe pair;

    if (flags || (!cpus_size) != (!cpus))
        return -EINVAL;
    for (size_t i = 0; i < count; i++, pairs += sizeof(pair)) {
        if (user_get(&pair, pairs, sizeof(pair)))
            return -EFAULT;
        hwprobe_answer(&pair);
        if (user_put(pairs, &pair, sizeof(pair)))
            return -EFAULT;
        if (signal_fatal_pending())
            return -EINTR;
        sched_relax();
    }
    return 0;
}
