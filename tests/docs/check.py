#!/usr/bin/env python3
"""What the documentation names exists: check.py names | links | commands | locks | syscalls | self-test.

    names      paths and functions in code font; words_with_underscores there and in pictures
    links      relative links, and the headings that they end in
    commands   every command in a block is in the list (commands.py), and the list has no others
    locks      docs/locks.md names every file that declares a lock
    syscalls   docs/syscalls.md is what tools/gen-syscalls makes of the table

Each complaint is one line, FILE:LINE: what.
"""
import os
import re
import subprocess
import sys

from commands import COMMANDS
from pages import REPOSITORY, Page, read_pages, report

# A path from the root: one of these, then more.
FOLDERS = ('arch', 'cmake', 'docs', 'drivers', 'fs', 'kernel', 'lib', 'linker', 'mm', 'process',
           'sched', 'syscall', 'tests', 'tools', 'userland')
FILES = ('CMakeLists.txt', 'CMakePresets.json', 'README.md')
PATH = re.compile(r'(?:' + '|'.join(FOLDERS) + r')(?:/[\w.*+-]+)*/?')
FUNCTION = re.compile(r'(\w+)\(\)')
IDENTIFIER = re.compile(r'(?<![\w./-])[A-Za-z]\w*_\w+(?![\w./-])')
PICTURE = '    '    # what begins a line that stands as it is
VARIABLE_PART = re.compile(r'NAME|PRESET')
SOURCES = ('.c', '.h', '.S', '.cmake', '.txt', '.py', '.sh')
KINDS = ('sh', 'guest', 'output', 'c', 'asm', 'diff', 'text', '')
LOCKS = 'docs/locks.md'
LOCK = re.compile(r'^(?:static|    )\s*struct (?:spinlock|mutex|rw_lock) \w+(?:;| =)', re.MULTILINE)
# Names in code font, with brackets, that are user space's or others' own.
FOREIGN = {'read', 'write'}
# Other people's names, which the seed texts use for what we call otherwise.
SEEDS = 'docs/seeds.md'
SEED_NAMES = {'find_mmap_area', 'handle_mmap_fault', 'kalloc', 'kfree', 'mappages', 'walkpgdir',
              'allocuvm', 'deallocuvm', 'usertrap', 'PTE_P', 'mmap_region', 'mmap_area'}


def path_exists(path):
    if VARIABLE_PART.search(path):
        return os.path.isdir(os.path.join(REPOSITORY, os.path.dirname(path)))
    if '*' in path:
        return os.path.isdir(os.path.join(REPOSITORY, path.split('*')[0].rpartition('/')[0]))
    return os.path.exists(os.path.join(REPOSITORY, path))


def is_path(word):
    return word in FILES or (PATH.fullmatch(word) and ('/' in word or word in FOLDERS))


def all_sources():
    """The text of all code: what a function's name is looked up in."""
    texts = []
    for folder in FOLDERS:
        if folder == 'docs':
            continue
        for where, _, names in os.walk(os.path.join(REPOSITORY, folder)):
            for name in sorted(names):
                if name.endswith(SOURCES) or '.' not in name:
                    with open(os.path.join(where, name), encoding='utf-8',
                              errors='replace') as file:
                        texts.append(file.read())
    return '\n'.join(texts)


def defined_names(source):
    """Names that stand before a bracket, or that a table of system calls defines."""
    names = set(re.findall(r'\b(\w+)\(', source))
    names |= {f'sys_{name}' for name in re.findall(r'^\s*X\(\d+, \w+, (\w+)', source, re.MULTILINE)}
    names |= set(re.findall(r'^\s*\.globl (\w+)', source, re.MULTILINE))
    return names


def check_identifiers(pages, known):
    """Words with an underscore in code font and in pictures occur in the code."""
    for page in pages:
        own = {word for block in page.blocks for word in re.findall(r'\w+', block.text)}
        pictures = [(line, text) for line, text in page.prose if text.startswith(PICTURE)]
        for line, text in [*page.words(), *pictures]:
            for word in IDENTIFIER.findall(text):
                if word not in known | own and not (page.path == SEEDS and word in SEED_NAMES):
                    yield f'{page.path}:{line}: the code has no {word}'


def check_names(pages, names):
    for page in pages:
        for line, word in page.words():
            for function in FUNCTION.findall(word):
                if function in FOREIGN or (page.path == SEEDS and function in SEED_NAMES):
                    continue
                if function not in names:
                    yield f'{page.path}:{line}: there is no function {function}()'
            if is_path(word) and not path_exists(word):
                yield f'{page.path}:{line}: there is no {word}'


