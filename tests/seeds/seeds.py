#!/usr/bin/env python3
"""The seed texts' programs as a reader builds and runs them: seeds.py [--preset NAME] CASE.

Each case compiles one source with the command that a reader would type, puts it on the disk with
`tools/run --file a.out:/t/a.out -- /t/a.out`, and looks at the status and at what came out.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
RUN = os.path.join(REPOSITORY, 'tools', 'run')
ASM = os.path.join(REPOSITORY, 'userland', 'asm')
COMPILER = 'riscv64-linux-gnu-gcc'
BARE = ['-nostdlib', '-static']
WITH_LIBC = ['-static']
STORE_THEN_EXIT = ('lw a3, 0(a1)    # Read value back (should be 42)',
                   'lw a0, 0(a1)    # Read value back (should be 42)')


def seed(name):
    with open(os.path.join(HERE, name), encoding='utf-8') as file:
        return file.read()


def asm(name):
    with open(os.path.join(ASM, name), encoding='utf-8') as file:
        return file.read()


def value():
    """The seed's mmap program with the value loaded where exit looks for its status."""
    text = asm('mmap.S')
    assert STORE_THEN_EXIT[0] in text
    return text.replace(*STORE_THEN_EXIT)


# name: (source, its suffix, flags, arguments, status, standard output, pattern in standard error)
FAULT = r'^fathom: a\.out\[\d+\]: SIGSEGV: load at 0x[0-9a-f]+, pc 0x[0-9a-f]+: no mapping$'
CASES = {
    'mmap': (lambda: asm('mmap.S'), '.s', BARE, [], 0, '', None),
    'value': (value, '.s', BARE, [], 42, '', None),
    'c': (lambda: seed('mmap.c'), '.c', WITH_LIBC, [], 0, '42', None),
    'munmap': (lambda: asm('munmap-load.S'), '.S', BARE, [], 139, '', FAULT),
    'munmap-c': (lambda: seed('munmap.c'), '.c', WITH_LIBC, [], 139, None, FAULT),
    'ebreak': (lambda: asm('ebreak.S'), '.S', BARE, [], 133, '', 'SIGTRAP'),
    'privileged': (lambda: asm('privileged.S'), '.S', BARE, [], 132, '', 'SIGILL'),
    'counters': (lambda: asm('counters.S'), '.S', BARE, [], 0, '', None),
    'store-readonly': (lambda: asm('store-readonly.S'), '.S', BARE, [], 139, '', 'SIGSEGV: store'),
    'jump-noexec': (lambda: asm('jump-noexec.S'), '.S', BARE, [], 139, '', 'SIGSEGV: fetch'),
    'sparse': (lambda: asm('sparse.S'), '.S', BARE, [], 0, '', None),
    'sum': (lambda: asm('sum.S'), '.S', BARE, [], 55, '55\n', None),
    'hello': (lambda: asm('hello.S'), '.S', BARE, [], 0, 'Hello from user mode\n', None),
    'echo': (lambda: asm('echo.S'), '.S', BARE, ['one', 'two words', '', 'x'], 0,
             'one two words  x\n', None),
}


def address_is_named(out, err):
    """The fault report names the very address that the program printed."""
    printed = out.decode().strip()
    return not printed.startswith('0x') or f'load at {printed},' in err.decode()


def run(case, preset):
    """Complaints about one case."""
    source, suffix, flags, arguments, status, out, pattern = CASES[case]
    with tempfile.TemporaryDirectory() as folder:
        path, program = os.path.join(folder, 'program' + suffix), os.path.join(folder, 'a.out')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(source())
        subprocess.run([COMPILER, *flags, path, '-o', program], check=True)
        command = [RUN, '--preset', preset, '--timeout', '120', '--file', 'a.out:/t/a.out', '--',
                   '/t/a.out', *arguments]
        done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True,
                              check=False)
    if done.returncode != status:
        yield f'status {done.returncode}, wanted {status}'
    if out is not None and done.stdout != out.encode():
        yield f'standard output {done.stdout!r}, wanted {out!r}'
    if pattern and not re.search(pattern, done.stderr.decode(), re.MULTILINE):
        yield f'standard error has nothing like {pattern}: {done.stderr!r}'
    if not pattern and done.stderr:
        yield f'standard error: {done.stderr!r}'
    if not address_is_named(done.stdout, done.stderr):
        yield f'the report names another address than {done.stdout!r}: {done.stderr!r}'


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--preset', default='release')
    parser.add_argument('--list', action='store_true')
    parser.add_argument('case', nargs='?', choices=[*CASES])
    args = parser.parse_args()
    if args.list:
        print(';'.join(CASES), end='')
        return
    complaints = list(run(args.case, args.preset))
    for line in complaints:
        print('FAILED', line)
    sys.exit(1 if complaints else 0)


if __name__ == '__main__':
    main()
