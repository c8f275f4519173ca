/*
 * The system calls: the one list from which the prototypes, the dispatcher and docs/syscalls.md
 * (tools/gen-syscalls) are made.
 *
 *     X(number, name, handler, when interrupted, count, (kind of each argument))
 *
 * Numbers and arguments: Linux, include/uapi/asm-generic/unistd.h as riscv64 has it. What is ours:
 * `mmap` answers to 9 as well (Linux's lgetxattr), and from SYSCALL_PRIVATE on are calls for
 * looking inside (syscall/sys_debug.c). A number that is not here is -ENOSYS.
 *
 * When a signal interrupts it (signal(7)): NEVER is EINTR; RESTART is made again if the handler has
 * SA_RESTART; NOHAND is made again only if no handler ran.
 *
 * A call with six arguments gets them as struct syscall_args.
 */
#pragma once

#include "lib/types.h"

#define SYSCALL_ARGS_MAX 6

/* Linux has no number as high; its table ends below SYSCALL_LINUX_END. */
#define SYSCALL_LINUX_END   512
#define SYSCALL_PRIVATE     0x1000
#define SYSCALL_PRIVATE_END 0x1002

/* The argument registers as the program left them: a0 … a5. */
struct syscall_args {
    uint64_t a[SYSCALL_ARGS_MAX];
};

/* Kinds of argument, each with the C type that a handler gets. */
#define SYSCALL_KINDS(K)                                                                           \
    K(FD, int)            /* descriptor */                                                         \
    K(DIRFD, int)         /* descriptor of a directory, or AT_FDCWD */                             \
    K(INT, int)           /* number, decimal */                                                    \
    K(LONG, int64_t)      /* the same, 64 bits */                                                  \
    K(ULONG, uint64_t)    /* hexadecimal */                                                        \
    K(CMD, unsigned)      /* what to do: ioctl, fcntl, futex … */                                \
    K(FLAGS, unsigned)    /* bits */                                                               \
    K(OFLAGS, unsigned)   /* O_* */                                                                \
    K(PROT, unsigned)     /* PROT_* */                                                             \
    K(MAPFLAGS, unsigned) /* MAP_* */                                                              \
    K(MODE, mode_t)       /* octal */                                                              \
    K(ADDR, vaddr_t)      /* an address */                                                         \
    K(PATH, vaddr_t)      /* address of a name */                                                  \
    K(STRINGS, vaddr_t)   /* address of a list of strings */                                       \
    K(BUF_IN, vaddr_t)    /* address of bytes that are read; the next argument says how many */    \
    K(BUF_OUT, vaddr_t)   /* address of bytes that are written; likewise */                        \
    K(STRUCT, vaddr_t)    /* address of a structure */                                             \
    K(LEN, size_t)        /* bytes */                                                              \
    K(OFFSET, int64_t)    /* in a file */                                                          \
    K(PID, pid_t)                                                                                  \
    K(ID, uint32_t) /* user or group */                                                            \
    K(SIG, int)

