/*
 * File systems without a disk: see fs/pseudo.h. Directory positions: 0 is ".", 1 is "..", and from
 * PSEUDO_DOTS on whatever the file system makes of them; an entry's next position is one more.
 */
#include "fs/pseudo.h"

#include "arch/time.h"
#include "drivers/rtc.h"
#include "lib/time_units.h"

bool pseudo_emit_dots(struct dir_emit *emit, uint64_t self, uint64_t parent, uint64_t *pos)
{
    static const char dots[] = "..";
    const uint64_t ino[PSEUDO_DOTS] = {self, parent};

    for (; *pos < PSEUDO_DOTS; ++*pos) {
        struct dir_entry entry = {dots, (size_t)*pos + 1, ino[*pos], DT_DIR, *pos + 1};

        if (!emit->emit(emit, &entry))
            return false;
    }
    return true;
}

void pseudo_set_times(struct inode *inode)
{
    uint64_t ns = rtc_boot_time_ns() + time_ns();
    struct timespec64 now = {(int64_t)(ns / NSEC_PER_SEC), (int64_t)(ns % NSEC_PER_SEC)};

    inode->atime = now;
    inode->mtime = now;
    inode->ctime = now;
    inode->btime = now;
}
