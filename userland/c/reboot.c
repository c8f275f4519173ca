/*
 * reboot.c - starts the machine anew.
 *
 * What files still have in memory goes to the disk first (sync); then reboot(2) with
 * RB_AUTOBOOT, which only the superuser may call and which does not return if it works.
 */
#include "userland/c/lib/program.h"

#include <sys/reboot.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    program_begin(argv, "reboot");
    if (argc > 1)
        program_usage(2, "reboot");
    sync();
    reboot(RB_AUTOBOOT);
    program_die(1, "reboot");
}
