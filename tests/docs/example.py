#!/usr/bin/env python3
"""The worked example of docs/adding-a-syscall.md, done: its files are compiled, its test is run.

    example.py BUILD-TREE

The kernel's objects of the build tree are linked again in a scratch folder, with the example's own in
addition and those that read the table compiled anew. The scratch folder then looks like a repository
with a build tree, so tools/run boots its kernel.
"""
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile

from pages import REPOSITORY, read_pages

PAGE = 'docs/adding-a-syscall.md'
TABLE = 'syscall/table.h'
TEST = 'tests/user/touched.c'
KERNEL_FOLDERS = ('syscall', 'mm')
COPIED = ('tests', 'tools')     # where a program looks for what is beside its real place


class Failed(Exception):
    pass


def call(command, folder):
    result = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            text=True, errors='replace', check=False)
    if result.returncode != 0:
        raise Failed(f'{shlex.join(command)}\n{result.stdout}')
    return result.stdout


def number_of(line):
    return int(line.strip()[2:].split(',')[0])


def add_to_table(path, row):
    """Puts a row of the table at its place in the order of the numbers."""
    with open(path, encoding='utf-8') as file:
        lines = file.read().split('\n')
    rows = [at for at, line in enumerate(lines) if line.strip().startswith('X(')
            and line.rstrip().endswith('\\') and line.strip()[2].isdigit()]
    after = [at for at in rows if number_of(lines[at]) < number_of(row)]
    lines.insert(after[-1] + 1, row)
    with open(path, 'w', encoding='utf-8') as file:
        file.write('\n'.join(lines))


def unpack(folder):
    """A copy of the kernel's sources with the example's files: the paths that are new."""
    page = next(page for page in read_pages() if page.path == PAGE)
    for name in os.listdir(REPOSITORY):
        source = os.path.join(REPOSITORY, name)
        if name in (*KERNEL_FOLDERS, *COPIED):
            shutil.copytree(source, os.path.join(folder, name))
        elif name not in ('build', '.git'):
            os.symlink(source, os.path.join(folder, name))
    new = []
    for block in page.blocks:
        if not block.words:
            continue
        path = os.path.join(folder, block.words[0])
        if block.kind == 'diff':
            add_to_table(path, block.lines[0])
            continue
        with open(path, 'w', encoding='utf-8') as file:
            file.write(block.text)
        new.append(block.words[0])
    return new


def compile_command(tree, like, source, output):
    """How the build tree compiles `like`, for another file."""
    with open(os.path.join(tree, 'compile_commands.json'), encoding='utf-8') as file:
        entries = json.load(file)
    path = os.path.join(REPOSITORY, like)
    entry = next(e for e in entries if e['file'] == path)
    words = shlex.split(entry['command'])
    words[words.index('-o') + 1] = output
    words[words.index('-c') + 1] = source
    return [f'-I{os.path.dirname(os.path.dirname(source))}' if word == f'-I{REPOSITORY}' else word
            for word in words]


def compile_all(tree, folder, new):
    """The objects that are new or differ: {source path: object}."""
    objects = {}
    old = [f'syscall/{name}' for name in os.listdir(os.path.join(REPOSITORY, 'syscall'))]
    for path in sorted({*old, *new}):
        if path.endswith('.c') and path.split('/')[0] in KERNEL_FOLDERS:
            output = os.path.join(folder, path.replace('/', '_') + '.o')
            call(compile_command(tree, 'syscall/dispatch.c', os.path.join(folder, path), output),
                 folder)
            objects[path] = output
    return objects


def link(tree, folder, objects):
    """The second link of the tree's kernel with our objects; Image beside it."""
    commands = call(['ninja', '-C', tree, '-t', 'commands', 'Image'], folder).splitlines()
    linking = next(line for line in commands if 'fathom_second.elf' in line and '-Wl,' in line
                   and ' -o ' in line)
    linking = linking.split('&&')[1] if linking.startswith(': &&') else linking
    words = shlex.split(linking)
    elf = os.path.join(folder, 'kernel.elf')
    for at, word in enumerate(words):
        for path, output in objects.items():
            if word.endswith(f'/{path}.o'):
                words[at] = output
    words[words.index('-o') + 1] = elf
    in_link = set(words)
    words += [output for output in objects.values() if output not in in_link]
    call(words, tree)
    call([words[0].replace('gcc', 'objcopy'), '-O', 'binary', '-S', elf,
          os.path.join(folder, 'build', 'release', 'Image')], folder)


def make_tree(tree, folder):
    """build/release of the scratch folder: links to all of the tree but its kernel."""
    scratch = os.path.join(folder, 'build', 'release')
    os.makedirs(scratch)
    for name in os.listdir(tree):
        if name not in ('Image', 'fathom.elf') and not name.startswith('run-'):
            os.symlink(os.path.join(tree, name), os.path.join(scratch, name))


def run_test(folder):
    program = os.path.join(folder, 'touched')
    call(['riscv64-linux-gnu-gcc', '-std=gnu11', '-O2', '-Wall', '-Wextra', '-Werror', '-static',
          '-o', program, os.path.join(folder, TEST)], folder)
    command = [os.path.join(folder, 'tools', 'run'), '--timeout', '120',
               '--file', f'{program}:/t/touched', '--', '/t/touched']
    result = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, errors='replace', check=False,
                            env=dict(os.environ, FATHOM_NO_BUILD='1'))
    if result.returncode != 0:
        raise Failed(f'/t/touched ends with {result.returncode}\n{result.stdout}')


def main():
    tree = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        try:
            new = unpack(folder)
            make_tree(tree, folder)
            link(tree, folder, compile_all(tree, folder, new))
            run_test(folder)
        except Failed as failed:
            sys.exit(f'FAILED {failed}')


if __name__ == '__main__':
    main()
