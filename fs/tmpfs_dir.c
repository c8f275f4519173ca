/*
 * Directories of tmpfs: see fs/tmpfs_dir.h. Two trees over the same entries, so that finding,
 * adding, removing and going on with a listing each cost O(log n).
 *
 * Lock order: the directory's inode->lock; nothing is taken inside that.
 */
#include "fs/tmpfs_dir.h"

#include "fs/pseudo.h"
#include "lib/assert.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/alloc/kmalloc.h"

static struct tmpfs_entry *name_entry(struct rb_node *node)
{
    return rb_entry(node, struct tmpfs_entry, name_node);
}

static struct tmpfs_entry *pos_entry(struct rb_node *node)
{
    return rb_entry(node, struct tmpfs_entry, pos_node);
}

struct tmpfs_dir *tmpfs_dir_alloc(void)
{
    struct tmpfs_dir *dir = kmalloc(sizeof(*dir), 0);

    if (!dir)
        return NULL;
    rb_init(&dir->by_name);
    rb_init(&dir->by_pos);
    dir->next_pos = PSEUDO_DOTS;
    return dir;
}

bool tmpfs_dir_empty(const struct tmpfs_dir *dir)
{
    return rb_empty(&dir->by_name);
}

static int name_compare(const char *name, size_t len, const struct tmpfs_entry *entry)
{
    int order = memcmp(name, entry->name, MIN(len, entry->len));

    return order ? order : (len > entry->len) - (len < entry->len);
}

/* Where the name hangs in the tree, or would: *link is what points there. */
static struct rb_node **name_place(struct tmpfs_dir *dir, const char *name, size_t len,
                                   struct rb_node **parent)
{
    struct rb_node **link = &dir->by_name.node;
    int order;

    *parent = NULL;
    while (*link && (order = name_compare(name, len, name_entry(*link)))) {
        *parent = *link;
        link = order < 0 ? &(*link)->left : &(*link)->right;
    }
    return link;
}

struct tmpfs_entry *tmpfs_dir_find(struct tmpfs_dir *dir, const char *name, size_t len)
{
    struct rb_node *parent, *node = *name_place(dir, name, len, &parent);

    return node ? name_entry(node) : NULL;
}

int tmpfs_dir_add(struct tmpfs_dir *dir, const char *name, size_t len, struct inode *inode)
{
    struct tmpfs_entry *entry = kmalloc(sizeof(*entry) + len, 0);
    struct rb_node **link, *parent;

    if (!entry)
        return -ENOMEM;
    memcpy(entry->name, name, len);
    entry->len = len;
    entry->inode = inode;
    entry->pos = dir->next_pos++;
    link = name_place(dir, name, len, &parent);
    assert(!*link);
    rb_insert(&dir->by_name, &entry->name_node, parent, link, NULL);
    parent = rb_last(&dir->by_pos);
    link = parent ? &parent->right : &dir->by_pos.node;
    rb_insert(&dir->by_pos, &entry->pos_node, parent, link, NULL);
    return 0;
}

struct inode *tmpfs_dir_remove(struct tmpfs_dir *dir, struct tmpfs_entry *entry)
{
    struct inode *inode = entry->inode;

    rb_erase(&dir->by_name, &entry->name_node, NULL);
    rb_erase(&dir->by_pos, &entry->pos_node, NULL);
    kmfree(entry);
    return inode;
}

/* The first entry at or after pos, or NULL. */
static struct tmpfs_entry *entry_from(const struct tmpfs_dir *dir, uint64_t pos)
{
    struct rb_node *node = dir->by_pos.node;
    struct tmpfs_entry *best = NULL;

    while (node) {
        struct tmpfs_entry *entry = pos_entry(node);

        if (entry->pos >= pos)
            best = entry;
        node = entry->pos >= pos ? node->left : node->right;
    }
    return best;
}

static void emit_entries(const struct tmpfs_dir *dir, struct dir_emit *emit, uint64_t *pos)
{
    struct tmpfs_entry *entry = entry_from(dir, *pos);

    while (entry) {
        struct rb_node *next = rb_next(&entry->pos_node);
        struct dir_entry out = {entry->name, entry->len, entry->inode->ino,
                                mode_to_d_type(entry->inode->mode), entry->pos + 1};

        if (!emit->emit(emit, &out))
            return;
        *pos = entry->pos + 1;
        entry = next ? pos_entry(next) : NULL;
    }
}

static int dir_readdir(struct file *file, struct dir_emit *emit, uint64_t *pos)
{
    struct dentry *above = dentry_get_parent(file->dentry);
    struct inode *inode = file->inode;

    if (pseudo_emit_dots(emit, inode->ino, above->inode->ino, pos)) {
        mutex_lock(&inode->lock);
        emit_entries(inode->private, emit, pos);
        mutex_unlock(&inode->lock);
    }
    dentry_put(above);
    return 0;
}

const struct file_ops tmpfs_dir_file_ops = {.readdir = dir_readdir};

static bool name_less(const struct rb_node *a, const struct rb_node *b)
{
    const struct tmpfs_entry *one = name_entry((struct rb_node *)a);

    return name_compare(one->name, one->len, name_entry((struct rb_node *)b)) < 0;
}

static bool pos_less(const struct rb_node *a, const struct rb_node *b)
{
    return pos_entry((struct rb_node *)a)->pos < pos_entry((struct rb_node *)b)->pos;
}

void tmpfs_dir_check(const struct tmpfs_dir *dir)
{
    size_t names = 0, positions = 0;

    rb_check(&dir->by_name, name_less);
    rb_check(&dir->by_pos, pos_less);
    for (struct rb_node *node = rb_first(&dir->by_name); node; node = rb_next(node)) {
        assert(name_entry(node)->inode->nlink > 0 && name_entry(node)->pos < dir->next_pos);
        names++;
    }
    for (struct rb_node *node = rb_first(&dir->by_pos); node; node = rb_next(node))
        positions++;
    assert(names == positions);
}
