"""Writes a directory as an initramfs: a cpio archive in the "newc" format.

The format, from Linux's Documentation/driver-api/early-userspace/buffer-format.rst: a header of six
characters of magic and thirteen numbers of eight hexadecimal digits, the name with a NUL, the contents;
name and contents each padded to four bytes. Everything belongs to root; a hard link becomes a copy.
"""
import os
import stat

MAGIC = '070701'
TRAILER = 'TRAILER!!!'
CONSOLE = (5, 1)        # /dev/console, which the kernel opens before init can make anything


def padding(size):
    return b'\0' * (-size % 4)


def entry(number, name, mode, seconds=0, data=b'', device=(0, 0)):
    encoded = os.fsencode(name) + b'\0'
    links = 2 if stat.S_ISDIR(mode) else 1
    fields = [number, mode, 0, 0, links, seconds, len(data), 0, 0, *device, len(encoded), 0]
    head = MAGIC.encode() + b''.join(b'%08x' % field for field in fields) + encoded
    return head + padding(len(head)) + data + padding(len(data))


def contents(path, mode):
    if stat.S_ISLNK(mode):
        return os.fsencode(os.readlink(path))
    if not stat.S_ISREG(mode):
        return b''
    with open(path, 'rb') as file:
        return file.read()


def write(tree, path):
    """The archive of `tree`, at `path`."""
    number = 1
    with open(path, 'wb') as file:
        file.write(entry(1, '.', stat.S_IFDIR | 0o755))
        for folder, directories, names in os.walk(tree):
            directories.sort()
            for name in sorted(directories + names):
                whole = os.path.join(folder, name)
                info = os.lstat(whole)
                number += 1
                file.write(entry(number, os.path.relpath(whole, tree), info.st_mode,
                                 int(info.st_mtime), contents(whole, info.st_mode)))
        file.write(entry(number + 1, 'dev/console', stat.S_IFCHR | 0o600, device=CONSOLE))
        file.write(entry(0, TRAILER, 0))
