/*
 * Every trap ends up here with its registers saved and interrupts off.
 *
 *   from user mode     system call, page fault, other exception: with interrupts on; then the way
 *                      back: reschedule if the slice is over, deliver signals
 *   from the kernel    interrupts; page faults at user addresses inside a user access; all else is
 *                      a panic, a full kernel stack by its own name
 */
#include "arch/riscv/entry/trap.h"

#include "arch/address.h"
#include "arch/irq.h"
#include "arch/riscv/csr.h"
#include "arch/riscv/entry/smp.h"
#include "arch/thread.h"
#include "arch/uaccess.h"
#include "drivers/irq_chip.h"
#include "kernel/hart.h"
#include "kernel/panic.h"
#include "mm/alloc/kmap.h"
#include "mm/fault.h"
#include "process/fault_signal.h"
#include "process/user_return.h"
#include "sched/sched.h"
#include "sched/task.h"
#include "sched/timer.h"
#include "syscall/dispatch.h"

#define ECALL_LENGTH 4

static void interrupt(struct trap_frame *frame)
{
    struct hart *hart = this_hart();

    hart->in_interrupt = true;
    hart->interrupts++;
    switch (frame->cause & ~SCAUSE_INTERRUPT) {
    case IRQ_S_SOFT:
        smp_ipi();
        break;
    case IRQ_S_TIMER:
        timer_interrupt();
        sched_tick(!(frame->status & SSTATUS_SPP));
        break;
    case IRQ_S_EXT:
        irq_handle();
        break;
    default:
        panic_frame(frame, "interrupt %lu is nobody's", frame->cause & ~SCAUSE_INTERRUPT);
    }
    hart->in_interrupt = false;
    sched_send_ipis();
}

static bool is_page_fault(uint64_t cause)
{
    return cause == EXC_INST_PAGE || cause == EXC_LOAD_PAGE || cause == EXC_STORE_PAGE;
}

static enum fault_access fault_access(uint64_t cause)
{
    switch (cause) {
    case EXC_INST_PAGE:
        return FAULT_EXEC;
    case EXC_STORE_PAGE:
        return FAULT_WRITE;
    default:
        return FAULT_READ;
    }
}

static void user_exception(struct trap_frame *frame)
{
    enum fault_result result;

    if (frame->cause == EXC_ECALL_U) {
        frame->pc += ECALL_LENGTH;
        syscall_dispatch(frame);
        return;
    }
    if (!is_page_fault(frame->cause)) {
        process_exception_signal(frame);
        return;
    }
    result = mm_fault(current_task()->mm, frame->badaddr, fault_access(frame->cause));
    if (result != FAULT_OK)
        process_fault_signal(frame, fault_access(frame->cause), result);
}

static void kernel_exception(struct trap_frame *frame)
{
    struct mm *mm = current_task()->mm;

    if (kstack_is_guard(frame->sp - sizeof(*frame)) || kstack_is_guard(frame->badaddr))
        panic_frame(frame, "kernel stack overflow");
    if (!is_page_fault(frame->cause) || frame->badaddr >= USER_TOP ||
        !(frame->status & SSTATUS_SUM) || !mm)
        panic_frame(frame, "trap %lu in the kernel at address %#lx", frame->cause, frame->badaddr);
    if (frame->status & SSTATUS_SPIE)
        irq_enable();
    if (mm_fault(mm, frame->badaddr, fault_access(frame->cause)) != FAULT_OK &&
        !uaccess_fixup(frame))
        panic_frame(frame, "fault at user address %#lx outside a user access", frame->badaddr);
    irq_disable();
}

void trap_dispatch(struct trap_frame *frame)
{
    bool from_user = !(frame->status & SSTATUS_SPP);

    if (frame->cause & SCAUSE_INTERRUPT) {
        interrupt(frame);
    } else if (from_user) {
        irq_enable();
        user_exception(frame);
        irq_disable();
    } else {
        kernel_exception(frame);
    }
    if (from_user)
        process_return_to_user(frame);
}
