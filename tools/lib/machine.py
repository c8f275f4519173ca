"""The QEMU command line of a boot, and QEMU as a process that never outlives us."""
import contextlib
import ctypes
import os
import shutil
import signal
import subprocess

from say import ToolError

KERNEL_ARGUMENTS = 'root=/dev/vda'
PORT_PREFIX = 'fathom.'
SERIAL_MMIO = 'virtio-serial-device'
SERIAL_PCI = 'virtio-serial-pci'
PR_SET_PDEATHSIG = 1    # linux/prctl.h
PATIENCE = 5            # seconds between asking QEMU to end and making it


def escape(path):
    """A path inside a QEMU option: a comma is written twice."""
    return os.path.abspath(path).replace(',', ',,')


def window():
    """The word that tells the kernel the size of the terminal we sit in; empty without one."""
    try:
        size = os.get_terminal_size(0)
    except OSError:
        return ''
    return f'console.size={size.columns}x{size.lines}' if size.columns and size.lines else ''


def harts_and_memory(options, kernel, arguments):
    """What the boot of any kernel begins with: machine, harts, memory, kernel, clock."""
    command = [options.qemu, '-machine', options.machine, '-m', options.mem,
               '-smp', str(options.smp), '-bios', 'default',
               '-kernel', kernel, '-append', arguments]
    if options.icount:
        command += ['-icount', 'shift=0,sleep=off']
    return command


def machine(options, kernel, image, keep):
    """Fathom's machine, with its disk and entropy. `keep`: writes reach the image."""
    words = [KERNEL_ARGUMENTS, '' if options.program else window(), options.append]
    command = harts_and_memory(options, kernel, ' '.join(word for word in words if word))
    command += ['-global', 'virtio-mmio.force-legacy=false',
                '-drive', f'file={escape(image)},if=none,format=raw,id=hd0'
                          + ('' if keep else ',snapshot=on'),
                '-device', 'virtio-blk-device,drive=hd0',
                '-device', 'virtio-rng-device']
    if options.cpu:
        command += ['-cpu', options.cpu]
    if options.gdb:
        command += ['-s', '-S']
    return command


def terminal(log):
    """The interactive console: this terminal, with QEMU's escape key, copied to the log."""
    return ['-nographic',
            '-chardev', f'stdio,id=console,mux=on,signal=off,logfile={escape(log)}',
            '-serial', 'chardev:console', '-mon', 'chardev=console,mode=readline']


def channels(log, ports, serial=SERIAL_MMIO):
    """The console as a log file, and a virtio-serial port for each (name, file descriptor)."""
    command = ['-display', 'none', '-monitor', 'none', '-no-reboot',
               '-chardev', f'file,id=console,path={escape(log)}', '-serial', 'chardev:console',
               '-device', f'{serial},max_ports=8']
    for number, (name, descriptor) in enumerate(ports, start=1):
        command += ['-chardev', f'socket,id={name},fd={descriptor}',
                    '-device', f'virtserialport,chardev={name},nr={number},'
                               f'name={PORT_PREFIX}{name}']
    return command


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def start(command, pass_fds=(), own_session=True):
    """QEMU, started. In its own session the terminal's ^C reaches only us."""
    if not shutil.which(command[0]):
        raise ToolError(f'{command[0]}: no such program')
    try:
        return subprocess.Popen(command, pass_fds=pass_fds, start_new_session=own_session,
                                stdin=subprocess.DEVNULL if own_session else None,
                                stdout=2 if own_session else None, preexec_fn=die_with_parent)
    except OSError as error:
        raise ToolError(f'{command[0]}: {error.strerror}') from error


def end(process):
    """Ends QEMU: first it is asked, then it is made."""
    if process.poll() is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
