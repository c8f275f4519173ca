/*
 * Planted faults: `crash=NAME` on the kernel command line makes the kernel do, once it is up, one
 * thing that must not pass unnoticed. The boot tests look for the panic that names it.
 */
#pragma once

/* Does what crash= names; returns if it names nothing. Called by a task, interrupts on. */
void selftest_crash(void);