def check_links(pages):
    known = {page.path: set(page.anchors()) for page in pages}
    for page in pages:
        for line, link in page.links():
            if re.match(r'[a-z]+:', link):
                continue
            path, _, anchor = link.partition('#')
            target = page.path
            if path:
                target = os.path.normpath(os.path.join(os.path.dirname(page.path), path))
            if path and not os.path.exists(os.path.join(REPOSITORY, target)):
                yield f'{page.path}:{line}: the link {link} leads nowhere'
            elif anchor and anchor not in known.get(target, ()):
                yield f'{page.path}:{line}: {target} has no heading for {link}'


def check_commands(pages, listed=None):
    listed = COMMANDS if listed is None else listed
    seen = set()
    for page in pages:
        if page.open:
            yield f'{page.open.place}: this block does not end'
        for block in page.blocks:
            if block.kind not in KINDS:
                yield f'{block.place}: a block marked {block.kind} is not known'
            if block.kind != 'sh':
                continue
            for command in block.lines:
                seen.add(command)
                if command not in listed:
                    yield f'{block.place}: not in tests/docs/commands.py: {command}'
    for command in listed:
        if command not in seen and not listed[command].elsewhere:
            yield f'tests/docs/commands.py: no page has {command}'


def lock_files():
    """Kernel files with a lock of their own: a member, or one that is static."""
    for folder in FOLDERS:
        for where, _, names in os.walk(os.path.join(REPOSITORY, folder)):
            path = os.path.relpath(where, REPOSITORY)
            if path.split('/')[0] in ('docs', 'tests', 'tools', 'userland'):
                continue
            for name in sorted(names):
                if name.endswith(('.c', '.h')):
                    with open(os.path.join(where, name), encoding='utf-8') as file:
                        yield f'{path}/{name}', file.read()


def check_locks(pages, files):
    text = next(page for page in pages if page.path == LOCKS)
    named = {word for _, word in text.words()}
    for path, source in files:
        if LOCK.search(source) and path not in named:
            yield f'{LOCKS}: the lock declared in {path} is not in the table'


def check_syscalls():
    tool = os.path.join(REPOSITORY, 'tools', 'gen-syscalls')
    result = subprocess.run([tool], capture_output=True, text=True, check=False)
    if result.returncode != 0:
        yield f'tools/gen-syscalls ends with {result.returncode}: {result.stderr.strip()}'
        return
    with open(os.path.join(REPOSITORY, 'docs', 'syscalls.md'), encoding='utf-8') as file:
        if file.read() != result.stdout:
            yield 'docs/syscalls.md is not what tools/gen-syscalls > docs/syscalls.md makes'


PLANTED = """# One
    no_such_word and vma_find
`mm/nowhere.c` and `mm_nowhere()` and [a](b.md) and [c](#two-parts) and `mm/vma.h` and `vma_find()`
## Two parts: of it
[d](#two-parts-of-it)
```sh
rm -rf nothing
```
```perl
```
"""


def self_test():
    pages = [Page('README.md', PLANTED)]
    names = defined_names('struct vma *vma_find(int);')
    wanted = {
        'names': (check_names(pages, names), ['mm_nowhere()', 'mm/nowhere.c']),
        'identifiers': (check_identifiers(pages, {'vma_find'}), ['no_such_word', 'mm_nowhere']),
        'locks': (check_locks([Page(LOCKS, '`mm/mm.h`')], [
            ('mm/mm.h', '    struct rw_lock lock;\n'), ('mm/x.c', 'static struct spinlock x_lock = 1;\n'),
            ('mm/y.h', 'struct mutex;\n')]), ['mm/x.c']),
        'links': (check_links(pages), ['b.md', '#two-parts']),
        'commands': (check_commands(pages, {}), ['rm -rf nothing', 'perl']),
    }
    for name, (complaints, words) in wanted.items():
        complaints = list(complaints)
        if len(complaints) != len(words):
            yield f'{name}: {len(complaints)} complaints, {len(words)} wanted: {complaints}'
        for word in words:
            if not any(word in line for line in complaints):
                yield f'{name}: {word} was not caught'


def main():
    what = sys.argv[1:]
    if what == ['names']:
        pages, source = read_pages(), all_sources()
        report([*check_names(pages, defined_names(source)),
                *check_identifiers(pages, set(re.findall(r'\w+', source)))])
    elif what == ['links']:
        report(check_links(read_pages()))
    elif what == ['commands']:
        report(check_commands(read_pages()))
    elif what == ['locks']:
        report(check_locks(read_pages(), lock_files()))
    elif what == ['syscalls']:
        report(check_syscalls())
    elif what == ['self-test']:
        report(self_test())
    else:
        sys.exit(__doc__)


if __name__ == '__main__':
    main()
