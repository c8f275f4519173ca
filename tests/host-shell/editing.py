"""Cases of the line editor: what is typed at the shell on a pseudo-terminal, and the screen it leaves.

Each is (name, columns, keys, lines of the screen, cursor or None). The prompt is "P> ", the working
directory holds alpha/inner, alpine and "two words"; PATH is an empty directory but for "proggy".
Keys is a text, or a list of them: the next is typed when the screen has been quiet for a moment. A
pair (columns, rows) in it makes the window another size.
"""
import fcntl
import os
import pathlib
import pty
import select
import signal
import struct
import tempfile
import termios
import time

from screen import Screen

ROWS = 12
QUIETS = (0.12, 0.6, 2.5)  # a busy machine needs a slower typist: each is tried in turn
PATIENCE = 15
EDITING_CASES = []

LEFT, RIGHT, UP, DOWN = '\x1b[D', '\x1b[C', '\x1b[A', '\x1b[B'
HOME, END, DELETE = '\x1b[H', '\x1bOF', '\x1b[3~'


def editing(name, keys, lines, cursor=None, columns=40):
    EDITING_CASES.append((f'editing_{name}', columns, keys, lines, cursor))


# ---- moving and erasing ----
editing('arrows_insert_in_the_middle', f'echo ac{LEFT}b\n', ['P> echo abc', 'abc', 'P>'], (2, 3))
editing('home_and_end_keys', f'cho a{HOME}e{END}b', ['P> echo ab'], (0, 10))
editing('control_a_and_e', 'cho a\x01e\x05b', ['P> echo ab'], (0, 10))
editing('control_b_and_f', 'echo ad\x02\x02b\x06c', ['P> echo bacd'], (0, 11))
editing('rubout_and_control_h', 'echo abcd\x7f\x08e', ['P> echo abe'], (0, 11))
editing('delete_key_and_control_d', f'echo abc{LEFT}{LEFT}\x04{DELETE}', ['P> echo a'], (0, 9))
editing('control_k_and_y', 'echo abc\x02\x02\x0b\x01\x19', ['P> bcecho a'], (0, 5))
editing('control_u_and_y', 'echo abc\x15x\x19', ['P> xecho abc'], (0, 12))
editing('control_w_takes_words', 'echo one-two three\x17\x17x', ['P> echo x'], (0, 9))
editing('control_w_twice_is_put_back_whole', 'echo a b\x17\x17\x19', ['P> echo a b'], (0, 11))
editing('control_t_swaps', 'echo ab\x14', ['P> echo ba'], (0, 10))
editing('word_moves', 'echo one two\x1bb\x1bbX\x1bf\x1b[1;5CY', ['P> echo Xone twoY'], (0, 17))
editing('word_erased_both_ways', 'echo one-two\x1b\x7f\x1bb\x1bd', ['P> echo -'], (0, 8))
editing('cursor_stops_at_both_ends', f'ab{LEFT * 5}x{RIGHT * 9}y', ['P> xaby'], (0, 7))

# ---- the screen ----
editing('long_line_wraps', 'echo 3456789abcdefghij', ['P> echo 3456789abcde', 'fghij'], (1, 5), 20)
editing('full_row_puts_cursor_below', 'echo 3456789abcde', ['P> echo 3456789abcde'], (1, 0), 20)
editing('wrapped_line_is_edited', 'echo 3456789abcdefghij\x01\x06X' + DELETE,
        ['P> eXho 3456789abcde', 'fghij'], (0, 5), 20)
editing('wrapped_line_shrinks', 'echo 3456789abcdefghij\x17x', ['P> echo x'], (0, 9), 20)
editing('wrapped_line_runs_below_it', 'echo 3456789abcdefghij\x01\n',
        ['P> echo 3456789abcde', 'fghij', '3456789abcdefghij', 'P>'], (3, 3), 20)
editing('line_at_the_bottom_scrolls', '\n' * 11 + 'echo 3456789abcdefghij\x01X',
        ['P>'] * 10 + ['P> Xecho 3456789abcd', 'efghij'], (10, 4), 20)
editing('clear_keeps_the_line', '\n\necho ab\x02\x0c', ['P> echo ab'], (0, 9))
editing('window_made_narrower', ['echo 3456789abcdefghij', (20, 12), 'k\n'],
        ['P> echo 3456789abcde', 'fghijk', '3456789abcdefghijk', 'P>'], (3, 3), 40)
editing('characters_are_not_cut', 'echo gr\u00fc\u00df\x7fn' + LEFT * 2 + '\x7f\u00f6',
        ['P> echo g\u00f6\u00fcn'], (0, 10))
editing('wide_characters', 'echo \u4e2d\u6587' + LEFT + 'x', ['P> echo \u4e2dx\u6587'], (0, 11))

# ---- history ----
editing('up_and_down', [f'echo one\n', 'echo two\n', f'x{UP}{UP}{DOWN}\n'],
        ['P> echo one', 'one', 'P> echo two', 'two', 'P> echo two', 'two', 'P>'], (6, 3))
editing('own_line_comes_back', ['true\n', f'new\x10\x0e!'], ['P> true', 'P> new!'], (1, 7))
editing('search', ['echo first\n', 'echo second\n', '\x12fir\n'],
        ['P> echo first', 'first', 'P> echo second', 'second', 'P> echo first', 'first', 'P>'])
