"""Debian's own Linux for riscv64, and busybox, fetched once and kept outside the tree.

The packages come from the archive that this machine's apt already uses (FATHOM_DEBIAN=URI names
another), through apt-get with lists and state of its own, so that the machine's are not touched;
apt checks Debian's signature. What is kept, in FATHOM_CACHE or ${XDG_CACHE_HOME:-~/.cache}/fathom:

    linux-trixie/vmlinux    the kernel, as firmware loads it
    linux-trixie/busybox    a static busybox
"""
import fcntl
import os
import re
import shutil
import subprocess
import tempfile

from say import ToolError, say

SUITE = 'trixie'        # Debian 13: Linux 6.12
KERNEL_PACKAGE = 'linux-image-riscv64'
BUSYBOX_PACKAGE = 'busybox-static'
KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'
SECONDS = 900           # for one step; the kernel's package is a hundred megabytes

SETTINGS = """\
Dir::Etc::sourcelist "{top}/sources.list";
Dir::Etc::sourceparts "-";
Dir::State "{top}/state";
Dir::State::lists "{top}/lists";
Dir::State::status "{top}/status";
Dir::Cache "{top}/cache";
APT::Architecture "riscv64";
APT::Architectures {{ "riscv64"; }};
APT::Sandbox::User "";
APT::Update::Error-Mode "any";
Acquire::Languages "none";
Acquire::Retries "1";
Acquire::http::Timeout "20";
"""


class Unavailable(ToolError):
    """Linux cannot be had here."""


def cache_folder():
    chosen = os.environ.get('FATHOM_CACHE')
    if not chosen:
        home = os.environ.get('XDG_CACHE_HOME') or os.path.expanduser('~/.cache')
        chosen = os.path.join(home, 'fathom')
    return os.path.join(os.path.abspath(chosen), f'linux-{SUITE}')


def archives():
    """The base URIs of Debian's archive that this machine's apt uses."""
    if os.environ.get('FATHOM_DEBIAN'):
        return [os.environ['FATHOM_DEBIAN']]
    listing = subprocess.run(['apt-get', 'indextargets', '--no-release-info',
                              '--format', '$(REPO_URI) $(COMPONENT)'], text=True,
                             capture_output=True, check=False).stdout
    found = re.findall(r'^(\S+/debian/?) main$', listing, re.MULTILINE)
    return list(dict.fromkeys(found))


def step(command, environment, folder):
    """Runs one step; its last complaint becomes ours."""
    try:
        result = subprocess.run(command, cwd=folder, env=environment, text=True, timeout=SECONDS,
                                capture_output=True, stdin=subprocess.DEVNULL, check=False)
    except subprocess.TimeoutExpired as error:
        raise Unavailable(f'{" ".join(command[:2])} took over {SECONDS} seconds') from error
    if result.returncode != 0:
        lines = [line for line in result.stderr.splitlines() if line.strip()]
        raise Unavailable(f'{" ".join(command[:2])}: {lines[-1] if lines else "failed"}')
    return result.stdout


def apt_environment(top, archive):
    for name in ('state', 'lists/partial', 'cache/archives/partial'):
        os.makedirs(os.path.join(top, name))
    with open(os.path.join(top, 'status'), 'w', encoding='ascii'):
        pass
    with open(os.path.join(top, 'sources.list'), 'w', encoding='utf-8') as file:
        file.write(f'deb [arch=riscv64 signed-by={KEYRING}] {archive} {SUITE} main\n')
    settings = os.path.join(top, 'apt.conf')
    with open(settings, 'w', encoding='utf-8') as file:
        file.write(SETTINGS.format(top=top))
    return {**os.environ, 'APT_CONFIG': settings, 'LC_ALL': 'C'}


def download(top, archive):
    """Both packages, unpacked below `top`/unpacked."""
    environment = apt_environment(top, archive)
    step(['apt-get', 'update'], environment, top)
    depends = step(['apt-cache', 'depends', KERNEL_PACKAGE], environment, top)
    kernel = re.search(r'Depends: (linux-image-\S+-riscv64)', depends)
    if not kernel:
        raise Unavailable(f'{archive} {SUITE} has no {KERNEL_PACKAGE}')
    step(['apt-get', 'download', kernel[1], BUSYBOX_PACKAGE], environment, top)
    for name in os.listdir(top):
        if name.endswith('.deb'):
            step(['dpkg-deb', '-x', name, 'unpacked'], environment, top)


def find(top, pattern):
    """The one file below `top` whose path matches."""
    for folder, _, names in os.walk(top):
        for name in names:
            path = os.path.join(folder, name)
            if re.fullmatch(pattern, os.path.relpath(path, top)):
                return path
    raise Unavailable(f"Debian's packages hold no {pattern}")


def fetch(folder):
    """Fills the cache; it is complete or not there."""
    for tool in ('apt-get', 'apt-cache', 'dpkg-deb'):
        if not shutil.which(tool):
            raise Unavailable(f'Linux comes from Debian, and {tool} is missing here')
    if not os.path.exists(KEYRING):
        raise Unavailable(f"Debian's keys are missing: {KEYRING} (package debian-archive-keyring)")
    bases = archives()
    if not bases:
        raise Unavailable("none of apt's sources is Debian's archive; FATHOM_DEBIAN=URI names one")
    say(f"fetching Debian's Linux and busybox for riscv64 into {folder} ...")
    parent = os.path.dirname(folder)
    with tempfile.TemporaryDirectory(prefix='fetch-', dir=parent) as top:
        download(top, bases[0])
        ready = os.path.join(top, 'ready')
        os.mkdir(ready)
        unpacked = os.path.join(top, 'unpacked')
        shutil.move(find(unpacked, r'boot/vmlinu[xz]-.*'), os.path.join(ready, 'vmlinux'))
        shutil.move(find(unpacked, r'(usr/)?bin/busybox'), os.path.join(ready, 'busybox'))
        os.replace(ready, folder)


def prepare():
    """(path of the kernel, path of busybox); fetches them the first time. Unavailable: why not."""
    folder = cache_folder()
    try:
        os.makedirs(os.path.dirname(folder), exist_ok=True)
        with open(folder + '.lock', 'w', encoding='ascii') as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if not os.path.isdir(folder):
                fetch(folder)
    except OSError as error:
        raise Unavailable(f'{folder}: {error.strerror}') from error
    return os.path.join(folder, 'vmlinux'), os.path.join(folder, 'busybox')