#define SYSCALL_TABLE(X)                                                                           \
    X(9, mmap, mmap9, NEVER, 6, (ADDR, LEN, PROT, MAPFLAGS, FD, OFFSET))                           \
    X(17, getcwd, getcwd, NEVER, 2, (BUF_OUT, LEN))                                                \
    X(23, dup, dup, NEVER, 1, (FD))                                                                \
    X(24, dup3, dup3, NEVER, 3, (FD, FD, OFLAGS))                                                  \
    X(25, fcntl, fcntl, NEVER, 3, (FD, CMD, ULONG))                                                \
    X(29, ioctl, ioctl, RESTART, 3, (FD, CMD, ULONG))                                              \
    X(33, mknodat, mknodat, NEVER, 4, (DIRFD, PATH, MODE, ULONG))                                  \
    X(34, mkdirat, mkdirat, NEVER, 3, (DIRFD, PATH, MODE))                                         \
    X(35, unlinkat, unlinkat, NEVER, 3, (DIRFD, PATH, FLAGS))                                      \
    X(36, symlinkat, symlinkat, NEVER, 3, (PATH, DIRFD, PATH))                                     \
    X(37, linkat, linkat, NEVER, 5, (DIRFD, PATH, DIRFD, PATH, FLAGS))                             \
    X(43, statfs, statfs, NEVER, 2, (PATH, STRUCT))                                                \
    X(44, fstatfs, fstatfs, NEVER, 2, (FD, STRUCT))                                                \
    X(45, truncate, truncate, NEVER, 2, (PATH, OFFSET))                                            \
    X(46, ftruncate, ftruncate, NEVER, 2, (FD, OFFSET))                                            \
    X(48, faccessat, faccessat, NEVER, 3, (DIRFD, PATH, FLAGS))                                    \
    X(49, chdir, chdir, NEVER, 1, (PATH))                                                          \
    X(50, fchdir, fchdir, NEVER, 1, (FD))                                                          \
    X(52, fchmod, fchmod, NEVER, 2, (FD, MODE))                                                    \
    X(53, fchmodat, fchmodat, NEVER, 3, (DIRFD, PATH, MODE))                                       \
    X(54, fchownat, fchownat, NEVER, 5, (DIRFD, PATH, ID, ID, FLAGS))                              \
    X(55, fchown, fchown, NEVER, 3, (FD, ID, ID))                                                  \
    X(56, openat, openat, RESTART, 4, (DIRFD, PATH, OFLAGS, MODE))                                 \
    X(57, close, close, NEVER, 1, (FD))                                                            \
    X(59, pipe2, pipe2, NEVER, 2, (STRUCT, OFLAGS))                                                \
    X(61, getdents64, getdents64, NEVER, 3, (FD, BUF_OUT, LEN))                                    \
    X(62, lseek, lseek, NEVER, 3, (FD, OFFSET, INT))                                               \
    X(63, read, read, RESTART, 3, (FD, BUF_OUT, LEN))                                              \
    X(64, write, write, RESTART, 3, (FD, BUF_IN, LEN))                                             \
    X(65, readv, readv, RESTART, 3, (FD, STRUCT, INT))                                             \
    X(66, writev, writev, RESTART, 3, (FD, STRUCT, INT))                                           \
    X(67, pread64, pread64, RESTART, 4, (FD, BUF_OUT, LEN, OFFSET))                                \
    X(68, pwrite64, pwrite64, RESTART, 4, (FD, BUF_IN, LEN, OFFSET))                               \
    X(69, preadv, preadv, RESTART, 4, (FD, STRUCT, INT, OFFSET))                                   \
    X(70, pwritev, pwritev, RESTART, 4, (FD, STRUCT, INT, OFFSET))                                 \
    X(71, sendfile, sendfile, RESTART, 4, (FD, FD, STRUCT, LEN))                                   \
    X(72, pselect6, pselect6, NOHAND, 6, (INT, STRUCT, STRUCT, STRUCT, STRUCT, STRUCT))            \
    X(73, ppoll, ppoll, NOHAND, 5, (STRUCT, LEN, STRUCT, STRUCT, LEN))                             \
    X(78, readlinkat, readlinkat, NEVER, 4, (DIRFD, PATH, BUF_OUT, INT))                           \
    X(79, newfstatat, newfstatat, NEVER, 4, (DIRFD, PATH, STRUCT, FLAGS))                          \
    X(80, fstat, fstat, NEVER, 2, (FD, STRUCT))                                                    \
    X(81, sync, sync, NEVER, 0, ())                                                                \
    X(82, fsync, fsync, NEVER, 1, (FD))                                                            \
    X(83, fdatasync, fsync, NEVER, 1, (FD))                                                        \
    X(88, utimensat, utimensat, NEVER, 4, (DIRFD, PATH, STRUCT, FLAGS))                            \
    X(93, exit, exit, NEVER, 1, (INT))                                                             \
    X(94, exit_group, exit_group, NEVER, 1, (INT))                                                 \
    X(95, waitid, waitid, RESTART, 5, (INT, PID, STRUCT, FLAGS, STRUCT))                           \
    X(96, set_tid_address, set_tid_address, NEVER, 1, (ADDR))                                      \
    X(98, futex, futex, NEVER, 6, (ADDR, CMD, INT, STRUCT, ADDR, INT))                             \
    X(99, set_robust_list, set_robust_list, NEVER, 2, (ADDR, LEN))                                 \
    X(100, get_robust_list, get_robust_list, NEVER, 3, (PID, STRUCT, STRUCT))                      \
    X(101, nanosleep, nanosleep, NEVER, 2, (STRUCT, STRUCT))                                       \
    X(113, clock_gettime, clock_gettime, NEVER, 2, (INT, STRUCT))                                  \
    X(114, clock_getres, clock_getres, NEVER, 2, (INT, STRUCT))                                    \
    X(115, clock_nanosleep, clock_nanosleep, NEVER, 4, (INT, FLAGS, STRUCT, STRUCT))               \
    X(122, sched_setaffinity, sched_setaffinity, NEVER, 3, (PID, LEN, STRUCT))                     \
    X(123, sched_getaffinity, sched_getaffinity, NEVER, 3, (PID, LEN, STRUCT))                     \
    X(124, sched_yield, sched_yield, NEVER, 0, ())                                                 \
    X(129, kill, kill, NEVER, 2, (PID, SIG))                                                       \
    X(130, tkill, tkill, NEVER, 2, (PID, SIG))                                                     \
    X(131, tgkill, tgkill, NEVER, 3, (PID, PID, SIG))                                              \
    X(132, sigaltstack, sigaltstack, NEVER, 2, (STRUCT, STRUCT))                                   \
    X(133, rt_sigsuspend, rt_sigsuspend, NOHAND, 2, (STRUCT, LEN))                                 \
    X(134, rt_sigaction, rt_sigaction, NEVER, 4, (SIG, STRUCT, STRUCT, LEN))                       \
    X(135, rt_sigprocmask, rt_sigprocmask, NEVER, 4, (INT, STRUCT, STRUCT, LEN))                   \
    X(136, rt_sigpending, rt_sigpending, NEVER, 2, (STRUCT, LEN))                                  \
    X(137, rt_sigtimedwait, rt_sigtimedwait, NEVER, 4, (STRUCT, STRUCT, STRUCT, LEN))              \
    X(138, rt_sigqueueinfo, rt_sigqueueinfo, NEVER, 3, (PID, SIG, STRUCT))                         \
    X(139, rt_sigreturn, rt_sigreturn, NEVER, 0, ())                                               \
    X(142, reboot, reboot, NEVER, 3, (ULONG, ULONG, CMD))                                          \
    X(143, setregid, setregid, NEVER, 2, (ID, ID))                                                 \
    X(144, setgid, setgid, NEVER, 1, (ID))                                                         \
    X(145, setreuid, setreuid, NEVER, 2, (ID, ID))                                                 \
    X(146, setuid, setuid, NEVER, 1, (ID))                                                         \
    X(147, setresuid, setresuid, NEVER, 3, (ID, ID, ID))                                           \
    X(148, getresuid, getresuid, NEVER, 3, (STRUCT, STRUCT, STRUCT))                               \
    X(149, setresgid, setresgid, NEVER, 3, (ID, ID, ID))                                           \
    X(150, getresgid, getresgid, NEVER, 3, (STRUCT, STRUCT, STRUCT))                               \
    X(151, setfsuid, setfsuid, NEVER, 1, (ID))                                                     \
    X(152, setfsgid, setfsgid, NEVER, 1, (ID))                                                     \
    X(153, times, times, NEVER, 1, (STRUCT))                                                       \
    X(154, setpgid, setpgid, NEVER, 2, (PID, PID))                                                 \
    X(155, getpgid, getpgid, NEVER, 1, (PID))                                                      \
    X(156, getsid, getsid, NEVER, 1, (PID))                                                        \
    X(157, setsid, setsid, NEVER, 0, ())                                                           \
    X(158, getgroups, getgroups, NEVER, 2, (INT, STRUCT))                                          \
    X(159, setgroups, setgroups, NEVER, 2, (INT, STRUCT))                                          \
    X(160, uname, uname, NEVER, 1, (STRUCT))                                                       \
    X(163, getrlimit, getrlimit, NEVER, 2, (INT, STRUCT))                                          \
    X(164, setrlimit, setrlimit, NEVER, 2, (INT, STRUCT))                                          \
    X(165, getrusage, getrusage, NEVER, 2, (INT, STRUCT))                                          \
    X(166, umask, umask, NEVER, 1, (MODE))                                                         \
    X(167, prctl, prctl, NEVER, 2, (CMD, ULONG))                                                   \
    X(168, getcpu, getcpu, NEVER, 2, (STRUCT, STRUCT))                                             \
    X(169, gettimeofday, gettimeofday, NEVER, 2, (STRUCT, STRUCT))                                 \
    X(172, getpid, getpid, NEVER, 0, ())                                                           \
    X(173, getppid, getppid, NEVER, 0, ())                                                         \
    X(174, getuid, getuid, NEVER, 0, ())                                                           \
    X(175, geteuid, geteuid, NEVER, 0, ())                                                         \
    X(176, getgid, getgid, NEVER, 0, ())                                                           \
    X(177, getegid, getegid, NEVER, 0, ())                                                         \
    X(178, gettid, gettid, NEVER, 0, ())                                                           \
    X(179, sysinfo, sysinfo, NEVER, 1, (STRUCT))                                                   \
    X(214, brk, brk, NEVER, 1, (ADDR))                                                             \
    X(215, munmap, munmap, NEVER, 2, (ADDR, LEN))                                                  \
    X(220, clone, clone, NEVER, 5, (ULONG, ADDR, ADDR, ULONG, ADDR))                               \
    X(221, execve, execve, NEVER, 3, (PATH, STRINGS, STRINGS))                                     \
    X(222, mmap, mmap, NEVER, 6, (ADDR, LEN, PROT, MAPFLAGS, FD, OFFSET))                          \
    X(223, fadvise64, fadvise64, NEVER, 4, (FD, OFFSET, LEN, INT))                                 \
    X(226, mprotect, mprotect, NEVER, 3, (ADDR, LEN, PROT))                                        \
    X(227, msync, msync, NEVER, 3, (ADDR, LEN, FLAGS))                                             \
    X(233, madvise, madvise, NEVER, 3, (ADDR, LEN, INT))                                           \
    X(240, rt_tgsigqueueinfo, rt_tgsigqueueinfo, NEVER, 4, (PID, PID, SIG, STRUCT))                \
    X(258, riscv_hwprobe, riscv_hwprobe, NEVER, 5, (STRUCT, LEN, LEN, STRUCT, FLAGS))              \
    X(259, riscv_flush_icache, riscv_flush_icache, NEVER, 3, (ADDR, ADDR, ULONG))                  \
    X(260, wait4, wait4, RESTART, 4, (PID, STRUCT, FLAGS, STRUCT))                                 \
    X(261, prlimit64, prlimit64, NEVER, 4, (PID, INT, STRUCT, STRUCT))                             \
    X(267, syncfs, fsync, NEVER, 1, (FD))                                                          \
    X(276, renameat2, renameat2, NEVER, 5, (DIRFD, PATH, DIRFD, PATH, FLAGS))                      \
    X(278, getrandom, getrandom, NEVER, 3, (BUF_OUT, LEN, FLAGS))                                  \
    X(281, execveat, execveat, NEVER, 5, (DIRFD, PATH, STRINGS, STRINGS, FLAGS))                   \
    X(291, statx, statx, NEVER, 5, (DIRFD, PATH, FLAGS, FLAGS, STRUCT))                            \
    X(435, clone3, clone3, NEVER, 2, (STRUCT, LEN))                                                \
    X(436, close_range, close_range, NEVER, 3, (FLAGS, FLAGS, FLAGS))                              \
    X(439, faccessat2, faccessat2, NEVER, 4, (DIRFD, PATH, FLAGS, FLAGS))                          \
    X(452, fchmodat2, fchmodat2, NEVER, 4, (DIRFD, PATH, MODE, FLAGS))                             \
    X(4096, debug_trace, debug_trace, NEVER, 1, (FD))                                              \
    X(4097, debug_pte, debug_pte, NEVER, 3, (PID, ADDR, STRUCT))

enum syscall_kind {
#define SYSCALL_KIND_NAME(kind, type) SYSCALL_KIND_##kind,
    SYSCALL_KINDS(SYSCALL_KIND_NAME)
#undef SYSCALL_KIND_NAME
};

enum syscall_restart { SYSCALL_NEVER, SYSCALL_RESTART, SYSCALL_NOHAND };
