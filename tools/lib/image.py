#!/usr/bin/env python3
"""Makes ext2 images from directories and files.

    image.py --output FILE [--dir HOST:GUEST] [--file HOST:GUEST] ...

The tree is put together in a stage beside the image (hard links where it can, copies elsewhere),
`mke2fs -d` makes the file system of it, and debugfs gives everything to root when the stage's owner
is somebody else. As a program it leaves an image alone that already holds the same tree: a listing of
what went in is kept beside it. Modes, times and symbolic links are kept.
"""
import argparse
import contextlib
import os
import shutil
import stat
import subprocess
import sys
import tempfile

BLOCK = 4096
POINTERS_PER_BLOCK = BLOCK // 4     # ext2: one indirect block maps so many data blocks
SLACK_BLOCKS = (16 << 20) // BLOCK  # free room for whoever writes to the image
SLACK_INODES = 1024
MAX_SYMLINKS = 40                   # as the kernel's own path walk

# What every root has, whatever was put into it: mount points and places that programs expect.
SKELETON = {'bin': 0o755, 'dev': 0o755, 'etc': 0o755, 'proc': 0o555, 'root': 0o700, 'tmp': 0o1777}

# Fixed, so that the same tree gives the same disk.
VOLUME_ID = '46617468-6f6d-4000-8000-000000000001'


class ImageError(Exception):
    pass


def tool(name):
    """mke2fs and debugfs live in sbin, which not everybody has in PATH."""
    path = os.pathsep.join([os.environ.get('PATH', ''), '/usr/sbin', '/sbin'])
    found = shutil.which(name, path=path)
    if not found:
        raise ImageError(f'{name} is missing (Debian package e2fsprogs)')
    return found


def place(stage, guest):
    """Where the guest's absolute path lies in the stage; its symbolic links stay inside."""
    todo = [part for part in guest.split('/') if part]
    done, links = [], 0
    while todo:
        part = todo.pop(0)
        if part in ('.', '..'):
            if part == '..' and done:
                done.pop()
            continue
        here = os.path.join(stage, *done, part)
        if todo and os.path.islink(here):
            links += 1
            if links > MAX_SYMLINKS:
                raise ImageError(f'{guest}: too many symbolic links')
            target = os.readlink(here)
            if target.startswith('/'):
                done = []
            todo = [piece for piece in target.split('/') if piece] + todo
        else:
            done.append(part)
    return os.path.join(stage, *done)


def make_parents(stage, path, guest):
    parent = os.path.dirname(path)
    if os.path.lexists(parent) and not os.path.isdir(parent):
        raise ImageError(f'{guest}: its parent is not a directory')
    try:
        os.makedirs(parent, exist_ok=True)
    except OSError as error:
        raise ImageError(f'{guest}: {error.strerror}') from error


def copy_file(source, target):
    """Links or copies one file, symbolic link or other thing, over whatever is there."""
    if os.path.isdir(target) and not os.path.islink(target):
        raise ImageError(f'{target}: a directory is in the way')
    if os.path.lexists(target):
        os.unlink(target)
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)
    return target


def add_file(stage, host, guest):
    path = place(stage, guest)
    if guest.endswith('/') or os.path.isdir(path):
        path = os.path.join(path, os.path.basename(host))
    make_parents(stage, path, guest)
    copy_file(os.path.realpath(host), path)


def add_dir(stage, host, guest):
    path = place(stage, guest)
    make_parents(stage, path, guest)
    if os.path.lexists(path) and not os.path.isdir(path):
        raise ImageError(f'{guest}: not a directory')
    for folder, directories, files in os.walk(host):
        inside = os.path.normpath(os.path.join(path, os.path.relpath(folder, host)))
        os.makedirs(inside, exist_ok=True)
        shutil.copystat(folder, inside)
        links = [name for name in directories if os.path.islink(os.path.join(folder, name))]
        for name in files + links:
            copy_file(os.path.join(folder, name), os.path.join(inside, name))


def add_skeleton(stage):
    for name, mode in SKELETON.items():
        path = os.path.join(stage, name)
        if not os.path.lexists(path):
            os.mkdir(path)
            os.chmod(path, mode)


def walk(stage):
    """Every path below the stage with its lstat, sorted."""
    for folder, directories, files in os.walk(stage):
        directories.sort()
        for name in sorted(directories + files):
            path = os.path.join(folder, name)
            yield path, os.lstat(path)


