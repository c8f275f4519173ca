#!/usr/bin/env python3
"""The same programs under Fathom and under Linux: what they print must be the same.

    diff.py --preset NAME --cases PROGRAM [--smp N]
    diff.py --self-test

Every case of PROGRAM (cases.h) runs once under tools/run and once under tools/linux-control, all in one
boot each. Each case is compared by itself, after process numbers and addresses got names in the order in which
the case mentions them. A difference is shown as a diff. When Linux cannot be had here the status is SKIPPED.
"""
import argparse
import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SKIPPED = 77            # tests/diff/CMakeLists.txt tells ctest
DEADLINE = 300
LEAST = 60              # cases; fewer means that a boot lost some
NAMED = re.compile(r'<(pid|address) [^>]*>')


def make_data(folder, cases):
    """What the cases read, as /d."""
    def write(name, text, mode=0o644):
        path = os.path.join(folder, name)
        with open(path, 'w', encoding='ascii') as file:
            file.write(text)
        os.chmod(path, mode)

    for name in ('dir', 'dir/sub', 'dir/sub/deep', 'hollow'):
        os.mkdir(os.path.join(folder, name))
        os.chmod(os.path.join(folder, name), 0o755)
    write('hello', 'hello, world\n')
    write('empty', '')
    write('big', ''.join(f'line {number:04}\n' for number in range(2000)))
    write('secret', 'sh', 0o600)
    for name in ('dir/a', 'dir/b', 'dir/c', 'dir/sub/deep/file', 'n' * 255):
        write(name, f'this is {name[-20:]}\n')
    write('garbage', '\x01\x02 no program\n', 0o755)
    write('nothing', '', 0o755)
    write('cut', '\x7fELF\x02\x01\x01', 0o755)
    write('orphan', '#!/d/missing\n', 0o755)
    write('script', '#!/d/cases child\n', 0o755)
    links = {'link': 'hello', 'dangling': 'nowhere', 'loop1': 'loop2', 'loop2': 'loop1',
             'dirlink': 'dir', 'absolute': '/d/dir/a', 'chain1': 'chain2', 'chain2': 'link'}
    for name, target in links.items():
        os.symlink(target, os.path.join(folder, name))
    shutil.copy(cases, os.path.join(folder, 'cases'))


def split(output):
    """{case: lines}, from what the program printed; the last line is how it ended."""
    found, lines = {}, None
    for line in output.decode('utf-8', 'backslashreplace').splitlines():
        if line.startswith('@ '):
            lines = found[line[2:]] = []
        elif lines is not None:
            lines.append(line)
    return found


def rename(lines):
    """Process numbers and addresses by the order in which they come."""
    names = {}

    def name(match):
        return names.setdefault(match[0], f'<{match[1]} {len(names) + 1}>')
    return [NAMED.sub(name, line) for line in lines]


def compare(fathom, linux):
    """A diff of each case that differs."""
    for case in [*linux, *(case for case in fathom if case not in linux)]:
        ours, theirs = rename(fathom.get(case, [])), rename(linux.get(case, []))
        if ours != theirs:
            yield '\n'.join([f'{case} differs:', *difflib.unified_diff(
                theirs, ours, 'Linux', 'Fathom', lineterm='')])


def boot(tool, options, log):
    command = [os.path.join(REPOSITORY, 'tools', tool), *options, '--timeout', str(DEADLINE),
               '--log', log, '--', '/d/cases']
    result = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    if result.returncode != 0:
        sys.stderr.write(result.stderr.decode('utf-8', 'replace'))
        sys.exit(f'diff.py: {tool} ended with {result.returncode}')
    return split(result.stdout)


def fetch():
    """Has Linux fetched if need be; ends as skipped, with the reason, when it cannot be."""
    result = subprocess.run([os.path.join(REPOSITORY, 'tools', 'linux-control'), '--fetch'],
                            text=True, stderr=subprocess.PIPE, check=False)
    sys.stderr.write(result.stderr)
    if result.returncode != 0:
        print('skipped: there is no Linux to compare with:', result.stderr.strip())
        sys.exit(SKIPPED)


def self_test():
    linux = {'a': ['x: <pid 5>', 'y: <pid 9>', '=: exit 0'], 'b': ['z: 1']}
    same = {'a': ['x: <pid 77>', 'y: <pid 78>', '=: exit 0'], 'b': ['z: 1']}
    planted = [{**same, 'b': ['z: EINVAL']}, {'a': same['a']}, {**same, 'c': ['z: 1']},
               {**same, 'a': ['x: <pid 7>', 'y: <pid 7>', '=: exit 0']}]
    assert not list(compare(same, linux))
    for wrong in planted:
        assert len(list(compare(wrong, linux))) == 1, wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--preset', default='release')
    parser.add_argument('--cases')
    parser.add_argument('--smp', default='2')
    parser.add_argument('--self-test', action='store_true')
    options = parser.parse_args()
    if options.self_test:
        self_test()
        return
    fetch()
    with tempfile.TemporaryDirectory() as folder:
        data, log = os.path.join(folder, 'data'), os.path.join(folder, 'log')
        os.mkdir(data)
        make_data(data, options.cases)
        common = ['--preset', options.preset, '--smp', options.smp, '--dir', f'{data}:/d']
        linux = boot('linux-control', common, log)
        fathom = boot('run', common, log)
    differences = list(compare(fathom, linux))
    for text in differences:
        print(text)
    print(f'{len(linux)} cases, {len(differences)} differ')
    sys.exit(1 if differences or len(linux) < LEAST else 0)


if __name__ == '__main__':
    main()
