/*
 * UARTs of the 16550 family: ns16550a, and Synopsys' DesignWare APB UART.
 */
#pragma once

#include "lib/fdt.h"

/* What the driver knows, for machine.c's table; NULL-terminated. */
extern const char *const uart_16550_compatible[];

/*
 * Makes a character device of the node, the machine's console if console is set (then it also
 * receives the kernel's messages). 0 or a negative errno.
 */
int uart_16550_probe(const struct fdt *fdt, int node, bool console);
