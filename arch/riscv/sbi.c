/*
 * The ecall and the extensions built on it. Numbers: SBI specification 1.0, chapters 3 to 10;
 * legacy calls: chapter 5.
 */
#include "arch/riscv/sbi.h"

#include "lib/errno.h"
#include "lib/fmt.h"

#define EXT_BASE 0x10
#define EXT_TIME 0x54494d45
#define EXT_IPI  0x735049
#define EXT_RFNC 0x52464e43
#define EXT_HSM  0x48534d
#define EXT_SRST 0x53525354
#define EXT_DBCN 0x4442434e

#define LEGACY_SET_TIMER    0
#define LEGACY_PUTCHAR      1
#define LEGACY_SHUTDOWN     8
#define BASE_IMPL_ID        1
#define BASE_IMPL_VERSION   2
#define BASE_PROBE          3
#define RFNC_FENCE_I        0
#define RFNC_SFENCE_VMA     1
#define HSM_HART_START      0
#define SRST_RESET          0
#define DBCN_WRITE_BYTE     2
#define SRST_TYPE_SHUTDOWN  0
#define SRST_TYPE_COLD_BOOT 1
#define SRST_REASON_NONE    0
#define SRST_REASON_FAILURE 1
#define IMPL_OPENSBI        1

struct sbi_ret {
    long error, value;
};

static bool have_time, have_srst, have_dbcn, have_rfnc, have_ipi, have_hsm;
static uint64_t sbi_hartid[SBI_HARTS_MAX];

static struct sbi_ret sbi_call(uint64_t ext, uint64_t fn, const uint64_t arg[4])
{
    register uint64_t a0 __asm__("a0") = arg[0];
    register uint64_t a1 __asm__("a1") = arg[1];
    register uint64_t a2 __asm__("a2") = arg[2];
    register uint64_t a3 __asm__("a3") = arg[3];
    register uint64_t a6 __asm__("a6") = fn;
    register uint64_t a7 __asm__("a7") = ext;

    __asm__ volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a2), "r"(a3), "r"(a6), "r"(a7) : "memory");
    return (struct sbi_ret){(long)a0, (long)a1};
}

#define SBI_CALL(ext, fn, ...) sbi_call(ext, fn, (const uint64_t[4]){__VA_ARGS__})

static bool sbi_probe(uint64_t ext)
{
    struct sbi_ret ret = SBI_CALL(EXT_BASE, BASE_PROBE, ext);

    return ret.error == 0 && ret.value != 0;
}

void sbi_init(void)
{
    have_time = sbi_probe(EXT_TIME);
    have_ipi = sbi_probe(EXT_IPI);
    have_rfnc = sbi_probe(EXT_RFNC);
    have_hsm = sbi_probe(EXT_HSM);
    have_srst = sbi_probe(EXT_SRST);
    have_dbcn = sbi_probe(EXT_DBCN);
}

void sbi_set_hart(unsigned index, uint64_t hartid)
{
    if (index < SBI_HARTS_MAX)
        sbi_hartid[index] = hartid;
}

void sbi_putchar(char c)
{
    if (have_dbcn)
        SBI_CALL(EXT_DBCN, DBCN_WRITE_BYTE, (uint8_t)c);
    else
        SBI_CALL(LEGACY_PUTCHAR, 0, (uint8_t)c);
}

void sbi_set_timer(uint64_t ticks)
{
    SBI_CALL(have_time ? EXT_TIME : LEGACY_SET_TIMER, 0, ticks);
}

/*
 * Calls an extension for all harts of our mask: the SBI takes 64 hart ids from a base on, so harts
 * are gathered by their id's block of 64.
 */
static void sbi_for_harts(uint64_t harts, uint64_t ext, uint64_t fn, uint64_t start, uint64_t size)
{
    while (harts) {
        uint64_t base = sbi_hartid[__builtin_ctzll(harts)] & ~63UL;
        uint64_t mask = 0;

        for (uint64_t left = harts; left; left &= left - 1) {
            uint64_t id = sbi_hartid[__builtin_ctzll(left)];

            if ((id & ~63UL) != base)
                continue;
            mask |= BIT(id & 63);
            harts &= ~(left & -left);
        }
        SBI_CALL(ext, fn, mask, base, start, size);
    }
}

void sbi_send_ipi(uint64_t harts)
{
    if (have_ipi)
        sbi_for_harts(harts, EXT_IPI, 0, 0, 0);
}

void sbi_remote_sfence(uint64_t harts, vaddr_t start, uint64_t size)
{
    if (have_rfnc)
        sbi_for_harts(harts, EXT_RFNC, RFNC_SFENCE_VMA, start, size);
}

void sbi_remote_fence_i(uint64_t harts)
{
    if (have_rfnc)
        sbi_for_harts(harts, EXT_RFNC, RFNC_FENCE_I, 0, 0);
}

int sbi_hart_start(uint64_t hartid, paddr_t entry, uint64_t arg)
{
    if (!have_hsm)
        return -ENOSYS;
    return SBI_CALL(EXT_HSM, HSM_HART_START, hartid, entry, arg).error ? -EIO : 0;
}

void sbi_power_off(bool failure)
{
    if (have_srst)
        SBI_CALL(EXT_SRST, SRST_RESET, SRST_TYPE_SHUTDOWN,
                 failure ? SRST_REASON_FAILURE : SRST_REASON_NONE);
    SBI_CALL(LEGACY_SHUTDOWN, 0, 0);
}

void sbi_reboot(void)
{
    if (have_srst)
        SBI_CALL(EXT_SRST, SRST_RESET, SRST_TYPE_COLD_BOOT, SRST_REASON_NONE);
}

const char *sbi_describe(void)
{
    static char text[32];
    long impl = SBI_CALL(EXT_BASE, BASE_IMPL_ID, 0).value;
    unsigned long version = (unsigned long)SBI_CALL(EXT_BASE, BASE_IMPL_VERSION, 0).value;

    if (impl == IMPL_OPENSBI)
        fmt_snprintf(text, sizeof(text), "OpenSBI %lu.%lu", version >> 16, version & 0xffff);
    else
        fmt_snprintf(text, sizeof(text), "SBI implementation %ld, %#lx", impl, version);
    return text;
}
