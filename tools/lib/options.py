"""The command line of tools/run: parsed, checked, and refused in one line."""
import argparse
import os
import re

from say import STATUS_USAGE, ToolError

USAGE = 'tools/run [options] [-- PROGRAM [ARG...]]'

TEXT = """\
Builds what is out of date and boots it in QEMU. Without a program: an interactive shell on this
terminal; Ctrl-A X leaves QEMU. With one: runs it as the only job, with this command's standard
input, output and error, in /root, with PATH=/bin:/sbin:/usr/bin HOME=/root USER=root TERM as here.

Exit status: the program's; 128+N if signal N killed it; 124 when --timeout ran out; 125 on a kernel
panic or when it could not be started; 2 when the options make no sense.

environment: FATHOM_NO_BUILD=1 takes the build tree as it is."""

MAX_HARTS = 8
LATER = {
    'debian': '--debian comes with a later version',
    'log_writes': '--log-writes comes with a later version',
    'blkdebug': '--blkdebug comes with a later version',
}


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise ToolError(f'{message} ({self.prog} --help lists the options)', STATUS_USAGE)


def addition(kind):
    """The type of --file and --dir: (host path, guest path), checked."""
    def parse(text):
        host, colon, guest = text.rpartition(':')
        if not colon or not host or not guest.startswith('/'):
            raise argparse.ArgumentTypeError(f'{text!r} is not HOST:GUEST with an absolute GUEST')
        if not os.path.exists(host):
            raise argparse.ArgumentTypeError(f'{host}: no such {kind}')
        if kind == 'directory' and not os.path.isdir(host):
            raise argparse.ArgumentTypeError(f'{host} is not a directory')
        if kind == 'file' and not os.path.isfile(host):
            raise argparse.ArgumentTypeError(f'{host} is not a file; --dir adds a directory')
        return kind, host, guest
    return parse


def memory_size(text):
    if not re.fullmatch(r'[1-9][0-9]*[KMGkmg]?', text):
        raise argparse.ArgumentTypeError(f'{text!r} is not a size such as 64M or 2G')
    return text if text[-1].isalpha() else text + 'M'


def hart_count(text):
    if not text.isdigit() or not 1 <= int(text) <= MAX_HARTS:
        raise argparse.ArgumentTypeError(f'{text!r} is not a number from 1 to {MAX_HARTS}')
    return int(text)


def seconds(text):
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 0 < value < float('inf'):
        raise argparse.ArgumentTypeError(f'{text!r} is not a number of seconds')
    return value


def make_parser():
    parser = Parser(prog='tools/run', usage=USAGE, description=TEXT, allow_abbrev=False,
                    formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add('--file', dest='additions', action='append', default=[], type=addition('file'),
        metavar='HOST:GUEST', help='add a file to the image (repeatable)')
    add('--dir', dest='additions', action='append', type=addition('directory'),
        metavar='HOST:GUEST', help='add a directory and all that is in it (repeatable)')
    add('--disk', metavar='FILE', help='use this image instead; what is written to it stays')
    add('--image', metavar='FILE', help='use this image instead; what is written to it is lost')
    add('--smp', type=hart_count, default=2, metavar='N', help='harts, 1 to 8 (2)')
    add('--mem', type=memory_size, default='256M', metavar='SIZE', help='memory (256M)')
    add('--machine', default='virt', metavar='NAME', help='QEMU machine (virt)')
    add('--cpu', metavar='NAME', help="QEMU's CPU model")
    add('--qemu', default='qemu-system-riscv64', metavar='PATH', help='the QEMU to use')
    add('--icount', action='store_true',
        help='one instruction is one nanosecond: repeatable counts')
    add('--append', default='', metavar='ARGS', help="added to the kernel's command line")
    add('--preset', default='release', metavar='NAME', help='the build to boot (release)')
    add('--kernel', default='release', choices=('release', 'debug'), metavar='NAME',
        help='the kernel of that build: release, or debug, which checks itself (release)')
    add('--gdb', action='store_true', help='wait for gdb before the first instruction')
    add('--timeout', type=seconds, metavar='SECONDS', help='end after this long, status 124')
    add('--log', metavar='FILE', help="the kernel's log goes to this file")
    add('--debian', metavar='PKG[,PKG...]', help=argparse.SUPPRESS)
    add('--log-writes', metavar='FILE', help=argparse.SUPPRESS)
    add('--blkdebug', metavar='FILE', help=argparse.SUPPRESS)
    return parser


def check(options):
    for name, message in LATER.items():
        if getattr(options, name) is not None:
            raise ToolError(message, STATUS_USAGE)
    if options.machine != 'virt':
        raise ToolError(f'--machine {options.machine}: this version runs on virt; '
                        'others come with a later version', STATUS_USAGE)
    for name in ('disk', 'image'):
        path = getattr(options, name)
        if path is None:
            continue
        if not os.path.isfile(path):
            raise ToolError(f'--{name} {path}: no such file', STATUS_USAGE)
        if options.additions:
            raise ToolError(f'--file and --dir make a new image; --{name} takes one as it is',
                            STATUS_USAGE)
    if options.disk and options.image:
        raise ToolError('--disk and --image name the same disk', STATUS_USAGE)
    if not re.fullmatch(r'[A-Za-z0-9_]+', options.preset):
        raise ToolError(f'--preset {options.preset}: no such preset', STATUS_USAGE)


def parse(arguments):
    """The options as a namespace, with `program`: a list, empty for the interactive shell."""
    arguments = list(arguments)
    program = []
    if '--' in arguments:
        at = arguments.index('--')
        arguments, program = arguments[:at], arguments[at + 1:]
        if not program:
            raise ToolError('-- wants a program after it', STATUS_USAGE)
    options, rest = make_parser().parse_known_args(arguments)
    if rest and rest[0].startswith('-'):
        raise ToolError(f'{rest[0]}: no such option (tools/run --help lists them)', STATUS_USAGE)
    if rest:
        raise ToolError(f'{rest[0]}: a program to run stands after --', STATUS_USAGE)
    options.program = program
    check(options)
    return options