editing('search_shows_what_it_found', ['echo aa1\n', 'echo aa2\n', '\x12aa\x12'],
        ['P> echo aa1', 'aa1', 'P> echo aa2', 'aa2', "(reverse-i-search)`aa': echo aa1"], (4, 29))
editing('search_given_up', ['echo aa1\n', 'mine\x12aa\x07'], ['P> echo aa1', 'aa1', 'P> mine'], (2, 7))
editing('search_given_up_in_history', ['echo aa1\n', 'true\n', f'{UP}\x12aa\x07'],
        ['P> echo aa1', 'aa1', 'P> true', 'P> true'], (3, 7))
editing('history_lists', ['true\n', 'true\n', 'history\n'],
        ['P> true', 'P> true', 'P> history', '    1  true', '    2  history', 'P>'])

# ---- completion ----
editing('tab_completes_a_builtin', 'hist\t', ['P> history'], (0, 11))
editing('tab_completes_a_program', 'true; pro\t', ['P> true; proggy'], (0, 16))
editing('tab_completes_a_path', 'echo alph\tin\t', ['P> echo alpha/inner'], (0, 20))
editing('tab_quotes_blanks', 'echo tw\t', ['P> echo two\\ words'], (0, 19))
editing('tab_keeps_an_open_quote', 'echo "tw\t', ['P> echo "two words"'], (0, 20))
editing('tab_common_beginning_then_list', 'echo al\t\t\t',
        ['P> echo alp', 'alpha/  alpine', 'P> echo alp'], (2, 11))

# ---- the rest ----
editing('interrupt_drops_the_line', 'echo no\x02\x02\x03echo yes\n',
        ['P> echo no^C', 'P> echo yes', 'yes', 'P>'], (3, 3))
editing('second_prompt', 'for i in a; do\necho $i\x02\x02x\x7f\ndone\n',
        ['P> for i in a; do', '> echo $i', '> done', 'a', 'P>'])
editing('interrupt_gives_up_a_command', 'if true\nthen\x03echo new\n',
        ['P> if true', '> then^C', 'P> echo new', 'new', 'P>'])
editing('programs_get_a_cooked_terminal', ['read x\n', 'ab\x7fc\n', 'echo $x\n'],
        ['P> read x', 'ac', 'P> echo $x', 'ac', 'P>'])
editing('dumb_terminal_is_left_alone', ['TERM=dumb\n', 'echo a\x02b\n'],
        ['P> TERM=dumb', 'P> echo a^Bb', 'ab', 'P>'])


def window_set(fd, columns, rows):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('4H', rows, columns, 0, 0))


def start(shell, directory, columns):
    """(pid, terminal) of an interactive shell in DIRECTORY."""
    ready, go = os.pipe()
    pid, fd = pty.fork()
    if pid == 0:
        os.read(ready, 1)
        os.chdir(directory / 'work')
        os.execve(shell, ['sh', '-i'], {
            'PATH': str(directory / 'bin'), 'PS1': 'P> ', 'HOME': '/', 'TERM': 'vt100',
            'ASAN_OPTIONS': 'detect_leaks=0:handle_segv=0'})
    os.close(ready)
    window_set(fd, columns, ROWS)
    os.write(go, b'x')  # not its end: another case's child may have that open too
    os.close(go)
    return pid, fd


def settle(fd, screen, quiet, fresh=False):
    """Feeds the screen until nothing has come for a moment; FRESH: waits for something first."""
    deadline = time.monotonic() + PATIENCE
    while select.select([fd], [], [], PATIENCE if fresh else quiet)[0]:
        fresh = False
        try:
            data = os.read(fd, 4096)
        except OSError:
            return
        if not data or time.monotonic() > deadline:
            return
        screen.feed(data)


def populate(directory):
    (directory / 'bin').mkdir()
    (directory / 'bin' / 'proggy').write_text('#!/bin/sh\n')
    (directory / 'bin' / 'proggy').chmod(0o755)
    (directory / 'work' / 'alpha').mkdir(parents=True)
    for name in ('alpha/inner', 'alpine', 'two words'):
        (directory / 'work' / name).touch()


def play(shell, columns, keys, quiet):
    """The screen after KEYS, with QUIET seconds between their parts."""
    with tempfile.TemporaryDirectory(prefix='editing-') as name:
        directory = pathlib.Path(name)
        populate(directory)
        pid, fd = start(shell, directory, columns)
        screen = Screen(columns, ROWS)
        try:
            settle(fd, screen, quiet, fresh=True)
            for part in [keys] if isinstance(keys, str) else keys:
                if isinstance(part, tuple):
                    screen = Screen(*part)
                    window_set(fd, *part)
                else:
                    os.write(fd, part.encode())
                settle(fd, screen, quiet)
        finally:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            os.close(fd)
        return screen


def run_editing(case, shell):
    """None, or what is wrong with the screen."""
    _, columns, keys, lines, cursor = case
    for quiet in QUIETS:
        screen = play(shell, columns, keys, quiet)
        if screen.lines() == lines and cursor in (None, screen.cursor()):
            return None
    if screen.lines() != lines:
        return f'screen {screen.lines()}, wanted {lines}'
    return f'cursor {screen.cursor()}, wanted {cursor} in {lines}'
