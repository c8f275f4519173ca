#!/usr/bin/env python3
"""The order test: no arrow runs up the floors, and no two files include or call each other in a circle.

Includes are read from the sources, calls (and uses of data) from the object files with nm: an
undefined symbol is an arrow to the object that defines it. What the compiler itself may call is
exempt, by the fixed list below; what the linker script and the symbol table define has no file.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile

import sources

# Calls that gcc makes on its own account: GCC manual, 2.1 (freestanding) and libgcc's integer routines.
COMPILER_HELPERS = {'memcpy', 'memmove', 'memset', 'memcmp', '__clzdi2', '__clzsi2', '__ctzdi2',
                    '__ctzsi2', '__popcountdi2', '__popcountsi2', '__ffsdi2', '__bswapdi2',
                    '__bswapsi2'}
# linker/kernel.ld and tools/mksymtab.py.
LINKER_SYMBOLS = {'kernel_start', 'kernel_end', 'text_start', 'text_end', 'rodata_start',
                  'rodata_end', 'data_start', 'data_end', 'bss_start', 'bss_end', 'ex_table_start',
                  'ex_table_end', '_image_size', 'KERNEL_BASE', 'symtab_count', 'symtab_offset',
                  'symtab_name', 'symtab_names'}
INCLUDE = re.compile(r'[ \t]*#[ \t]*include[ \t]*["<]([^">]+)[">]')
CONDITION = re.compile(r'[ \t]*#[ \t]*(if|ifdef|ifndef|else|elif|endif)\b(.*)')
HOST_MACRO = 'FATHOM_HOST'
# What C itself gives a freestanding program (C11, 4 paragraph 6).
FREESTANDING = {'float.h', 'iso646.h', 'limits.h', 'stdalign.h', 'stdarg.h', 'stdbool.h',
                'stddef.h', 'stdint.h', 'stdnoreturn.h', 'stdatomic.h'}


def circles(graph):
    """The strongly connected components of {node: nodes} with more than one node (Tarjan)."""
    index, low, stack, on_stack, found = {}, {}, [], set(), []

    def visit(root):
        work = [(root, iter(sorted(graph.get(root, ()))))]
        while work:
            node, children = work[-1]
            if node not in index:
                index[node] = low[node] = len(index)
                stack.append(node)
                on_stack.add(node)
            for child in children:
                if child not in index:
                    work.append((child, iter(sorted(graph.get(child, ())))))
                    break
                if child in on_stack:
                    low[node] = min(low[node], index[child])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    component = []
                    while not component or component[-1] != node:
                        component.append(stack.pop())
                        on_stack.discard(component[-1])
                    if len(component) > 1 or node in graph.get(node, ()):
                        found.append(sorted(component))

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found


def check_graph(graph, what, why):
    """Complaints about a {file: files} graph; why(a, b) tells what the arrow is."""
    for source in sorted(graph):
        for target in sorted(graph[source]):
            if sources.floor(target) is None:
                yield f'{source}: {what} {target}, which is no part of the kernel{why(source, target)}'
            elif sources.floor(source) < sources.floor(target):
                yield (f'{source}: (floor {sources.floor(source)}) {what} {target} '
                       f'(floor {sources.floor(target)}){why(source, target)}')
    for circle in circles(graph):
        arrows = [f'{a} -> {b}{why(a, b)}' for a in circle for b in sorted(graph[a])
                  if b in circle]
        yield f'circle ({what}): ' + '; '.join(arrows)


def includes(text):
    """The names that a file includes, less those for the host tests only (#ifdef FATHOM_HOST)."""
    skipping, names = [], []    # of each open condition: None, or is this branch the host's?
    for line in text.splitlines():
        condition = CONDITION.match(line)
        if not condition:
            found = INCLUDE.match(line)
            if found and not any(skipping):
                names.append(found[1])
        elif condition[1] == 'endif':
            if skipping:
                skipping.pop()
        elif condition[1] in ('else', 'elif'):
            if skipping and skipping[-1] is not None:
                skipping[-1] = not skipping[-1]
        elif HOST_MACRO in condition[2]:
            skipping.append(condition[1] != 'ifndef' and '!' not in condition[2])
        else:
            skipping.append(None)
    return names


def include_graph(files, root):
    """({file: files}, complaints) of the includes; every name is from the root."""
    graph, complaints = {}, []
    for path in files:
        graph[path] = set()
        for name in includes(sources.read(path, root)):
            if name in FREESTANDING and not os.path.exists(os.path.join(root, name)):
                continue
            if os.path.exists(os.path.join(root, name)):
                graph[path].add(name)
            else:
                complaints.append(f'{path}: includes {name}, which is not there from the root')
    return graph, complaints


def object_symbols(nm, objects):
    """{source path: (defined, undefined)} of the object files below a folder."""
    found = {}
    for folder, _, names in os.walk(objects):
        for name in sorted(names):
            if not name.endswith('.o'):
                continue
            path = os.path.join(folder, name)
            listing = subprocess.run([nm, path], capture_output=True, text=True, check=True).stdout
            defined, undefined = set(), set()
            for line in listing.splitlines():
                kind, symbol = line.split()[-2:]
                if kind in 'Uw':
                    undefined.add(symbol)
                elif kind.isupper():
                    defined.add(symbol)
            found[os.path.relpath(path, objects)[:-2]] = (defined, undefined)
    return found


def call_graph(symbols):
    """({file: files}, {(file, file): names}, complaints)."""
    where = {}
    for path, (defined, _) in symbols.items():
        for symbol in defined:
            where[symbol] = path
    graph, names, complaints = {path: set() for path in symbols}, {}, []
    for path, (_, undefined) in symbols.items():
        for symbol in undefined - COMPILER_HELPERS - LINKER_SYMBOLS:
            if symbol not in where:
                complaints.append(f'{path}: uses {symbol}, which no file defines')
                continue
            graph[path].add(where[symbol])
            names.setdefault((path, where[symbol]), set()).add(symbol)
    return graph, names, complaints


def check_includes(files, root):
    graph, complaints = include_graph(files, root)
    return complaints + list(check_graph(graph, 'includes', lambda a, b: ''))


def check_calls(nm, objects, files):
    symbols = {path: pair for path, pair in object_symbols(nm, objects).items() if path in files}
    if not symbols:
        return [f'no object files below {objects}: build first']
    graph, names, complaints = call_graph(symbols)
    return complaints + list(check_graph(
        graph, 'uses', lambda a, b: ' (' + ', '.join(sorted(names[a, b])) + ')'))


# Planted trees: (what must be found, {path: contents}). An empty first part: all is well.
PLANTED = [
    ('', {'lib/a.h': 'int a(void);\n', 'lib/a.c': '#include "lib/a.h"\nint a(void){return 1;}\n',
          'mm/b.c': '#include "lib/a.h"\nint b(void);int b(void){return a();}\n'}),
    ('', {'lib/a.c': '#ifdef FATHOM_HOST\n#include <sys/types.h>\n#else\n#include <stddef.h>\n'
                     '#endif\n'}),
    ('includes fs/b.h', {'mm/a.c': '#ifndef FATHOM_HOST\n#include "fs/b.h"\n#endif\n',
                         'fs/b.h': '\n'}),
    ('includes fs/b.h', {'mm/a.c': '#include "fs/b.h"\n', 'fs/b.h': '\n'}),
    ('includes arch/riscv/entry/b.h', {'syscall/a.c': '#include "arch/riscv/entry/b.h"\n',
                                       'arch/riscv/entry/b.h': '\n'}),
    ('circle (includes)', {'mm/a.h': '#pragma once\n#include "mm/b.h"\n',
                           'mm/b.h': '#pragma once\n#include "mm/a.h"\n'}),
    ('not there from the root', {'mm/a.c': '#include "b.h"\n', 'mm/b.h': '\n'}),
    ('no part of the kernel', {'mm/a.c': '#include "userland/b.h"\n', 'userland/b.h': '\n'}),
    ('uses fs/b.c (floor 7) (b)', {'mm/a.c': 'int b(void);int a(void);int a(void){return b();}\n',
                                   'fs/b.c': 'int b(void);int b(void){return 1;}\n'}),
    ('uses fs/b.c (floor 7) (b)', {'mm/a.c': 'extern int b;int a(void);int a(void){return b;}\n',
                                   'fs/b.c': 'int b = 1;\n'}),
    ('circle (uses)', {
        'mm/a.c': 'int b(void);int a(void);int a(void){return b();}\n',
        'mm/b.c': 'int c(void);int b(void);int b(void){return c();}\n',
        'mm/c.c': 'int a(void);int c(void);int c(void){return a();}\n'}),
    ('which no file defines', {'mm/a.c': 'int b(void);int a(void);int a(void){return b();}\n'}),
    ('', {'lib/a.c': 'void *memcpy(void*,const void*,unsigned long);void g(void*,void*);'
                     'void g(void*a,void*b){memcpy(a,b,4096);}\n',
          'lib/b.c': 'void g(void*,void*);void*memcpy(void*a,const void*b,unsigned long n);'
                     'void*memcpy(void*a,const void*b,unsigned long n){if(n==1)g(a,(void*)b);'
                     'return a;}\n'}),
]


def examine(files, cc, nm):
    """What the test says about a planted tree."""
    with tempfile.TemporaryDirectory() as root:
        objects = os.path.join(root, 'objects')
        for path, text in files.items():
            full, made = os.path.join(root, path), os.path.join(objects, path + '.o')
            os.makedirs(os.path.dirname(full), exist_ok=True)
            os.makedirs(os.path.dirname(made), exist_ok=True)
            with open(full, 'w', encoding='utf-8') as file:
                file.write(text)
        complaints = check_includes([p for p in files if sources.floor(p) is not None], root)
        for path in files:
            if path.endswith('.c'):
                made = os.path.join(objects, path + '.o')
                subprocess.run([cc, '-I', root, '-I', os.path.join(root, 'mm'), '-ffreestanding',
                                '-O1', '-c', '-o', made, os.path.join(root, path)], check=True)
        return complaints + check_calls(nm, objects, set(files))


def self_test(cc, nm):
    failed = 0
    for wanted, files in PLANTED:
        said = examine(files, cc, nm)
        good = not said if not wanted else any(wanted in line for line in said)
        if not good:
            print(f'planted {sorted(files)}: wanted {wanted or "silence"!r}, heard {said}')
        failed += not good
    print(f'{len(PLANTED)} planted trees, {failed} judged wrongly')
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--nm', default='riscv64-linux-gnu-nm')
    parser.add_argument('--cc', default='riscv64-linux-gnu-gcc')
    parser.add_argument('--objects', help="the folder of the kernel's object files")
    parser.add_argument('--self-test', action='store_true')
    args = parser.parse_args()
    if args.self_test:
        sys.exit(1 if self_test(args.cc, args.nm) else 0)
    files = [path for path in sources.kernel_files('.c', '.h', '.S')
             if not path.startswith(sources.HOST_ONLY)]
    complaints = check_includes(files, sources.REPOSITORY)
    if args.objects:
        complaints += check_calls(args.nm, args.objects, set(files))
    for line in complaints:
        print(line)
    print(f'{len(files)} files, {len(complaints)} complaints')
    sys.exit(1 if complaints else 0)


if __name__ == '__main__':
    main()
