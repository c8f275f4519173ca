/* Writes of up to PIPE_BUF bytes are not interleaved, however many write and however full the pipe
 * is. */
#include "check.h"

#include <limits.h>

#define WRITERS 6
#define ROUNDS  200
#define RECORD  1000 /* does not divide PIPE_BUF, nor the pipe */

_Static_assert(RECORD <= PIPE_BUF, "small enough to be atomic");

static int ends[2];

static void writer(void *number)
{
    char record[RECORD];

    memset(record, 'a' + (int)(intptr_t)number, sizeof(record));
    for (int i = 0; i < ROUNDS; i++)
        CHECK_EQ(write(ends[1], record, sizeof(record)), RECORD);
}

static void record_read(char *record)
{
    size_t have = 0;
    ssize_t n;

    while (have < RECORD) {
        n = REQUIRE(read(ends[0], record + have, RECORD - have));
        if (n == 0) {
            CHECK_FAILED("early end");
            _exit(1);
        }
        have += n;
    }
}

int main(void)
{
    int counts[WRITERS] = {0};
    pid_t children[WRITERS];
    char record[RECORD];

    CHECK_OK(pipe(ends));
    for (int i = 0; i < WRITERS; i++)
        children[i] = child_start(writer, (void *)(intptr_t)i);
    for (int i = 0; i < WRITERS * ROUNDS; i++) {
        record_read(record);
        CHECK_EQ(byte_mismatch(record, RECORD, record[0]), -1);
        if (record[0] >= 'a' && record[0] < 'a' + WRITERS)
            counts[record[0] - 'a']++;
        if (i % 100 == 0)
            milliseconds_sleep(1);
    }
    for (int i = 0; i < WRITERS; i++) {
        CHECK_EXIT(child_wait(children[i]), 0);
        CHECK_EQ(counts[i], ROUNDS);
    }
    return check_end();
}
