#!/usr/bin/env python3
"""Disks of many kinds as the root: disks.py [--preset NAME] CASE.

indexed    folders with a hash index, as e2fsck -D makes them: read as well as those without
journal    an ext3 file system that was unmounted cleanly boots
plain      none of the optional features, inodes of 128 bytes
extents, small-blocks, garbage, short
           what the kernel does not know, or what makes no sense, is refused with a line that says why
"""
import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RUN = os.path.join(REPOSITORY, 'tools', 'run')
READERS = ['folders', 'files_open', 'files_read', 'files_stat']
SIZE = '48M'


def tool(name):
    path = os.pathsep.join([os.environ.get('PATH', ''), '/usr/sbin', '/sbin'])
    return shutil.which(name, path=path)


def mke2fs(image, tree, kind, *options):
    subprocess.run([tool('mke2fs'), '-q', '-F', '-t', kind, *options, '-d',
                    os.path.join(tree, 'root'), image, SIZE], check=True, stdout=subprocess.DEVNULL)


def indexed(image, tree):
    shutil.copyfile(os.path.join(tree, 'test.img'), image)
    checked = subprocess.run([tool('e2fsck'), '-fyD', image], capture_output=True, check=False)
    if checked.returncode not in (0, 1):
        sys.exit(f'e2fsck: {checked.stderr.decode()}')
    shown = subprocess.run([tool('debugfs'), '-R', 'stat /data/big', image], capture_output=True,
                           check=True)
    if b'Flags: 0x1000' not in shown.stdout:
        sys.exit('e2fsck made no index')


def garbage(image, _tree):
    with open(image, 'wb') as file:
        file.write(random.Random(3).randbytes(4 << 20))


def short(image, tree):
    mke2fs(image, tree, 'ext2', '-b', '4096')
    os.truncate(image, 3 << 20)


# How the disk is made, what is run, and the line of the log that refuses it, if it is refused.
ECHO = ['/bin/echo', 'hi']
CASES = {
    'indexed': (indexed, ['/t/runner', *READERS], None),
    'journal': (lambda image, tree: mke2fs(image, tree, 'ext3', '-b', '4096'), ECHO, None),
    'plain': (lambda image, tree: mke2fs(image, tree, 'ext2', '-b', '4096', '-I', '128', '-O',
                                         'none,^filetype'), ECHO, None),
    'extents': (lambda image, tree: mke2fs(image, tree, 'ext4', '-b', '4096'), ECHO,
                "vda: refused: feature 'extents'"),
    'small-blocks': (lambda image, tree: mke2fs(image, tree, 'ext2', '-b', '1024'), ECHO,
                     'vda: refused: block size 1024'),
    'garbage': (garbage, ECHO, 'vda: refused: no ext2 superblock'),
    'short': (short, ECHO, 'vda: refused: .* do not fit'),
}


def run(case, preset, folder):
    """Complaints about one case."""
    make, program, refusal = CASES[case]
    tree = os.path.join(REPOSITORY, 'build', preset)
    image, log = os.path.join(folder, 'disk.img'), os.path.join(folder, 'log')
    make(image, tree)
    command = [RUN, '--preset', preset, '--timeout', '120', '--image', image, '--log', log, '--',
               *program]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    with open(log, encoding='utf-8', errors='replace') as file:
        said = file.read()
    if done.returncode != (125 if refusal else 0):
        yield f'status {done.returncode}: {(done.stdout + done.stderr).decode()}'
    if refusal and not re.search(refusal, said):
        yield f'the log has nothing like {refusal!r}: {said[-2000:]}'
    if program is ECHO and done.stdout != (b'' if refusal else b'hi\n'):
        yield f'standard output {done.stdout!r}'


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--preset', default='release')
    parser.add_argument('case', choices=[*CASES])
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        complaints = list(run(args.case, args.preset, folder))
    for line in complaints:
        print('FAILED', line)
    sys.exit(1 if complaints else 0)


if __name__ == '__main__':
    main()
