#!/usr/bin/env python3
"""Makes /data, the files that the test programs read: make_data.py FOLDER.

pattern, short, empty   bytes that check.h's pattern_byte() foretells: 1 MiB and 123, 5000, none
sparse                  4 GiB and more, a mark at each kind of block pointer, holes between
big/                    3000 names of many lengths
links/                  symbolic links, good, dangling, long, in circles and in chains
modes/                  files of several modes
exec/                   scripts, and things that are no programs
elf/                    RISC-V programs: ok-* exits 42, refused-* must not run, hostile-* may do nothing worse
                        than fail or die
"""
import os
import shutil
import struct
import sys

BLOCK = 4096
POINTERS = BLOCK // 4
SPARSE_BLOCKS = [0, 11, 12, 12 + POINTERS - 1, 12 + POINTERS, 12 + POINTERS + POINTERS * POINTERS - 1,
                 12 + POINTERS + POINTERS * POINTERS, 12 + POINTERS + POINTERS * POINTERS + 5000]
LINK_CHAIN = 45

# ELF64 (System V ABI, Object Files): the fields in file order.
HEADER = struct.Struct('<16sHHIQQQIHHHHHH')
PROGRAM = struct.Struct('<IIQQQQQQ')
IDENT = b'\x7fELF' + bytes([2, 1, 1]) + bytes(9)
ET_EXEC, ET_REL, ET_DYN, ET_CORE, EM_RISCV, EM_X86_64 = 2, 1, 3, 4, 243, 62
PT_LOAD, PT_INTERP, PF_X, PF_W, PF_R = 1, 3, 1, 2, 4
BASE = 0x10000
CODE = struct.pack('<III', 0x02a00513, 0x05d00893, 0x00000073)  # li a0, 42; li a7, 93; ecall
CODE_AT = 0x400


def pattern(length):
    return bytes((i * 31 + (i >> 8) * 7 + (i >> 16)) & 0xff for i in range(length))


def write(path, data, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'wb') as file:
        file.write(data if isinstance(data, bytes) else data.encode())
    os.chmod(path, mode)


