/*
 * What every file of this folder starts from: small programs that print what the kernel answered.
 *
 * CASE(name) { ... } defines one. The program /d/cases runs all of them, each in a process of its
 * own with only descriptors 0, 1 and 2, and says how each ended; diff.py compares what they print
 * under Fathom and under Linux, byte for byte. So a case prints nothing that may differ from run to
 * run: no time, no address and no process number but through say_address() and say_pid(), which
 * diff.py renames. /d holds what diff.py made to read. Nothing is buffered: what is printed before
 * a fork or a crash comes out once.
 */
#ifndef TESTS_DIFF_CASES_H
#define TESTS_DIFF_CASES_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096UL

struct test_case {
    const char *name;
    void (*run)(void);
};

/* The linker gathers the cases of all files in the section "cases", and names its ends. */
#define CASE(NAME)                                                                                 \
    static void case_##NAME(void);                                                                 \
    static const struct test_case entry_##NAME                                                     \
        __attribute__((section("cases"), used)) = {#NAME, case_##NAME};                            \
    static void case_##NAME(void)

/* A line: "WHAT: VALUE", or "WHAT: ENAME" when VALUE is -1; returns VALUE. */
long say(const char *what, long value);
/* "WHAT: exit N", "WHAT: signal N" and so on. */
void say_status(const char *what, int status);
/* A mark that is the same for the same process or address within one case, on any kernel. */
void say_pid(const char *what, pid_t pid);
void say_address(const char *what, const void *address);
/* "WHAT: LENGTH bytes" and a sum of them; the bytes too when they are few. */
void say_bytes(const char *what, const void *data, ssize_t length);
/* Runs WORK in a child, which exits with what it returns; prints how it ended. */
void say_child(const char *what, int (*work)(void));
/* Waits for PID; prints how it ended. */
void say_wait(const char *what, pid_t pid);
/* The child of a fork() for the caller, who has no use for a failure. */
pid_t must_fork(void);

#endif
