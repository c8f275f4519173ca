/*
 * /proc/PID/maps. A line, as Linux's show_map_vma() (fs/proc/task_mmu.c) has it:
 *
 *     start-end rwxp offset major:minor inode<blanks up to column 73>name
 *
 * The name begins at the same column in all lines; a line without one ends in a blank after the
 * inode number.
 */
#include "mm/maps.h"

#include "lib/fmt.h"
#include "lib/string.h"
#include "mm/page_source.h"

/* 25 + 6 * sizeof(void *) characters stand before the name: Linux's, for 64-bit machines. */
#define NAME_COLUMN 73

/* Linux's encoding of a device number for user space (include/linux/kdev_t.h, new_decode_dev). */
static unsigned major_of(uint64_t dev)
{
    return dev >> 8 & 0xfff;
}

static unsigned minor_of(uint64_t dev)
{
    return (dev & 0xff) | (dev >> 12 & 0xfff00);
}

/* No line is longer than this up to its name. */
#define HEAD_MAX 100

/* A line being written to buf; room for the newline is left out of size. */
struct line {
    char *buf;
    size_t size, len;
};

static void put_head(struct line *line, const struct vma *vma)
{
    const struct page_source *source = vma->source;

    line->len += (size_t)fmt_snprintf(
        line->buf, line->size, "%08lx-%08lx %c%c%c%c %08lx %02x:%02x %lu ", vma->start, vma->end,
        vma->flags & VMA_READ ? 'r' : '-', vma->flags & VMA_WRITE ? 'w' : '-',
        vma->flags & VMA_EXEC ? 'x' : '-', vma->flags & VMA_SHARED ? 's' : 'p',
        source ? vma->pgoff << PAGE_SHIFT : 0, major_of(source ? source->dev : 0),
        minor_of(source ? source->dev : 0), source ? source->ino : 0);
}

/* The name of memory that no file is behind, or NULL; by where it lies, as on Linux. */
static const char *anonymous_name(const struct mm *mm, const struct vma *vma)
{
    if (vma->start < mm->brk && vma->end > mm->brk_start)
        return "[heap]";
    if (vma->start <= mm->stack_start && vma->end >= mm->stack_start)
        return "[stack]";
    return NULL;
}

/* A newline in a file's name would look like the next line: from `from` on, Linux writes \012. */
static void escape_newlines(struct line *line, size_t from)
{
    static const char escaped[4] = {'\\', '0', '1', '2'};
    const size_t more = sizeof(escaped) - 1;
    char *at;

    while ((at = memchr(line->buf + from, '\n', line->len - from))) {
        if (line->len + more > line->size) {
            line->len = (size_t)(at - line->buf); /* cut off here */
            return;
        }
        memmove(at + sizeof(escaped), at + 1, (size_t)(line->buf + line->len - at) - 1);
        memcpy(at, escaped, sizeof(escaped));
        line->len += more;
        from = (size_t)(at - line->buf) + sizeof(escaped);
    }
}

/* Adds the name, if there is one. False: it does not fit, and what fits is there. */
static bool put_name(struct line *line, const struct mm *mm, const struct vma *vma)
{
    const char *name = vma->source ? NULL : anonymous_name(mm, vma);
    size_t room, len;

    if (!vma->source && !name)
        return true;
    do
        line->buf[line->len++] = ' ';
    while (line->len < NAME_COLUMN);
    room = line->size - line->len;
    if (name)
        len = str_copy(line->buf + line->len, name, room);
    else
        len = vma->source->ops->name(vma->source, line->buf + line->len, room);
    line->len += MIN(len, room);
    escape_newlines(line, line->len - MIN(len, room));
    return len < room;
}

size_t mm_maps_line(const struct mm *mm, const struct vma *vma, char *buf, size_t size,
                    bool may_wait)
{
    struct line line = {.buf = buf, .size = size - 1};

    if (size < HEAD_MAX + 1)
        return 0;
    put_head(&line, vma);
    if (!put_name(&line, mm, vma) && may_wait)
        return 0;
    line.buf[line.len++] = '\n';
    return line.len;
}

size_t mm_maps_text(struct mm *mm, char *buf, size_t size, vaddr_t *cursor)
{
    size_t done = 0, len;
    struct vma *vma;

    rw_lock_read(&mm->lock);
    for (vma = vma_find(&mm->vmas, *cursor); vma; vma = vma_next(vma)) {
        len = mm_maps_line(mm, vma, buf + done, size - done, done > 0);
        if (len == 0)
            break;
        done += len;
        *cursor = vma->end;
    }
    rw_unlock_read(&mm->lock);
    return done;
}
