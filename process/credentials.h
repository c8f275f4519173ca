/*
 * User and group ids: the rules of setuid(2), setreuid(2), setresuid(2), setfsuid(2), their group
 * twins, and setgroups(2). credentials(7). Pure logic on one struct credentials.
 */
#pragma once

#include "sched/task.h"

#define ID_UNCHANGED 0xffffffffu /* (uid_t)-1 */

/* One family of ids, user's or group's, so that one rule serves both. */
struct id_set {
    uint32_t *real, *effective, *saved, *fs;
};

struct id_set credentials_uids(struct credentials *cred);
struct id_set credentials_gids(struct credentials *cred);

/* Whether these credentials may do what only the superuser may. */
bool credentials_are_super(const struct credentials *cred);

/* Each: 0, -EPERM or -EINVAL; super: the caller is the superuser. */
int id_set_one(struct id_set ids, bool super, uint32_t id);                       /* setuid */
int id_set_two(struct id_set ids, bool super, uint32_t real, uint32_t effective); /* setreuid */
int id_set_three(struct id_set ids, bool super, const uint32_t id[static 3]);     /* setresuid */
uint32_t id_set_fs(struct id_set ids, bool super, uint32_t id); /* setfsuid: the old one */