def measure(stage):
    """(blocks, inodes) that the tree needs; a sparse file counts what it holds."""
    blocks, inodes, seen = 0, 0, set()
    for _, info in walk(stage):
        if info.st_nlink > 1 and not stat.S_ISDIR(info.st_mode):
            if (info.st_dev, info.st_ino) in seen:
                continue
            seen.add((info.st_dev, info.st_ino))
        inodes += 1
        data = min(-(-info.st_size // BLOCK), -(-info.st_blocks * 512 // BLOCK) + 1)
        blocks += data + -(-data // POINTERS_PER_BLOCK) + 3
    return blocks, inodes


def make_file_system(stage, path, blocks, inodes):
    """mke2fs; False when the tree did not fit."""
    with open(path, 'wb') as file:
        file.truncate(blocks * BLOCK)
    command = [tool('mke2fs'), '-q', '-F', '-t', 'ext2', '-b', str(BLOCK), '-m', '0',
               '-N', str(inodes), '-L', 'fathom', '-U', VOLUME_ID,
               '-E', f'root_owner=0:0,hash_seed={VOLUME_ID}', '-d', stage, path]
    result = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL,
                            check=False)
    if result.returncode == 0:
        return True
    if 'No space' in result.stderr or 'Could not allocate' in result.stderr:
        return False
    raise ImageError('mke2fs: ' + result.stderr.strip().replace('\n', '; '))


def give_to_root(stage, path):
    commands = []
    for name, info in walk(stage):
        quoted = '"/' + os.path.relpath(name, stage).replace('"', '""') + '"'
        if info.st_uid != 0:
            commands.append(f'sif {quoted} uid 0')
        if info.st_gid != 0:
            commands.append(f'sif {quoted} gid 0')
    if not commands:
        return
    result = subprocess.run([tool('debugfs'), '-w', '-f', '-', path], text=True, check=False,
                            input='\n'.join(commands) + '\n', capture_output=True)
    complaints = [line for line in result.stderr.splitlines() if not line.startswith('debugfs 1.')]
    if result.returncode != 0 or complaints:
        raise ImageError('debugfs: ' + '; '.join(complaints[:3]))


def write_image(stage, path):
    """An image of the stage at `path`, complete or not there at all."""
    data, count = measure(stage)
    inodes = count + count // 4 + SLACK_INODES
    overhead = inodes * 256 // BLOCK
    blocks = data + data // 16 + overhead + SLACK_BLOCKS
    with tempfile.NamedTemporaryFile(dir=os.path.dirname(path) or '.', delete=False) as file:
        unfinished = file.name
    try:
        for _ in range(4):
            if make_file_system(stage, unfinished, blocks, inodes):
                break
            blocks *= 2
        else:
            raise ImageError('mke2fs finds no room for the tree')
        give_to_root(stage, unfinished)
        os.chmod(unfinished, 0o644)
        os.replace(unfinished, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(unfinished)
        raise


@contextlib.contextmanager
def staged(additions, near):
    """A temporary tree of the additions ([(kind, host, guest)]), on the file system of `near`."""
    top = tempfile.mkdtemp(prefix='stage-', dir=near)
    stage = os.path.join(top, 'root')
    try:
        os.mkdir(stage, 0o755)
        for kind, host, guest in additions:
            (add_dir if kind == 'directory' else add_file)(stage, host, guest)
        add_skeleton(stage)
        yield stage
    finally:
        shutil.rmtree(top, ignore_errors=True)


def listing(additions):
    """What would go in, as text: the same text means the same image."""
    lines = []
    for kind, host, guest in additions:
        lines.append(f'{kind} {host} {guest}')
        if not os.path.exists(host):
            raise ImageError(f'{host}: no such {kind}')
        entries = walk(host) if kind == 'directory' else [(host, os.stat(host))]
        for name, info in entries:
            size = info.st_size if not stat.S_ISDIR(info.st_mode) else 0
            when = info.st_mtime_ns if not stat.S_ISDIR(info.st_mode) else 0
            lines.append(f'{name} {info.st_mode:o} {size} {when}')
    with open(__file__, encoding='utf-8') as file:
        lines.append(file.read())
    return '\n'.join(lines)


def update(path, additions):
    """Makes the image anew unless the kept listing says that it already holds this."""
    kept, now = path + '.listing', listing(additions)
    with contextlib.suppress(OSError):
        with open(kept, encoding='utf-8', errors='surrogateescape') as file:
            if file.read() == now and os.path.exists(path):
                return
    with staged(additions, os.path.dirname(path) or '.') as stage:
        write_image(stage, path)
    with open(kept, 'w', encoding='utf-8', errors='surrogateescape') as file:
        file.write(now)


class Addition(argparse.Action):
    def __call__(self, parser, namespace, values, option_string=None):
        host, _, guest = values.rpartition(':')
        kind = 'directory' if option_string == '--dir' else 'file'
        namespace.additions.append((kind, host, guest))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--output', required=True)
    parser.add_argument('--dir', dest='additions', action=Addition, default=[])
    parser.add_argument('--file', dest='additions', action=Addition)
    args = parser.parse_args()
    try:
        update(os.path.abspath(args.output), args.additions)
    except (ImageError, OSError) as error:
        sys.exit(f'image.py: {error}')


if __name__ == '__main__':
    main()
