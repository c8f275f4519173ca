#include "process/credentials.h"

#include "lib/errno.h"

struct id_set credentials_uids(struct credentials *cred)
{
    return (struct id_set){&cred->uid, &cred->euid, &cred->suid, &cred->fsuid};
}

struct id_set credentials_gids(struct credentials *cred)
{
    return (struct id_set){&cred->gid, &cred->egid, &cred->sgid, &cred->fsgid};
}

bool credentials_are_super(const struct credentials *cred)
{
    return cred->euid == 0;
}

static bool is_one_of(struct id_set ids, uint32_t id)
{
    return id == *ids.real || id == *ids.effective || id == *ids.saved;
}

static void set_effective(struct id_set ids, uint32_t id)
{
    *ids.effective = id;
    *ids.fs = id;
}

int id_set_one(struct id_set ids, bool super, uint32_t id)
{
    if (id == ID_UNCHANGED)
        return -EINVAL;
    if (!super && id != *ids.real && id != *ids.saved)
        return -EPERM;
    if (super) {
        *ids.real = id;
        *ids.saved = id;
    }
    set_effective(ids, id);
    return 0;
}

int id_set_two(struct id_set ids, bool super, uint32_t real, uint32_t effective)
{
    bool save = real != ID_UNCHANGED || (effective != ID_UNCHANGED && effective != *ids.real);

    if (!super && real != ID_UNCHANGED && real != *ids.real && real != *ids.effective)
        return -EPERM;
    if (!super && effective != ID_UNCHANGED && !is_one_of(ids, effective))
        return -EPERM;
    if (real != ID_UNCHANGED)
        *ids.real = real;
    if (effective != ID_UNCHANGED)
        set_effective(ids, effective);
    if (save)
        *ids.saved = *ids.effective;
    return 0;
}

int id_set_three(struct id_set ids, bool super, const uint32_t id[static 3])
{
    for (size_t i = 0; i < 3; i++)
        if (!super && id[i] != ID_UNCHANGED && !is_one_of(ids, id[i]))
            return -EPERM;
    if (id[0] != ID_UNCHANGED)
        *ids.real = id[0];
    if (id[1] != ID_UNCHANGED)
        set_effective(ids, id[1]);
    if (id[2] != ID_UNCHANGED)
        *ids.saved = id[2];
    return 0;
}

uint32_t id_set_fs(struct id_set ids, bool super, uint32_t id)
{
    uint32_t old = *ids.fs;

    if (id != ID_UNCHANGED && (super || is_one_of(ids, id) || id == old))
        *ids.fs = id;
    return old;
}
