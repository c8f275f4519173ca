"""Which files the static tests look at."""
import os
import subprocess

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# The floors of the house, lowest first; a file is on the floor of its longest matching folder.
FLOORS = [('lib/', 0), ('arch/', 1), ('kernel/', 2), ('mm/alloc/', 3), ('sched/', 4),
          ('drivers/', 5), ('mm/', 6), ('fs/', 7), ('process/', 8), ('syscall/', 9),
          ('arch/riscv/entry/', 10)]
HOST_ONLY = 'arch/host/'


def floor(path):
    """The floor of a path from the root; None for what is not part of the kernel."""
    matching = [(len(folder), number) for folder, number in FLOORS if path.startswith(folder)]
    return max(matching)[1] if matching else None


def all_files():
    """Every file of the project, from the root: what git knows and does not ignore."""
    listing = subprocess.run(['git', 'ls-files', '-z', '--cached', '--others',
                              '--exclude-standard'], cwd=REPOSITORY, capture_output=True,
                             text=True, check=False)
    if listing.returncode == 0:
        found = listing.stdout.split('\0')
    else:   # an unpacked archive: everything but the build trees
        found = []
        for folder, directories, names in os.walk(REPOSITORY):
            directories[:] = [d for d in directories if d not in ('build', '.git', '__pycache__')]
            found += [os.path.relpath(os.path.join(folder, name), REPOSITORY) for name in names]
    return sorted(path for path in set(found)
                  if path and os.path.isfile(os.path.join(REPOSITORY, path)))


def with_suffix(*suffixes, prefix=''):
    return [path for path in all_files() if path.endswith(suffixes) and path.startswith(prefix)]


def kernel_files(*suffixes):
    return [path for path in with_suffix(*suffixes) if floor(path) is not None]


def read(path, root=REPOSITORY):
    with open(os.path.join(root, path), encoding='utf-8', errors='replace') as file:
        return file.read()
