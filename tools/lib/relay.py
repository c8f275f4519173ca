"""Carries a guest program's streams: four sockets to QEMU's virtio-serial ports.

    control   to the guest one record: a little-endian length (4 bytes), then so many bytes of
              NUL-ended strings: working directory, number of arguments in decimal, the arguments,
              the environment as NAME=VALUE. From the guest lines: `exit N`, `signal N`.
    stdin     our standard input; its end closes the port
    stdout, stderr   to ours, byte for byte

Each stream has a thread that blocks in read or in write, so each has its own back-pressure, and a
reader of our output who stops holds up nothing but that stream. Events for the main thread arrive in
`events`: ('record', kind, number), ('pipe', name), ('bad', line).
"""
import contextlib
import os
import re
import socket
import struct
import threading

PORTS = ('control', 'stdin', 'stdout', 'stderr')
CHUNK = 256 << 10
TAIL = 4096             # how much of each output is kept, to say what was last printed
RECORD = re.compile(rb'(exit|signal) ([0-9]+)')


def job_record(program, directory, environment):
    """The control record that starts `program` (a list) in the guest."""
    strings = [directory, str(len(program)), *program,
               *(f'{name}={value}' for name, value in environment.items())]
    body = b''.join(os.fsencode(text) + b'\0' for text in strings)
    return struct.pack('<I', len(body)) + body


def write_all(descriptor, data):
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view):]


def last_line(data):
    """The last line of `data` that is not empty, as printable text."""
    lines = [line for line in data.replace(b'\r', b'\n').split(b'\n') if line.strip()]
    text = lines[-1].decode('utf-8', 'replace') if lines else ''
    return ''.join(c if c.isprintable() else '?' for c in text)[-200:]


class Relay:
    def __init__(self, record, events, outputs=None, source=0):
        self.events = events
        self.record = record
        self.source = source
        self.outputs = outputs or {'stdout': 1, 'stderr': 2}
        self.tails = {'stdout': b'', 'stderr': b''}
        self.ours, self.theirs, self.threads = {}, {}, {}
        for name in PORTS:
            self.ours[name], self.theirs[name] = socket.socketpair()

    def descriptors(self):
        """[(port name, QEMU's end)], to be passed to QEMU."""
        return [(name, self.theirs[name].fileno()) for name in PORTS]

    def start(self):
        """Starts the threads; called once QEMU holds its ends."""
        for end in self.theirs.values():
            end.close()
        work = {'control': (self.carry_control,), 'stdin': (self.carry_in,),
                'stdout': (self.carry_out, 'stdout'), 'stderr': (self.carry_out, 'stderr')}
        for name, (function, *arguments) in work.items():
            thread = threading.Thread(target=function, args=arguments, name=name, daemon=True)
            self.threads[name] = thread
            thread.start()

    def finish(self, timeout=None):
        """Waits until all that the guest wrote is out; QEMU must have ended. False: it is not."""
        for name in ('control', 'stdout', 'stderr'):
            self.threads[name].join(timeout)
        return not any(self.threads[name].is_alive() for name in ('stdout', 'stderr'))

    def carry_control(self):
        port, pending = self.ours['control'], b''
        with contextlib.suppress(OSError):
            port.sendall(self.record)
        while data := self.receive(port):
            *lines, pending = (pending + data).split(b'\n')
            for line in lines:
                match = RECORD.fullmatch(line.strip())
                if match:
                    self.events.put(('record', match[1].decode(), int(match[2])))
                else:
                    self.events.put(('bad', last_line(line)))

    def carry_in(self):
        port = self.ours['stdin']
        with contextlib.suppress(OSError):
            while data := self.read_source():
                port.sendall(data)
            port.shutdown(socket.SHUT_WR)

    def carry_out(self, name):
        port, descriptor, broken = self.ours[name], self.outputs[name], False
        while data := self.receive(port):
            self.tails[name] = (self.tails[name] + data[-TAIL:])[-TAIL:]
            if broken:
                continue
            try:
                write_all(descriptor, data)
            except OSError:
                broken = True
                self.events.put(('pipe', name))

    def read_source(self):
        try:
            return os.read(self.source, CHUNK)
        except OSError:
            return b''

    @staticmethod
    def receive(port):
        try:
            return port.recv(CHUNK)
        except OSError:
            return b''
