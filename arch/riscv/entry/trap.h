/*
 * What a trap means: hands each to the floor that answers it. Set as the trap handler at boot.
 */
#pragma once

struct trap_frame;

void trap_dispatch(struct trap_frame *frame);
