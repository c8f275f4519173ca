#!/usr/bin/env python3
"""A session at the console as a person types it, through a pseudo-terminal: console.py [--preset NAME].

tools/run gets a terminal of COLUMNS x ROWS, the size of which the guest must know. Keys are typed
when the screen shows what they wait for, and what counts is the screen that they leave: editing,
history, completion, ^C of a running pipeline, ^Z and fg, a line that wraps, ^D.
"""
import argparse
import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RUN = os.path.join(REPOSITORY, 'tools', 'run')
sys.path.insert(0, os.path.join(REPOSITORY, 'tests', 'host-shell'))

from screen import Screen  # noqa: E402

COLUMNS, ROWS = 50, 30
PATIENCE = 120  # seconds for anything to appear
QUIET = 0.7     # seconds without output before a key that nothing announces
PROMPT = 'fathom:/root# '
UP, LEFT, HOME = '\x1b[A', '\x1b[D', '\x1b[H'

# What is typed, and the text before the cursor that then has to come; None: a moment of quiet.
STEPS = [
    ('\x0c', PROMPT),
    (f'cho onee{HOME}e\x05\x02\x04\n', PROMPT),
    (f'{UP}\x7f\x7f\x7ftwo\n', PROMPT),
    ('\x12one\n', PROMPT),
    ('hexd\t', f'{PROMPT}hexdump '),
    ('/sb\tini\t', f'{PROMPT}hexdump /sbin/init '),
    ('\x15echo $COL\x03', PROMPT),
    ('yes | cat >/dev/null\n', None),
    ('\x03', PROMPT),
    ('sleep 3\n', None),
    ('\x1a', PROMPT),
    ('jobs\n', PROMPT),
    ('fg\n', PROMPT),
    ('echo 0123456789012345678901234567890123456789' + LEFT * 12 + '\x08\x08\n', PROMPT),
]
SCREEN = """\
fathom:/root# echo one
one
fathom:/root# echo two
two
fathom:/root# echo one
one
fathom:/root# echo $COL^C
fathom:/root# yes | cat >/dev/null
^C
fathom:/root# sleep 3
^Z
[1]  Stopped              sleep 3
fathom:/root# jobs
[1]  Stopped              sleep 3
fathom:/root# fg
sleep 3
fathom:/root# echo 0123456789012345678901234589012
3456789
01234567890123456789012345890123456789
fathom:/root#"""


class Session:
    def __init__(self, preset):
        self.screen, self.over = Screen(COLUMNS, ROWS), False
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('4H', ROWS, COLUMNS, 0, 0))
            os.execv(RUN, [RUN, '--preset', preset, '--timeout', str(2 * PATIENCE)])

    def take(self, seconds):
        """Feeds the screen with what comes within SECONDS; False if nothing does."""
        if self.over or not select.select([self.terminal], [], [], max(0, seconds))[0]:
            return False
        try:
            data = os.read(self.terminal, 4096)
        except OSError:
            data = b''
        self.over = not data
        self.screen.feed(data)
        return not self.over

    def before_cursor(self):
        row, column = self.screen.cursor()
        return ''.join(self.screen.cells[row][:column])

    def expect(self, text):
        """Waits until TEXT stands before the cursor and no more comes; None: until no more comes."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and not self.over:
            if not self.take(QUIET) and text in (None, self.before_cursor()):
                return True
        return False

    def type(self, keys):
        os.write(self.terminal, keys.encode())

    def end(self):
        """^D; the exit status of tools/run."""
        self.type('\x04')
        deadline = time.monotonic() + PATIENCE
        while not self.over and time.monotonic() < deadline:
            self.take(1)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def play(session):
    """What went wrong, or None."""
    if not session.expect(PROMPT):
        return 'no first prompt'
    for keys, text in STEPS:
        session.type(keys)
        if not session.expect(text):
            return f'after {keys!r}: {text!r} is not before the cursor'
    if '\n'.join(session.screen.lines()) != SCREEN:
        return f'the screen is not the one wanted:\n{SCREEN}\n--- but:'
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--preset', default='release')
    session = Session(parser.parse_args().preset)
    problem = play(session)
    shown = '\n'.join(session.screen.lines())
    status = session.end()
    if not problem and status != 0:
        problem = f'tools/run ended with {status}'
    if problem:
        print(f'FAILED {problem}\n{shown}')
    sys.exit(1 if problem else 0)


if __name__ == '__main__':
    main()
