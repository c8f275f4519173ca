#!/usr/bin/env python3
"""Sizes: files of at most 500 lines, functions of at most 60; in the kernel, median 15 and 90 % up to 40.

clang-format (static.format) makes the parsing easy: a function's opening and closing braces stand
alone in the first column, and nothing else's do. Its length is counted from the line that names it
to the closing brace, which is what a reader scrolls through.
"""
import re
import sys

import sources

MAX_FILE = 500
MAX_FUNCTION = 60
KERNEL_MEDIAN = 15
KERNEL_NINETIETH = 40
NAME = re.compile(r'(\w+)\s*\(')


def functions(text):
    """[(name, line, length)] of the functions in a C file."""
    lines, found, start = text.splitlines(), [], None
    for number, line in enumerate(lines):
        if line.rstrip() == '{':
            start = number
            while start > 0 and lines[start - 1].strip() and lines[start - 1][0] not in '#}/*':
                if lines[start - 1].rstrip().endswith((';', '*/')):
                    break
                start -= 1
        elif line.rstrip() == '}' and start is not None:
            name = NAME.search(' '.join(lines[start:number]))
            found.append((name[1] if name else '?', start + 1, number - start + 1))
            start = None
    return found


def percentile(values, percent):
    """The smallest value that `percent` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def check(files):
    """Complaints about {path: text}."""
    kernel = []
    for path, text in sorted(files.items()):
        count = text.count('\n')
        if count > MAX_FILE:
            yield f'{path}: {count} lines; {MAX_FILE} at most'
        if not path.endswith('.c'):
            continue
        for name, line, length in functions(text):
            if length > MAX_FUNCTION:
                yield f'{path}:{line}: {name} has {length} lines; {MAX_FUNCTION} at most'
            if sources.floor(path) is not None:
                kernel.append(length)
    if kernel:
        median, ninetieth = percentile(kernel, 50), percentile(kernel, 90)
        print(f'kernel: {len(kernel)} functions, median {median}, 90 % up to {ninetieth}, '
              f'longest {max(kernel)}')
        if median > KERNEL_MEDIAN:
            yield f'kernel: the median function has {median} lines; {KERNEL_MEDIAN} at most'
        if ninetieth > KERNEL_NINETIETH:
            yield f'kernel: 90 % of functions reach {ninetieth} lines; {KERNEL_NINETIETH} at most'


def function_text(length):
    return 'static int f(void)\n{\n' + '    work();\n' * (length - 3) + '}\n'


def self_test():
    planted = [
        ({'mm/a.c': function_text(15)}, None),
        ({'mm/a.c': function_text(61) + function_text(5) * 20}, '61 lines'),
        ({'mm/a.c': 'int x;\n' * 501}, '501 lines'),
        ({'mm/a.h': '\n' * 501}, '501 lines'),
        ({'mm/a.c': function_text(16)}, 'median'),
        ({'mm/a.c': function_text(5) * 8 + function_text(41) * 2}, '90 %'),
        ({'userland/a.c': function_text(50)}, None),
        ({'userland/a.c': '/* x */\nint\nf(int a,\n  int b)\n' + function_text(60)[19:]}, '62 lines'),
    ]
    failed = 0
    for files, wanted in planted:
        said = list(check(files))
        good = not said if wanted is None else any(wanted in line for line in said)
        if not good:
            print(f'planted {sorted(files)}: wanted {wanted or "silence"!r}, heard {said}')
        failed += not good
    print(f'{len(planted)} planted files, {failed} judged wrongly')
    return failed


def main():
    if sys.argv[1:] == ['--self-test']:
        sys.exit(1 if self_test() else 0)
    paths = sources.with_suffix('.c', '.h', '.S', '.py', '.cmake', '.sh')
    complaints = list(check({path: sources.read(path) for path in paths}))
    for line in complaints:
        print(line)
    sys.exit(1 if complaints else 0)


if __name__ == '__main__':
    main()
