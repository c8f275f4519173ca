/*
 * What uname(2), /proc/version and /proc/sys/kernel say of this kernel. Programs read the release:
 * glibc refuses a kernel older than it was built for (elf/dl-sysdep.c, "kernel too old"), so it is
 * the Linux release whose ABI this kernel follows, with our own name behind it.
 */
#pragma once

#define UTS_SYSNAME    "Linux"
#define UTS_NODENAME   "fathom"
#define UTS_RELEASE    "6.12.0-fathom"
#define UTS_VERSION    "#1 SMP Fathom"
#define UTS_MACHINE    "riscv64"
#define UTS_DOMAINNAME "(none)"
