/* /proc/PID/stat, statm, status and limits: proc(5). show functions of proc_entry. */
#pragma once

#include "fs/proc_entry.h"

int proc_show_stat(struct seq *seq, pid_t pid);
int proc_show_statm(struct seq *seq, pid_t pid);
int proc_show_status(struct seq *seq, pid_t pid);
int proc_show_limits(struct seq *seq, pid_t pid);
