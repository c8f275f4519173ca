/*
 * System calls on user and group ids. Each change is made on a copy and put in place whole.
 */
#include "process/credentials.h"
#include "syscall/prototypes.h"
#include "syscall/user_copy.h"

static struct credentials *cred(void)
{
    return &current_task()->process->cred;
}

int64_t sys_getuid(void)
{
    return cred()->uid;
}

int64_t sys_geteuid(void)
{
    return cred()->euid;
}

int64_t sys_getgid(void)
{
    return cred()->gid;
}

int64_t sys_getegid(void)
{
    return cred()->egid;
}

static bool super(void)
{
    return credentials_are_super(cred());
}

int64_t sys_setuid(uint32_t uid)
{
    return id_set_one(credentials_uids(cred()), super(), uid);
}

int64_t sys_setgid(uint32_t gid)
{
    return id_set_one(credentials_gids(cred()), super(), gid);
}

int64_t sys_setreuid(uint32_t uid, uint32_t euid)
{
    return id_set_two(credentials_uids(cred()), super(), uid, euid);
}

int64_t sys_setregid(uint32_t gid, uint32_t egid)
{
    return id_set_two(credentials_gids(cred()), super(), gid, egid);
}

int64_t sys_setresuid(uint32_t uid, uint32_t euid, uint32_t suid)
{
    const uint32_t ids[3] = {uid, euid, suid};

    return id_set_three(credentials_uids(cred()), super(), ids);
}

int64_t sys_setresgid(uint32_t gid, uint32_t egid, uint32_t sgid)
{
    const uint32_t ids[3] = {gid, egid, sgid};

    return id_set_three(credentials_gids(cred()), super(), ids);
}

int64_t sys_setfsuid(uint32_t uid)
{
    return id_set_fs(credentials_uids(cred()), super(), uid);
}

int64_t sys_setfsgid(uint32_t gid)
{
    return id_set_fs(credentials_gids(cred()), super(), gid);
}

static int64_t put_three(struct id_set ids, vaddr_t real, vaddr_t effective, vaddr_t saved)
{
    if (user_put(real, ids.real, sizeof(uint32_t)) ||
        user_put(effective, ids.effective, sizeof(uint32_t)))
        return -EFAULT;
    return user_put(saved, ids.saved, sizeof(uint32_t));
}

int64_t sys_getresuid(vaddr_t uid, vaddr_t euid, vaddr_t suid)
{
    return put_three(credentials_uids(cred()), uid, euid, suid);
}

int64_t sys_getresgid(vaddr_t gid, vaddr_t egid, vaddr_t sgid)
{
    return put_three(credentials_gids(cred()), gid, egid, sgid);
}

int64_t sys_getgroups(int size, vaddr_t list)
{
    unsigned count = cred()->group_count;

    if (size < 0 || (size > 0 && (unsigned)size < count))
        return -EINVAL;
    if (size > 0 && user_put(list, cred()->groups, count * sizeof(gid_t)))
        return -EFAULT;
    return count;
}

int64_t sys_setgroups(int size, vaddr_t list)
{
    gid_t groups[GROUPS_MAX];

    if (!super())
        return -EPERM;
    if (size < 0 || size > GROUPS_MAX)
        return -EINVAL;
    if (user_get(groups, list, (size_t)size * sizeof(gid_t)))
        return -EFAULT;
    for (int i = 0; i < size; i++)
        cred()->groups[i] = groups[i];
    cred()->group_count = (unsigned)size;
    return 0;
}
