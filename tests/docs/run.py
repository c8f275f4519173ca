#!/usr/bin/env python3
"""Runs what the documentation shows: run.py host | guest | self-test.

    host    the blocks marked `sh` whose commands are all to be run, each in the scratch folder
    guest   the blocks marked `guest`, all in one boot

The scratch folder looks like the repository: links to all that is in it, so the commands of the pages
work there as they stand, and what they make stays out of the tree. A block whose mark ends in a file
name is first written there as that file.

The kernel's reports (fathom: ...) go to standard error, whatever the shell does with a program's.

A block marked `output` says what the command before it prints. Three dots stand for any text; in a
block marked `guest like`, numbers may differ.
"""
import os
import re
import subprocess
import sys
import tempfile

from commands import COMMANDS
from pages import REPOSITORY, Block, Page, read_pages, report

PROMPT = re.compile(r'^(?:fathom:\S*)?# (.*)$')
MARKER = '@@@ '
KERNEL = 'fathom: '     # how the kernel's reports begin
INTERACTIVE = ('Segmentation fault',)   # what a shell says only to a person
LEAVES = ('poweroff',)  # what must not be typed
DEADLINE = 300
NUMBER = re.compile(r'\b(0x)?[0-9a-f]*[0-9][0-9a-f]*\b')


def make_scratch(folder):
    for name in os.listdir(REPOSITORY):
        if not name.startswith('.'):
            os.symlink(os.path.join(REPOSITORY, name), os.path.join(folder, name))


def write_files(pages, folder):
    """Blocks that are files of their own; those with a folder in their name belong to example.py."""
    for page in pages:
        for block in page.blocks:
            if block.kind in ('c', 'asm') and block.words and '/' not in block.words[0]:
                with open(os.path.join(folder, block.words[0]), 'w', encoding='utf-8') as file:
                    file.write(block.text)


def comparable(text, like):
    lines = [line.rstrip() for line in text.replace('\r', '').strip('\n').split('\n')]
    if like:
        lines = [re.sub(r'\s+', ' ', NUMBER.sub('N', line)).strip() for line in lines]
    return '\n'.join(lines)


def matches(wanted, have, like=False):
    parts = comparable(wanted, like).split('...')
    pattern = '.*'.join(re.escape(part) for part in parts)
    return re.fullmatch(pattern, comparable(have, like), re.DOTALL) is not None


def difference(place, wanted, have):
    return f'{place}: wanted\n{wanted.rstrip()}\n-- came\n{have.rstrip()}'


def runnable(block):
    return all(command in COMMANDS and not COMMANDS[command].why_not for command in block.lines)


def run_block(block, folder, output):
    """Runs one block; yields what is wrong. output: the block that says what comes, or None."""
    environment = dict(os.environ, FATHOM_NO_BUILD='1', LC_ALL='C',
                       COLUMNS='80')
    try:
        result = subprocess.run(['bash', '-c', block.text], cwd=folder, text=True, env=environment,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, errors='replace',
                                stderr=subprocess.STDOUT, check=False, timeout=DEADLINE)
    except subprocess.TimeoutExpired:
        yield f'{block.place}: no end after {DEADLINE} seconds'
        return
    if output:
        if not matches(output.text, result.stdout, 'like' in output.words):
            yield difference(output.place, output.text, result.stdout)
    elif result.returncode != 0:
        yield f'{block.place}: status {result.returncode}: {result.stdout.strip()}'


def run_host(pages, folder):
    make_scratch(folder)
    write_files(pages, folder)
    for page in pages:
        for block, after in zip(page.blocks, [*page.blocks[1:], None]):
            if block.kind == 'sh' and runnable(block):
                output = after if after and after.kind == 'output' else None
                yield from run_block(block, folder, output)


def typed_lines(block):
    """[(command, what it printed)] of a block marked `guest`."""
    commands = []
    for line in block.lines:
        if (typed := PROMPT.match(line)) and typed[1] in LEAVES:
            break
        if typed:
            commands.append((typed[1], []))
        elif commands:
            commands[-1][1].append(line)
    return [(command, '\n'.join(lines)) for command, lines in commands]


def guest_script(blocks):
    """A script that types all blocks, and says in front of each command which it is."""
    lines = ['exec 2>&1']
    for number, block in enumerate(blocks):
        lines += ['(', 'cd /root']
        for index, (command, _) in enumerate(typed_lines(block)):
            lines += [f"echo '{MARKER}{number} {index}'", command, f"echo '{MARKER}status' $?"]
        lines.append(')')
    return ''.join(line + '\n' for line in lines)


