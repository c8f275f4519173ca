/*
 * The time CSR and the next timer interrupt of this hart: by stimecmp where the hart has Sstc, by
 * SBI's timer extension elsewhere.
 */
#pragma once

#include "lib/types.h"

/* Ticks since power-on, at time_frequency per second, the same on all harts. */
static inline uint64_t time_ticks(void)
{
    uint64_t t;

    __asm__ volatile("rdtime %0" : "=r"(t));
    return t;
}

/* hz: the tree's /cpus timebase-frequency; sstc: every hart has stimecmp. Called once at boot. */
void time_init(uint32_t hz, bool sstc);

/* Asks for a timer interrupt on this hart at this tick; UINT64_MAX asks for none. */
void time_set_alarm(uint64_t ticks);

/* Nanoseconds since power-on. */
uint64_t time_ns(void);

/* The ticks that such a time lasts: rounded up, UINT64_MAX stays itself. */
uint64_t ns_to_ticks(uint64_t ns);