def make_plain(top):
    write(f'{top}/pattern', pattern((1 << 20) + 123))
    write(f'{top}/short', pattern(5000))
    write(f'{top}/empty', b'')
    with open(f'{top}/sparse', 'wb') as file:
        for block in SPARSE_BLOCKS:
            file.seek(block * BLOCK)
            file.write(struct.pack('<Q', block) * (BLOCK // 8))
        file.truncate((SPARSE_BLOCKS[-1] + 100) * BLOCK + 77)
    for number in range(3000):
        write(f'{top}/big/{number:04d}' + 'x' * (number * 7 % 90), b'')
    for mode in (0o000, 0o644, 0o755, 0o4711, 0o1777):
        write(f'{top}/modes/{mode:04o}', b'mode', mode)


def make_links(top):
    os.makedirs(f'{top}/links')
    links = {'relative': '../short', 'absolute': '/data/short', 'dangling': 'nowhere',
             'loop-a': 'loop-b', 'loop-b': 'loop-a', 'self': 'self', 'folder': '../big',
             'to-file-slash': '../short/', 'through': 'folder/../short', 'chain-0': '../short',
             'fast': './' * 25 + '../short', 'slow': './' * 30 + '../short',
             'very-slow': './' * 2000 + '../short'}
    links |= {f'chain-{n}': f'chain-{n - 1}' for n in range(1, LINK_CHAIN)}
    for name, target in links.items():
        os.symlink(target, f'{top}/links/{name}')


def make_scripts(top):
    scripts = {'script': '#!/bin/sh\nexit 7\n', 'spaces': '#! \t /bin/sh \t \nexit 8\n',
               'arguments': '#!/t/exec_script one two\nignored\n', 'no-newline': '#!/bin/true',
               'missing': '#!/bin/nowhere\n', 'none': '#!\n', 'blank': '#!   \n',
               'folder': '#!/bin\n', 'text': 'exit 9\n', 'empty': '', 'nul': '\0' * 64,
               'nest-1': '#!/data/exec/arguments\n',
               'long': '#!/' + 'x' * 300 + '\n', 'long-argument': '#!/t/exec_script ' + 'y' * 400}
    scripts |= {f'nest-{n}': f'#!/data/exec/nest-{n - 1}\n' for n in range(2, 8)}
    for name, text in scripts.items():
        write(f'{top}/exec/{name}', text, 0o755)
    write(f'{top}/exec/not-executable', '#!/bin/sh\n', 0o644)
    os.symlink('self-script', f'{top}/exec/self-link')
    write(f'{top}/exec/self-script', '#!/data/exec/self-script\n', 0o755)


def load(offset=0, vaddr=BASE, filesz=CODE_AT + len(CODE), memsz=None, flags=PF_R | PF_X,
         kind=PT_LOAD, align=BLOCK):
    memsz = filesz if memsz is None else memsz
    return PROGRAM.pack(kind, flags, offset, vaddr, vaddr, filesz, memsz, align)


def elf(segments=None, tail=b'', **changes):
    """A program of one page: header, program headers, code at CODE_AT, then the tail."""
    segments = [load()] if segments is None else segments
    field = {'ident': IDENT, 'type': ET_EXEC, 'machine': EM_RISCV, 'version': 1,
             'entry': BASE + CODE_AT, 'phoff': HEADER.size, 'shoff': 0, 'flags': 5,
             'ehsize': HEADER.size, 'phentsize': PROGRAM.size, 'phnum': len(segments),
             'shentsize': 64, 'shnum': 0, 'shstrndx': 0} | changes
    head = HEADER.pack(*field.values()) + b''.join(segments)
    assert len(head) <= CODE_AT
    return head.ljust(CODE_AT, b'\0') + CODE + tail


def interpreter(path, size=None):
    """A program that asks for an interpreter, its path put behind the code."""
    at = CODE_AT + len(CODE)
    return elf([load(kind=PT_INTERP, offset=at, filesz=len(path) if size is None else size), load()],
               tail=path)


def good_programs():
    yield 'plain', elf()
    yield 'writable', elf([load(flags=PF_R | PF_W | PF_X)])
    yield 'bss', elf([load(), load(offset=0, vaddr=BASE + BLOCK, filesz=0, memsz=10 * BLOCK,
                                   flags=PF_R | PF_W)])
    yield 'dyn', elf([load(vaddr=0)], type=ET_DYN, entry=CODE_AT)
    yield 'unknown-header', elf([load(), load(kind=0x60001234, vaddr=0, filesz=0)])
    yield 'no-sections', elf(shoff=0xffffffffff, shnum=500)


def refused_programs():
    yield 'magic', b'\x7fELG' + elf()[4:]
    yield 'class-32', elf(ident=b'\x7fELF' + bytes([1, 1, 1]) + bytes(9))
    yield 'big-endian', elf(ident=b'\x7fELF' + bytes([2, 2, 1]) + bytes(9))
    yield 'type-rel', elf(type=ET_REL)
    yield 'type-core', elf(type=ET_CORE)
    yield 'machine', elf(machine=EM_X86_64)
    yield 'phnum-0', elf(phnum=0)
    yield 'phentsize', elf(phentsize=32)
    yield 'phoff-far', elf(phoff=1 << 40)
    yield 'phoff-wraps', elf(phoff=(1 << 64) - 8)
    yield 'header-cut', elf()[:20]
    yield 'only-magic', elf()[:4]
    yield 'headers-cut', elf(phnum=40)[:HEADER.size + PROGRAM.size]
    yield 'interp-missing', interpreter(b'/lib/nowhere.so\0')
    yield 'interp-no-nul', interpreter(b'/bin/true')
    yield 'interp-empty', interpreter(b'\0', 1)
    yield 'interp-huge', interpreter(b'/bin/true\0', 1 << 40)
    yield 'interp-folder', interpreter(b'/bin\0')
    yield 'interp-script', interpreter(b'/data/exec/script\0')


def hostile_programs():
    yield 'no-load', elf([load(kind=PT_INTERP + 1)])
    yield 'memsz-small', elf([load(memsz=16)])
    yield 'memsz-huge', elf([load(memsz=1 << 40)])
    yield 'memsz-wraps', elf([load(memsz=(1 << 64) - 4096)])
    yield 'filesz-huge', elf([load(filesz=1 << 40)])
    yield 'filesz-past-end', elf([load(filesz=64 * BLOCK)], entry=BASE + 32 * BLOCK)
    yield 'offset-past-end', elf([load(offset=1 << 30)])
    yield 'offset-wraps', elf([load(offset=(1 << 64) - BLOCK)])
    yield 'misaligned', elf([load(offset=8)])
    yield 'vaddr-0', elf([load(vaddr=0)], entry=CODE_AT)
    yield 'vaddr-kernel', elf([load(vaddr=0xffffffff80200000)], entry=0xffffffff80200400)
    yield 'vaddr-top', elf([load(vaddr=(1 << 38) - BLOCK, memsz=16 * BLOCK)])
    yield 'vaddr-hole', elf([load(vaddr=1 << 45)], entry=(1 << 45) + CODE_AT)
    yield 'vaddr-stack', elf([load(), load(vaddr=(1 << 38) - (1 << 20), filesz=0, memsz=(1 << 20) - BLOCK,
                                           flags=PF_R | PF_W)])
    yield 'entry-kernel', elf(entry=0xffffffff80200000)
    yield 'entry-unmapped', elf(entry=0x12345678)
    yield 'entry-odd', elf(entry=BASE + CODE_AT + 1)
    yield 'entry-data', elf([load(flags=PF_R)])
    yield 'no-rights', elf([load(flags=0)])
    yield 'overlap', elf([load(), load(vaddr=BASE), load(vaddr=BASE - BLOCK, memsz=4 * BLOCK)])
    yield 'descending', elf([load(vaddr=BASE + BLOCK * 16), load(vaddr=BASE)])
    yield 'many-headers', elf([load(vaddr=BASE + i * BLOCK * 2) for i in range(17)])
    yield 'align-odd', elf([load(align=3)])
    yield 'align-huge', elf([load(align=1 << 62, vaddr=0)], type=ET_DYN, entry=CODE_AT)
    yield 'dyn-huge', elf([load(vaddr=0, memsz=1 << 38)], type=ET_DYN, entry=CODE_AT)
    yield 'bss-read-only', elf([load(memsz=3 * BLOCK, flags=PF_R | PF_X)])


def make_programs(top):
    for prefix, programs in (('ok', good_programs()), ('refused', refused_programs()),
                             ('hostile', hostile_programs())):
        for name, data in programs:
            write(f'{top}/elf/{prefix}-{name}', data, 0o755)


def main():
    top = sys.argv[1]
    shutil.rmtree(top, ignore_errors=True)
    os.makedirs(top)
    make_plain(top)
    make_links(top)
    make_scripts(top)
    make_programs(top)


if __name__ == '__main__':
    main()
