#!/usr/bin/env python3
"""tools/linux-control: runs a program under Debian's own Linux, with the contract of tools/run."""
import argparse
import os
import re
import shutil
import sys
import tempfile

import build
import image
import initramfs
import machine
import oracle
from options import Parser, addition, hart_count, memory_size, seconds
from run import Job, carry_out
from say import STATUS_USAGE, ToolError, speak_as

TEXT = """\
Runs a program under Debian 13's own Linux 6.12 for riscv64 in QEMU, as its only job, with this
command's standard input, output and error, in /root: what tools/run does under Fathom. The root is in
memory and can be written to; busybox's tools are in /bin.

Exit status: the program's; 128+N if signal N killed it; 124 when --timeout ran out; 125 on a kernel
panic, when it could not be started or Linux cannot be fetched; 2 when the options make no sense.

environment: FATHOM_CACHE, where Linux is kept (~/.cache/fathom); FATHOM_DEBIAN=URI, the archive it
comes from when not from one that apt uses; FATHOM_NO_BUILD=1 takes the build tree as it is."""

HERE = os.path.dirname(os.path.abspath(__file__))
# Three levels of page tables as Fathom has; nothing at a random address; a panic ends QEMU.
KERNEL_ARGUMENTS = 'no4lvl norandmaps console=ttyS0 panic=-1'
PANIC = re.compile(rb'(\[[ 0-9.]*\] )?Kernel panic - ')


def directory(text):
    """The type of --dir: DIR, whose content becomes that of /, or HOST:GUEST."""
    return addition('directory')(text if ':' in text else f'{text}:/')


def make_parser():
    parser = Parser(prog='tools/linux-control', description=TEXT, allow_abbrev=False,
                    usage='tools/linux-control [options] -- PROGRAM [ARG...]',
                    formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add('--file', dest='additions', action='append', default=[], type=addition('file'),
        metavar='HOST:GUEST', help='add a file (repeatable)')
    add('--dir', dest='additions', action='append', type=directory, metavar='DIR[:GUEST]',
        help='add all that is in a directory, to / or to GUEST (repeatable)')
    add('--smp', type=hart_count, default=2, metavar='N', help='harts, 1 to 8 (2)')
    add('--mem', type=memory_size, default='512M', metavar='SIZE', help='memory (512M)')
    add('--qemu', default='qemu-system-riscv64', metavar='PATH', help='the QEMU to use')
    add('--icount', action='store_true',
        help='one instruction is one nanosecond: repeatable counts')
    add('--preset', default='release', metavar='NAME', help='the build whose init is used (release)')
    add('--timeout', type=seconds, metavar='SECONDS', help='end after this long, status 124')
    add('--log', metavar='FILE', help="the kernel's log goes to this file")
    add('--fetch', action='store_true', help='only fetch Linux, if that has not been done')
    return parser


def parse(arguments):
    """The options as a namespace, with `program`: a list."""
    at = arguments.index('--') if '--' in arguments else len(arguments)
    options = make_parser().parse_args(arguments[:at])
    options.program = arguments[at + 1:]
    if not options.program and not options.fetch:
        raise ToolError('a program to run stands after --', STATUS_USAGE)
    options.machine = 'virt'
    return options


def control(options):
    """The exit status of the program under Linux."""
    kernel, busybox = oracle.prepare()
    if options.fetch:
        return 0
    build.bring_up_to_date(options.preset)
    tree = build.tree(options.preset)
    additions = [('file', busybox, '/bin/busybox'),
                 ('file', os.path.join(HERE, 'linux_init.sh'), '/init'),
                 ('file', os.path.join(tree, 'root/sbin/init'), '/sbin/init'), *options.additions]
    scratch = tempfile.mkdtemp(prefix='linux-', dir=tree)
    try:
        archive = os.path.join(scratch, 'initramfs')
        with image.staged(additions, scratch) as stage:
            initramfs.write(stage, archive)
        command = machine.harts_and_memory(options, kernel, KERNEL_ARGUMENTS)
        command += ['-initrd', archive, '-device', 'virtio-rng-pci']
        job = Job(options, command, options.log or os.path.join(scratch, 'console.log'),
                  machine.SERIAL_PCI, PANIC)
        try:
            return job.run()
        finally:
            job.close()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == '__main__':
    speak_as('tools/linux-control')
    carry_out(lambda: control(parse(sys.argv[1:])))
