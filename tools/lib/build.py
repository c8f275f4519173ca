"""Brings the build tree up to date, quietly: one line when there is work, all of it on failure.

Any number of tools/run may start at once; a lock beside the tree lets one of them build.
"""
import contextlib
import fcntl
import os
import re
import subprocess

from say import STATUS_USAGE, ToolError, say

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

WORK = re.compile(r'\b(Building|Linking|Making|Installing)\b')


def tree(preset):
    """The build tree of a preset."""
    return os.path.join(REPOSITORY, 'build', preset)


def kernel_directory(preset, kernel):
    """Where a kernel's Image and fathom.elf lie; the debug preset's own kernel is the checking one."""
    if kernel in ('release', preset):
        return tree(preset)
    return os.path.join(tree(preset), f'fathom_{kernel}')


@contextlib.contextmanager
def locked(preset):
    os.makedirs(os.path.join(REPOSITORY, 'build'), exist_ok=True)
    with open(os.path.join(REPOSITORY, 'build', f'{preset}.lock'), 'w', encoding='ascii') as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def run_quietly(command, preset):
    """Runs a step of the build; says once that there is work; shows everything when it fails."""
    lines, said = [], False
    with subprocess.Popen(command, cwd=REPOSITORY, text=True, errors='replace',
                          stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            for line in process.stdout:
                lines.append(line)
                if not said and WORK.search(line):
                    say(f'building {preset} ...')
                    said = True
        except BaseException:
            process.terminate()     # ninja ends its own children
            raise
    if process.returncode != 0:
        for line in lines:
            say(line.rstrip('\n'))
        raise ToolError(f'the build of {preset} failed: {" ".join(command)}')


def bring_up_to_date(preset, kernel='release'):
    """Configures the preset's tree if it is new and builds what a boot needs."""
    if os.environ.get('FATHOM_NO_BUILD'):
        if not os.path.exists(os.path.join(kernel_directory(preset, kernel), 'Image')):
            raise ToolError(f'build/{preset} holds no kernel and FATHOM_NO_BUILD is set')
        return
    with locked(preset):
        if not os.path.exists(os.path.join(tree(preset), 'build.ninja')):
            known = subprocess.run(['cmake', '--list-presets'], cwd=REPOSITORY, text=True,
                                   capture_output=True, check=False).stdout
            if f'"{preset}"' not in known:
                raise ToolError(f'--preset {preset}: no such preset', STATUS_USAGE)
            run_quietly(['cmake', '--preset', preset], preset)
        own = kernel_directory(preset, kernel) == tree(preset)
        target = 'bootable' if own else f'bootable_{kernel}'
        run_quietly(['cmake', '--build', tree(preset), '--target', target], preset)
