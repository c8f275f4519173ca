/*
 * ptdump.c - ptdump [PID] ADDRESS: the page-table entries that lead to an address.
 *
 * Without PID it looks at itself. One line for each of the three levels of Sv39, from the root:
 * which entry of which table (at its physical address), the entry, its bits by name and where it
 * leads. The walk ends early at an entry that leads nowhere. The format is that of the Privileged
 * spec 1.12, 4.3.1 and 4.4:
 *
 *     63..54      53..10    9..8  7 6 5 4 3 2 1 0
 *     reserved 0  PPN       RSW   D A G U X W R V
 */
#include "userland/c/lib/debug.h"
#include "userland/c/lib/number.h"
#include "userland/c/lib/program.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PAGE_SHIFT  12
#define PAGE_SIZE   (1UL << PAGE_SHIFT)
#define INDEX_BITS  9
#define INDEX_MASK  ((1UL << INDEX_BITS) - 1)
#define PPN_SHIFT   10
#define PPN_MASK    ((1UL << 44) - 1)
#define ENTRY_V     1UL
#define ENTRY_RIGHT 0xeUL /* R, W or X: a page, not a table */

static const char bit_names[] = "VRWXUGAD"; /* from bit 0 on */

static uint64_t entry_address(uint64_t entry)
{
    return (entry >> PPN_SHIFT & PPN_MASK) << PAGE_SHIFT;
}

static void bits_print(uint64_t entry)
{
    for (int bit = (int)sizeof(bit_names) - 2; bit >= 0; bit--)
        putchar(entry >> bit & 1 ? bit_names[bit] : '-');
}

static void goal_print(uint64_t entry, uint64_t address, int level)
{
    if (entry == 0)
        printf("nothing\n");
    else if (!(entry & ENTRY_V))
        printf("keeps the page at %#lx, which may not be touched\n", entry_address(entry));
    else if (level > 0 && !(entry & ENTRY_RIGHT))
        printf("table at %#lx\n", entry_address(entry));
    else
        printf("page at %#lx, byte at %#lx\n", entry_address(entry),
               entry_address(entry) + (address & (PAGE_SIZE - 1)));
}

static void walk_print(const struct debug_walk *walk, uint64_t address)
{
    uint64_t table = walk->root;

    for (unsigned i = 0; i < walk->count && i < DEBUG_LEVELS; i++) {
        int level = DEBUG_LEVELS - 1 - (int)i;
        uint64_t entry = walk->entries[i];
        uint64_t index = address >> (PAGE_SHIFT + level * INDEX_BITS) & INDEX_MASK;

        printf("level %d  entry %3lu of table %#lx  0x%016lx  ", level, index, table, entry);
        bits_print(entry);
        printf("  -> ");
        goal_print(entry, address, level);
        table = entry_address(entry);
    }
}

/* Hexadecimal, with or without 0x, as maps shows addresses. */
static bool address_parse(const char *text, uint64_t *address)
{
    char *end;

    errno = 0;
    *address = strtoul(text, &end, 16);
    return isxdigit((unsigned char)text[0]) && *end == '\0' && errno == 0;
}

int main(int argc, char **argv)
{
    struct debug_walk walk;
    uint64_t address;
    long pid = 0;

    program_begin(argv, "ptdump");
    if (argc < 2 || argc > 3 || !address_parse(argv[argc - 1], &address) ||
        (argc == 3 && !number_parse_long(argv[1], &pid)))
        program_usage(2, "ptdump [pid] address");
    if (debug_pte((pid_t)pid, address, &walk))
        program_die(1, argv[argc - 1]);
    walk_print(&walk, address);
    return program_finish(0);
}
