/* POSIX threads: results, ids, locks, conditions, thread-local data, exit of one and of all, fork
 * and exec among them. */
#include "check.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static long counter, items, consumed;
static __thread int own = 5;

static void *add_up(void *number)
{
    CHECK_EQ(own, 5);
    own = (int)(long)number;
    for (int i = 0; i < 2000; i++) {
        pthread_mutex_lock(&lock);
        counter++;
        pthread_mutex_unlock(&lock);
    }
    CHECK_EQ(own, (long)number);
    CHECK(syscall(SYS_gettid) != getpid());
    return (void *)((long)number * 2);
}

static void results_and_locks(void)
{
    pthread_t threads[10];
    void *result;

    for (long i = 0; i < 10; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, add_up, (void *)i), 0);
    for (long i = 0; i < 10; i++) {
        CHECK_EQ(pthread_join(threads[i], &result), 0);
        CHECK_EQ(result, i * 2);
    }
    CHECK_EQ(counter, 20000);
    CHECK_EQ(own, 5);
}

static void *consumer(void *unused)
{
    pthread_mutex_lock(&lock);
    while (consumed < 1000) {
        while (items == 0 && consumed < 1000)
            pthread_cond_wait(&changed, &lock);
        if (items > 0) {
            items--;
            consumed++;
        }
        pthread_cond_broadcast(&changed);
    }
    pthread_mutex_unlock(&lock);
    return unused;
}

static void conditions(void)
{
    pthread_t threads[3];

    for (int i = 0; i < 3; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, consumer, NULL), 0);
    for (int i = 0; i < 1000; i++) {
        pthread_mutex_lock(&lock);
        while (items > 5)
            pthread_cond_wait(&changed, &lock);
        items++;
        pthread_cond_signal(&changed);
        pthread_mutex_unlock(&lock);
    }
    for (int i = 0; i < 3; i++)
        CHECK_EQ(pthread_join(threads[i], NULL), 0);
    CHECK_EQ(consumed, 1000);
}

static void timed_waits_end(void)
{
    struct timespec end;
    sem_t none;

    sem_init(&none, 0, 0);
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_nsec += 30000000;
    end.tv_sec += end.tv_nsec / 1000000000;
    end.tv_nsec %= 1000000000;
    CHECK_ERR(sem_timedwait(&none, &end), ETIMEDOUT);
}

static void *sleep_long(void *unused)
{
    for (;;)
        milliseconds_sleep(10000);
    return unused;
}

static void *exit_all(void *unused)
{
    milliseconds_sleep(20);
    exit(33);
    return unused;
}

static void *exec_from_thread(void *unused)
{
    milliseconds_sleep(20);
    execl("/bin/sh", "sh", "-c", "exit 34", NULL);
    return unused;
}

static void *fault(void *unused)
{
    touch_store(NULL);
    return unused;
}

/* Three sleeping threads and one that does the work. */
static void among_threads(void *work)
{
    pthread_t thread;

    for (int i = 0; i < 3; i++)
        pthread_create(&thread, NULL, sleep_long, NULL);
    pthread_create(&thread, NULL, (void *(*)(void *))work, NULL);
    pthread_join(thread, NULL);
}

/* The first thread ends; the process lives until the last does, with its status. */
static void main_leaves_first(void *unused)
{
    pthread_t thread;

    (void)unused;
    pthread_create(&thread, NULL, exit_all, NULL);
    pthread_exit(NULL);
}

static void *fork_from_thread(void *unused)
{
    pid_t child = fork();

    if (child == 0) {
        CHECK_EQ(syscall(SYS_gettid), getpid()); /* the child has this thread only */
        child_end();
    }
    CHECK_EXIT(child_wait(child), 0);
    return unused;
}

int main(void)
{
    pthread_t thread;

    results_and_locks();
    conditions();
    timed_waits_end();
    CHECK_EXIT(child_run(among_threads, exit_all), 33);
    CHECK_EXIT(child_run(among_threads, exec_from_thread), 34);
    CHECK_KILLED(child_run(among_threads, fault), SIGSEGV);
    CHECK_EXIT(child_run(main_leaves_first, NULL), 33);
    CHECK_EQ(pthread_create(&thread, NULL, fork_from_thread, NULL), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    return check_end();
}
