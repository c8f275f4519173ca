/*
 * Threads share one address space on several harts: what one unmaps or protects, another can no
 * longer use, at once (the translations that other harts hold are thrown away), and what one writes
 * another reads.
 */
#include "check.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdatomic.h>

#define ROUNDS 300

static char *volatile area;
static atomic_int turn, wrong;
static __thread sigjmp_buf back;
static __thread volatile int expecting;

static void on_fault(int number)
{
    (void)number;
    if (!expecting)
        _exit(55);
    siglongjmp(back, 1);
}

/* Whether a store to the page gets through. */
static bool can_store(char *page)
{
    bool went = false;

    expecting = 1;
    if (!sigsetjmp(back, 1)) {
        *(volatile char *)page = 1;
        went = true;
    }
    expecting = 0;
    return went;
}

static void wait_for(int value)
{
    while (atomic_load(&turn) < value)
        sched_yield();
}

/* Warms its hart's TLB with a store, then after the other's change must not get through. */
static void *storer(void *unused)
{
    for (int round = 0; round < ROUNDS; round++) {
        wait_for(4 * round + 1);
        if (!can_store(area))
            atomic_fetch_add(&wrong, 1);
        atomic_store(&turn, 4 * round + 2);
        while (atomic_load(&turn) < 4 * round + 3)
            ; /* stays on its hart */
        if (can_store(area))
            atomic_fetch_add(&wrong, 1000);
        atomic_store(&turn, 4 * round + 4);
    }
    return unused;
}

static void changes_reach_other_harts(void)
{
    pthread_t thread;

    signal(SIGSEGV, on_fault);
    CHECK_EQ(pthread_create(&thread, NULL, storer, NULL), 0);
    for (int round = 0; round < ROUNDS; round++) {
        wait_for(4 * round);
        area = pages_map(1);
        atomic_store(&turn, 4 * round + 1);
        wait_for(4 * round + 2);
        if (round % 2)
            CHECK_OK(munmap(area, PAGE));
        else
            CHECK_OK(mprotect(area, PAGE, PROT_READ));
        atomic_store(&turn, 4 * round + 3);
        wait_for(4 * round + 4);
        munmap(area, PAGE);
    }
    CHECK_EQ(pthread_join(thread, NULL), 0);
    CHECK_EQ(atomic_load(&wrong), 0);
}

static char *many;

static void *toucher(void *number)
{
    for (int page = 0; page < 256; page++)
        many[page * PAGE + (long)number] = (long)number + 1;
    return NULL;
}

/* All touch the same fresh pages at once: each page comes into being once, no store is lost. */
static void faults_on_the_same_pages(void)
{
    pthread_t threads[8];

    for (int round = 0; round < 10; round++) {
        many = pages_map(256);
        for (long i = 0; i < 8; i++)
            CHECK_EQ(pthread_create(&threads[i], NULL, toucher, (void *)i), 0);
        for (int i = 0; i < 8; i++)
            CHECK_EQ(pthread_join(threads[i], NULL), 0);
        for (int page = 0; page < 256; page++)
            for (int i = 0; i < 8; i++)
                CHECK_EQ(many[page * PAGE + i], i + 1);
        CHECK_OK(munmap(many, 256 * PAGE));
    }
}

static void *mapper(void *number)
{
    char *mine;

    for (int round = 0; round < 200; round++) {
        mine = mmap(NULL, 4 * PAGE, RW, ANON, -1, 0);
        if (mine == MAP_FAILED || mine[PAGE] != 0)
            atomic_fetch_add(&wrong, 1);
        memset(mine, (int)(long)number, 4 * PAGE);
        if (byte_mismatch(mine, 4 * PAGE, (long)number) != -1 || munmap(mine, 4 * PAGE))
            atomic_fetch_add(&wrong, 1);
    }
    return NULL;
}

/* All map and unmap at once; nobody is given what another has. */
static void mapping_at_once(void)
{
    pthread_t threads[6];

    for (long i = 0; i < 6; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, mapper, (void *)(i + 1)), 0);
    for (int i = 0; i < 6; i++)
        CHECK_EQ(pthread_join(threads[i], NULL), 0);
    CHECK_EQ(atomic_load(&wrong), 0);
}

int main(void)
{
    changes_reach_other_harts();
    faults_on_the_same_pages();
    mapping_at_once();
    return check_end();
}
