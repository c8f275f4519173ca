#!/usr/bin/env python3
"""Much data through a guest: streams.py [--preset NAME] binary|reading|large.

binary    1 MiB of random bytes through cat: from a file of the image, and from standard input
reading   100 MiB of files with 32 MiB of memory, twice, byte for byte
large     64 MiB from standard input to standard output with 48 MiB of memory
"""
import argparse
import hashlib
import os
import random
import subprocess
import sys
import tempfile

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RUN = os.path.join(REPOSITORY, 'tools', 'run')
DEADLINE = '500'


def make_file(folder, name, size, seed):
    path = os.path.join(folder, name)
    with open(path, 'wb') as file:
        file.write(random.Random(seed).randbytes(size))
    return path


def digest(paths):
    total = hashlib.sha256()
    for path in paths:
        with open(path, 'rb') as file:
            total.update(file.read())
    return total.hexdigest()


def run(preset, options, program, wanted, source=subprocess.DEVNULL):
    """Runs the program; True when what it printed has the wanted digest."""
    command = [RUN, '--preset', preset, '--timeout', DEADLINE, *options, '--', *program]
    total, count = hashlib.sha256(), 0
    with subprocess.Popen(command, stdin=source, stdout=subprocess.PIPE) as process:
        while data := process.stdout.read1(1 << 20):
            total.update(data)
            count += len(data)
    if process.returncode == 0 and total.hexdigest() == wanted:
        return True
    print(f'FAILED {" ".join(program)}: status {process.returncode}, {count} bytes of output, '
          f'digest {total.hexdigest()}, {wanted} wanted')
    return False


def binary(preset, folder):
    path = make_file(folder, 'data', 1 << 20, 1)
    wanted = digest([path])
    good = run(preset, ['--file', path + ':/t/data'], ['/bin/cat', '/t/data'], wanted)
    with open(path, 'rb') as source:
        return run(preset, [], ['/bin/cat'], wanted, source) and good


def reading(preset, folder):
    names = [f'data{number}' for number in range(10)]
    paths = [make_file(folder, name, 10 << 20, name) for name in names]
    guest = [f'/t/{name}' for name in names]
    return run(preset, ['--mem', '32M', '--dir', folder + ':/t'], ['/bin/cat', *guest, *guest],
               digest(paths + paths))


def large(preset, folder):
    path = make_file(folder, 'data', 64 << 20, 2)
    with open(path, 'rb') as source:
        return run(preset, ['--mem', '48M'], ['/bin/cat'], digest([path]), source)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--preset', default='release')
    parser.add_argument('what', choices=['binary', 'reading', 'large'])
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        good = {'binary': binary, 'reading': reading, 'large': large}[args.what](args.preset, folder)
    sys.exit(0 if good else 1)


if __name__ == '__main__':
    main()
