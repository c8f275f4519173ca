#!/usr/bin/env python3
"""tools/run: builds, makes the disk, boots QEMU, and answers with the program's own status."""
import contextlib
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import termios
import threading
import time

import build
import image
import machine
import options as command_line
from relay import Relay, job_record, last_line
from say import (STATUS_FAILED, STATUS_PIPE, STATUS_SIGNAL, STATUS_TIMEOUT, ToolError, say)

GUEST_DIRECTORY = '/root'
POWER_OFF_PATIENCE = 20     # seconds from the exit record to the end of QEMU
PANIC = re.compile(rb'panic:')
LOG_TAIL = 64 << 10


class Interrupted(Exception):
    """SIGINT, SIGTERM or SIGHUP asked us to end."""

    def __init__(self, number):
        super().__init__(number)
        self.number = number


SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def interrupt(number, _frame):
    """The first signal begins the clean-up; the next must not end it half-way."""
    for one in SIGNALS:
        signal.signal(one, signal.SIG_IGN)
    raise Interrupted(number)


def guest_environment():
    return {'PATH': '/bin:/sbin:/usr/bin', 'HOME': '/root', 'USER': 'root',
            'TERM': os.environ.get('TERM') or 'dumb'}


def hold_standard_descriptors():
    """A closed descriptor 0, 1 or 2 becomes /dev/null, lest a file of ours takes its number."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def log_tail(path):
    try:
        with open(path, 'rb') as file:
            file.seek(max(0, os.path.getsize(path) - LOG_TAIL))
            return file.read()
    except OSError:
        return b''


def panic_report(path, panic=PANIC):
    """The log from the line that begins with a panic on; empty when there is none."""
    lines = log_tail(path).replace(b'\r', b'').split(b'\n')
    for number, line in enumerate(lines):
        if panic.match(line):
            return b'\n'.join(lines[number:]).rstrip(b'\n') + b'\n'
    return b''


def show(text):
    with contextlib.suppress(OSError):
        sys.stderr.buffer.write(text)
        sys.stderr.flush()


def show_panic(path, panic=PANIC):
    """Copies a panic from the log to standard error; False when the log has none."""
    report = panic_report(path, panic)
    show(report)
    return bool(report)


def timeout_message(seconds, log, relay=None):
    places = [('on the console', last_line(log_tail(log)))]
    if relay:
        places += [('on standard output', last_line(relay.tails['stdout'])),
                   ('on standard error', last_line(relay.tails['stderr']))]
    printed = ', '.join(f'{where}: {text!r}' for where, text in places if text)
    return f'no end after {seconds:g} seconds; last printed {printed or "nothing at all"}'


@contextlib.contextmanager
def disk(options, scratch):
    """(path of the disk's image, whether what is written to it stays)."""
    if options.disk or options.image:
        yield options.disk or options.image, bool(options.disk)
        return
    tree = build.tree(options.preset)
    if not options.additions:
        yield os.path.join(tree, 'disk.img'), False
        return
    path = os.path.join(scratch, 'disk.img')
    root = ('directory', os.path.join(tree, 'root'), '/')
    with image.staged([root, *options.additions], tree) as stage:
        image.write_image(stage, path)
    yield path, False


def interactive(options, command, log):
    """The console on this terminal; QEMU's own exit status."""
    say('Ctrl-A X leaves QEMU, Ctrl-A C is its monitor')
    terminal = None
    with contextlib.suppress(termios.error, OSError):
        terminal = termios.tcgetattr(0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    process = machine.start(command + machine.terminal(log), own_session=False)
    try:
        status = process.wait(options.timeout)
    except subprocess.TimeoutExpired:
        machine.end(process)
        say(timeout_message(options.timeout, log))
        return STATUS_TIMEOUT
    finally:
        machine.end(process)
        if terminal:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(0, termios.TCSADRAIN, terminal)
    if panic_report(log):
        return STATUS_FAILED
    return status if status >= 0 else STATUS_SIGNAL - status


class Job:
    """One program in one boot: QEMU, the relay of its streams, and what became of it.

    `serial` is the device that carries the streams, `panic` matches the line that begins a panic.
    """

    def __init__(self, options, command, log, serial=machine.SERIAL_MMIO, panic=PANIC):
        self.options, self.log, self.panic = options, log, panic
        self.events = queue.Queue()
        self.deadline = time.monotonic() + options.timeout if options.timeout else None
        self.record = None
        record = job_record(options.program, GUEST_DIRECTORY, guest_environment())
        self.relay = Relay(record, self.events)
        ports = self.relay.descriptors()
        self.process = machine.start(command + machine.channels(log, ports, serial),
                                     pass_fds=[descriptor for _, descriptor in ports])
        self.relay.start()
        threading.Thread(target=self.await_end, daemon=True).start()

    def await_end(self):
        self.process.wait()
        self.events.put(('end',))

    def next_event(self):
        """The next event; ('timeout',) when the deadline comes first."""
        remaining = None if self.deadline is None else self.deadline - time.monotonic()
        try:
            return self.events.get(timeout=None if remaining is None else max(0, remaining))
        except queue.Empty:
            return ('timeout',)

    def run(self):
        """The exit status of the whole."""
        while True:
            kind, *what = self.next_event()
            if kind == 'record':
                self.take_record(*what)
                self.deadline = time.monotonic() + POWER_OFF_PATIENCE
            elif kind == 'pipe' and what[0] == 'stdout':
                return STATUS_PIPE
            elif kind == 'bad':
                say(f'the guest said on its control port: {what[0]!r}')
            elif kind == 'timeout':
                return self.timed_out()
            elif kind == 'end':
                return self.ended()

    def take_record(self, kind, number):
        self.record = (number + (STATUS_SIGNAL if kind == 'signal' else 0)) & 0xff

    def timed_out(self):
        machine.end(self.process)
        self.relay.finish(timeout=1)
        if show_panic(self.log, self.panic):
            return STATUS_FAILED
        if self.record is not None:
            say(f'the program ended with {self.record}, but the machine did not power off')
            return STATUS_FAILED
        say(timeout_message(self.options.timeout, self.log, self.relay))
        return STATUS_TIMEOUT

    def ended(self):
        remaining = None
        if self.deadline is not None and self.record is None:
            remaining = max(1, self.deadline - time.monotonic())
        self.relay.finish(timeout=remaining)
        while not self.events.empty():
            kind, *what = self.events.get()
            if kind == 'record':
                self.take_record(*what)
            elif kind == 'pipe' and what[0] == 'stdout':
                return STATUS_PIPE
        if show_panic(self.log, self.panic):
            return STATUS_FAILED
        if self.record is None:
            say(f'QEMU ended with status {self.process.returncode} before the program did; the '
                f'console last said: {last_line(log_tail(self.log))!r}')
            return STATUS_FAILED
        return self.record

    def close(self):
        machine.end(self.process)


def run(options):
    build.bring_up_to_date(options.preset, options.kernel)
    directory = build.kernel_directory(options.preset, options.kernel)
    kernel = os.path.join(directory, 'Image')
    scratch = tempfile.mkdtemp(prefix='run-', dir=build.tree(options.preset))
    try:
        log = options.log or os.path.join(scratch, 'console.log')
        with disk(options, scratch) as (path, keep):
            command = machine.machine(options, kernel, path, keep)
            if options.gdb:
                elf = os.path.join(directory, 'fathom.elf')
                say(f"waiting: gdb-multiarch {elf} -ex 'target remote :1234'")
            if not options.program:
                return interactive(options, command, log)
            job = Job(options, command, log)
            try:
                return job.run()
            finally:
                job.close()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def carry_out(work):
    """Does `work`, a function that returns an exit status; ends the process with it, whatever comes."""
    hold_standard_descriptors()
    for number in SIGNALS:
        signal.signal(number, interrupt)
    try:
        status = work()
    except Interrupted as asked:
        status = STATUS_SIGNAL + asked.number
    except ToolError as error:
        say(error)
        status = error.status
    except image.ImageError as error:
        say(error)
        status = STATUS_FAILED
    except OSError as error:
        say(error)
        status = STATUS_FAILED
    # Threads that block on streams nobody serves any more must not keep us.
    os._exit(status)


if __name__ == '__main__':
    carry_out(lambda: run(command_line.parse(sys.argv[1:])))
