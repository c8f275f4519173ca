#!/usr/bin/env python3
"""The kernel's own symbol table: makes it from a first link, checks it against the second.

The table is four objects in .kernel_symtab, read by the panic's backtrace:

    const uint64_t symtab_count;      how many functions
    const uint32_t symtab_offset[];   each one's distance from kernel_start, ascending
    const uint32_t symtab_name[];     where its name begins in symtab_names
    const char     symtab_names[];    the names, each ended by a NUL

The table file is plain enough to be read back, so that --check needs no
assembler to see whether the second link moved a function.
"""
import argparse
import re
import subprocess
import sys

BASE_SYMBOL = 'kernel_start'
LOCAL = re.compile(r'^(\.L|\$|\.)')


def fail(message):
    sys.exit('mksymtab: ' + message)


def text_symbols(nm, elf):
    """[(offset from kernel_start, name)] of every function, ascending, one name an address."""
    listing = subprocess.run([nm, '-n', elf], check=True, capture_output=True, text=True).stdout
    base, found = None, []
    for line in listing.splitlines():
        fields = line.split()
        if len(fields) != 3:
            continue
        address, kind, name = int(fields[0], 16), fields[1], fields[2]
        if name == BASE_SYMBOL:
            base = address
        if kind in 'tTwW' and not LOCAL.match(name):
            found.append((address, kind, name))
    if base is None:
        fail(f'{elf} has no symbol {BASE_SYMBOL}')
    end = max((a for a, _, n in found if n == 'text_end'), default=None)
    markers = {BASE_SYMBOL, 'text_start', 'text_end'}
    by_offset = {}
    for address, kind, name in found:
        if name in markers or (end is not None and address >= end):
            continue
        # Of several names at one address a global one is the one that people know.
        offset = address - base
        if offset not in by_offset or (kind in 'TW' and by_offset[offset][0] in 'tw'):
            by_offset[offset] = (kind, name)
    return [(offset, by_offset[offset][1]) for offset in sorted(by_offset)]


def table_text(symbols):
    """The assembly of the table; readable without an assembler by table_symbols()."""
    out = ['/* Made by tools/mksymtab.py from the first link of this kernel. */',
           '    .section .kernel_symtab, "a", @progbits']

    def begin(name, align):
        out.extend([f'    .balign {align}', f'    .globl {name}', f'{name}:'])

    begin('symtab_count', 8)
    out.append(f'    .quad {len(symbols)}')
    begin('symtab_offset', 4)
    out.extend(f'    .word {offset:#x}' for offset, _ in symbols)
    begin('symtab_name', 4)
    position = 0
    for _, name in symbols:
        out.append(f'    .word {position}')
        position += len(name) + 1
    begin('symtab_names', 1)
    out.extend(f'    .asciz "{name}"' for _, name in symbols)
    out.append('    .byte 0')
    out.append('    .section .note.GNU-stack, "", @progbits')
    return '\n'.join(out) + '\n'


def table_symbols(text):
    """What table_text() was given."""
    body = text.split('symtab_offset:', 1)[1]
    offsets = re.findall(r'\.word (0x[0-9a-f]+)', body.split('symtab_name:', 1)[0])
    names = re.findall(r'\.asciz "([^"]*)"', body)
    return list(zip((int(o, 16) for o in offsets), names))


def check(symbols, table):
    with open(table, encoding='ascii') as file:
        planned = table_symbols(file.read())
    if symbols != planned:
        moved = sorted(set(symbols) ^ set(planned))[:5]
        fail(f'the second link moved functions: {moved}')


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('elf', nargs='?')
    parser.add_argument('--nm', default='riscv64-linux-gnu-nm')
    parser.add_argument('--empty', action='store_true', help='a table without entries')
    parser.add_argument('--check', metavar='TABLE', help='compare ELF with a table made before')
    parser.add_argument('-o', '--output')
    args = parser.parse_args()
    symbols = [] if args.empty else text_symbols(args.nm, args.elf)
    if args.check:
        check(symbols, args.check)
    else:
        with open(args.output, 'w', encoding='ascii') as file:
            file.write(table_text(symbols))


if __name__ == '__main__':
    main()
