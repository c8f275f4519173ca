#!/usr/bin/env python3
"""Stands in for QEMU in test_run.py: takes its command line, plays the guest that FAKE_GUEST names."""
import os
import re
import signal
import socket
import struct
import sys
import time

LOG = 'file,id=console,path='
arguments = ' '.join(sys.argv[1:])
log = [word[len(LOG):].replace(',,', ',') for word in sys.argv if word.startswith(LOG)]
ports = {name: socket.socket(fileno=int(number))
         for name, number in re.findall(r'socket,id=(\w+),fd=(\d+)', arguments)}


def receive_exactly(port, count):
    data = b''
    while len(data) < count:
        data += port.recv(count - len(data))
    return data


def take_job():
    """(directory, arguments, environment) of the control record."""
    size, = struct.unpack('<I', receive_exactly(ports['control'], 4))
    strings = receive_exactly(ports['control'], size).decode().split('\0')[:-1]
    count = int(strings[1])
    return strings[0], strings[2:2 + count], strings[2 + count:]


def write_log(text):
    with open(log[0], 'w', encoding='utf-8') as file:
        file.write(text)


def say(name, data):
    ports[name].sendall(data)


def play_describe():
    say('stdout', repr(take_job()).encode())
    say('control', b'exit 0\n')


def play_cat():
    take_job()
    while data := ports['stdin'].recv(65536):
        say('stdout', data)
    say('stderr', b'end of input\n')
    say('control', b'exit 7\n')


def play_signal():
    take_job()
    say('control', b'signal 11\n')


def play_panic():
    take_job()
    write_log('boot\r\npanic: planted\r\n  at start\r\n')
    sys.exit(1)


def play_vanish():
    take_job()
    write_log('booting\nlast words\n')
    sys.exit(3)


def play_hang():
    take_job()
    write_log('booting\nmounted the disk\n')
    say('stdout', b'working\n')
    time.sleep(600)


def play_stubborn():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    play_hang()


def play_flood():
    """Blocks on standard output, whose reader waits for standard error first."""
    take_job()
    if os.fork() == 0:
        say('stdout', b'x' * (4 << 20))
        os._exit(0)
    time.sleep(0.5)
    say('stderr', b'now read\n')
    os.wait()
    say('control', b'exit 0\n')


def play_endless():
    take_job()
    try:
        while True:
            say('stdout', b'y\n' * 4096)
    except OSError:
        time.sleep(600)


def play_arguments():
    take_job()
    say('stdout', '\n'.join(sys.argv[1:]).encode())
    say('control', b'exit 0\n')


globals()['play_' + os.environ['FAKE_GUEST']]()
