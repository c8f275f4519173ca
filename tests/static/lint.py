#!/usr/bin/env python3
"""Runs a checker over the sources: lint.py format|cppcheck|tidy [FILE...].

format    clang-format --dry-run over every C file (.clang-format)
cppcheck  over the kernel's C files
tidy      clang-tidy over the kernel's C files (.clang-tidy), two at a time

Without files, all of them. clang-tidy judges a file's text, so a verdict is kept for each file under
build/lint, by a digest of all that could change it, and an unchanged file is not judged again.
"""
import concurrent.futures
import hashlib
import os
import shutil
import subprocess
import sys

import sources

KEPT = os.path.join(sources.REPOSITORY, 'build', 'lint')
JOBS = 2
CLANG_TARGET = ['--target=riscv64-linux-gnu', '-march=rv64imac', '-mabi=lp64', '-mcmodel=medany']
KERNEL_FLAGS = ['-std=gnu11', '-ffreestanding', '-I', sources.REPOSITORY, '-Wall', '-Wextra',
                '-Wno-unknown-warning-option', '-Wno-unused-command-line-argument']


def kernel_c(files):
    return files or [path for path in sources.kernel_files('.c')
                     if not path.startswith(sources.HOST_ONLY)]


def run(command):
    """(status, output) of one run of a checker."""
    result = subprocess.run(command, cwd=sources.REPOSITORY, stdin=subprocess.DEVNULL, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return result.returncode, result.stdout


def report(result):
    status, output = result
    if status != 0:
        print(output, end='')
    return status != 0


def format_check(files):
    files = files or sources.with_suffix('.c', '.h')
    return report(run(['clang-format', '--dry-run', '-Werror', *files]))


def cppcheck(files):
    kept = os.path.join(KEPT, 'cppcheck')
    os.makedirs(kept, exist_ok=True)
    return report(run([
        'cppcheck', '--quiet', f'-j{JOBS}', '--std=c11', '--platform=unix64', '--inline-suppr',
        '--enable=warning,performance,portability', '--error-exitcode=1', '-I', '.',
        f'--cppcheck-build-dir={kept}', '-D__riscv=1', '-D__riscv_xlen=64', '-D__GNUC__=12',
        '--suppress=missingInclude', '--suppress=missingIncludeSystem',
        '--suppress=constStatement', '--suppress=internalAstError',  # it misreads asm and ?:
        '--suppress=comparePointers',   # the ends of a linker section are two objects to it
        '--template={file}:{line}: {id}: {message}', *kernel_c(files)]))


def digest_of_headers():
    """One digest of every header and the configuration; with it a file's own text decides."""
    digest = hashlib.sha256()
    for path in [*sources.kernel_files('.h'), '.clang-tidy', 'tests/static/lint.py']:
        digest.update(path.encode() + b'\0' + sources.read(path).encode())
    return digest.hexdigest()


def tidy_file(path, headers):
    """True when clang-tidy complains; a verdict of `clean` is kept."""
    text = path + headers + sources.read(path)
    kept = os.path.join(KEPT, 'tidy', hashlib.sha256(text.encode()).hexdigest())
    if os.path.exists(kept):
        return False
    status, output = run(['clang-tidy', '--quiet', '--warnings-as-errors=*', path, '--',
                          *CLANG_TARGET, *KERNEL_FLAGS])
    lines = [line for line in output.splitlines()
             if 'warnings generated' not in line and 'Suppressed' not in line
             and 'Use -header-filter' not in line]
    if status == 0:
        with open(kept, 'w', encoding='ascii'):
            return False
    print('\n'.join(lines), flush=True)
    return True


def tidy(files):
    os.makedirs(os.path.join(KEPT, 'tidy'), exist_ok=True)
    headers = digest_of_headers()
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        return any(list(pool.map(lambda path: tidy_file(path, headers), kernel_c(files))))


CHECKERS = {'format': (format_check, 'clang-format'), 'cppcheck': (cppcheck, 'cppcheck'),
            'tidy': (tidy, 'clang-tidy')}


def main():
    checker, tool = CHECKERS[sys.argv[1]]
    if not shutil.which(tool):
        sys.exit(f'{tool} is missing; tools/test installs it')
    sys.exit(1 if checker(sys.argv[2:]) else 0)


if __name__ == '__main__':
    main()