def split_output(text):
    """{(block, command): (output, status)} from what the script printed."""
    found = {}
    for piece in text.split(MARKER)[1:]:
        head, _, body = piece.partition('\n')
        words = head.split()
        if words and words[0] == 'status':
            found[last] = (found[last][0], int(words[1]))
        else:
            last = (int(words[0]), int(words[1]))
            found[last] = (body, None)
    return found


def take_reports(wanted, told):
    """What is wanted without the kernel's own lines, and those of them that the kernel did not say."""
    lines = wanted.split('\n')
    reports = [line for line in lines if line.startswith(KERNEL)]
    missing = [line for line in reports if not any(matches(line, said, like=True) for said in told)]
    return '\n'.join(line for line in lines if line not in (*reports, *INTERACTIVE)), missing


def judge_guest(blocks, found, told=()):
    """told: the lines that came on standard error, where the kernel reports."""
    for number, block in enumerate(blocks):
        for index, (command, wanted) in enumerate(typed_lines(block)):
            have, status = found.get((number, index), ('', None))
            wanted, missing = take_reports(wanted, told)
            for line in missing:
                yield f'{block.place}: {command}: the kernel did not say: {line}'
            if status is None:
                yield f'{block.place}: {command}: did not end'
            elif wanted and not matches(wanted, have, 'like' in block.words):
                yield difference(f'{block.place}: {command}', wanted, have)
            elif not wanted and status != 0:
                yield f'{block.place}: {command}: status {status}: {have.strip()}'


def run_guest(pages, folder):
    blocks = [block for page in pages for block in page.blocks if block.kind == 'guest']
    if not blocks:
        yield 'no page has a block marked guest'
        return
    script = os.path.join(folder, 'docs.sh')
    with open(script, 'w', encoding='utf-8') as file:
        file.write(guest_script(blocks))
    command = [os.path.join(REPOSITORY, 'tools', 'run'), '--timeout', str(DEADLINE),
               '--file', f'{script}:/root/docs.sh', '--', '/bin/sh', '/root/docs.sh']
    result = subprocess.run(command, text=True, errors='replace', stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
                            env=dict(os.environ, FATHOM_NO_BUILD='1'))
    if result.returncode >= 124:
        yield f'tools/run ends with {result.returncode}: {result.stderr.strip()}'
    yield from judge_guest(blocks, split_output(result.stdout), result.stderr.splitlines())


def self_test(folder):
    """What must be caught: another output, a status, a command that never ended."""
    block = Block('x.md', 1, 'guest', ['# one', 'first', '# two', '# three', 'third'])
    told = split_output(f'{MARKER}0 0\nother\n{MARKER}status 0\n{MARKER}0 1\n{MARKER}status 7\n'
                        f'{MARKER}0 2\nthi')
    complaints = list(judge_guest([block], told))
    if len(complaints) != 3:
        yield f'guest: three complaints wanted: {complaints}'
    good = split_output(f'{MARKER}0 0\nfirst\n{MARKER}status 0\n{MARKER}0 1\n{MARKER}status 0\n'
                        f'{MARKER}0 2\nthird\n{MARKER}status 1\n')
    yield from judge_guest([block], good)
    wrong = Page('x.md', '```sh\ntrue\necho a\n```\n```output\nb\n```\n')
    if not list(run_block(wrong.blocks[0], folder, wrong.blocks[1])):
        yield 'host: another output was not caught'
    if not list(run_block(Block('x.md', 1, 'sh', ['false']), folder, None)):
        yield 'host: a failed command was not caught'
    if not matches('a ... c', 'a b\nb c') or matches('a ... c', 'a b'):
        yield 'three dots'
    if not matches('pid 12 at 0x3f', 'pid 7  at 0xffe0', like=True) or matches('pid 12', 'tid 12', True):
        yield 'like'


def main():
    actions = {'host': lambda folder: run_host(read_pages(), folder),
               'guest': lambda folder: run_guest(read_pages(), folder),
               'self-test': self_test}
    if len(sys.argv) != 2 or sys.argv[1] not in actions:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        report(actions[sys.argv[1]](folder))


if __name__ == '__main__':
    main()
