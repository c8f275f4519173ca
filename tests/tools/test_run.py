#!/usr/bin/env python3
"""tools/run without a guest: its command line, the relay of streams, every way a job can end."""
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
RUN = os.path.join(REPOSITORY, 'tools', 'run')
FAKE = os.path.join(HERE, 'fake_qemu.py')
PRESET = os.environ.get('FATHOM_PRESET', 'release')
DEADLINE = 60


def command(*options, program=('/bin/x',)):
    line = [RUN, '--preset', PRESET, '--qemu', FAKE, *options]
    return line + (['--', *program] if program else [])


def environment(guest):
    return {**os.environ, 'FATHOM_NO_BUILD': '1', 'FAKE_GUEST': guest, 'TERM': 'test-term'}


def run(guest, *options, program=('/bin/x',), data=b''):
    return subprocess.run(command(*options, program=program), env=environment(guest), input=data,
                          capture_output=True, timeout=DEADLINE, check=False)


def scratch_left():
    tree = os.path.join(REPOSITORY, 'build', PRESET)
    return {name for name in os.listdir(tree) if name.startswith(('run-', 'stage-'))}


class CommandLine(unittest.TestCase):
    def refused(self, *arguments, says):
        result = subprocess.run([RUN, *arguments], env=environment('hang'), capture_output=True,
                                text=True, timeout=DEADLINE, check=False)
        self.assertEqual(result.returncode, 2, result)
        self.assertEqual(result.stdout, '')
        self.assertEqual(result.stderr.count('\n'), 1, 'one line')
        self.assertIn(says, result.stderr)

    def test_nonsense_is_refused_in_one_line(self):
        for arguments, says in [
                (['--smp', '0'], '--smp'), (['--smp', '9'], '--smp'), (['--smp', 'x'], '--smp'),
                (['--mem', '12Q'], '--mem'), (['--timeout', '0'], '--timeout'),
                (['--timeout', 'nan'], '--timeout'), (['--bogus'], '--bogus'),
                (['/bin/echo'], 'stands after --'), (['--'], 'wants a program'),
                (['--file', 'nowhere:/x'], 'nowhere'), (['--file', FAKE], 'HOST:GUEST'),
                (['--file', FAKE + ':relative'], 'absolute'), (['--file', HERE + ':/x'], '--dir'),
                (['--dir', FAKE + ':/x'], 'not a directory'),
                (['--disk', 'nowhere'], 'nowhere'),
                (['--disk', FAKE, '--file', FAKE + ':/x'], '--disk'),
                (['--preset', '../x'], 'no such preset')]:
            with self.subTest(arguments=arguments):
                self.refused(*arguments, says=says)

    def test_what_comes_later_is_refused_by_name(self):
        for arguments in (['--debian', 'bc'], ['--log-writes', 'f'], ['--blkdebug', 'f'],
                          ['--machine', 'sifive_u']):
            with self.subTest(arguments=arguments):
                self.refused(*arguments, says=arguments[0])

    def test_options_reach_qemu(self):
        result = run('arguments', '--smp', '3', '--mem', '64M', '--cpu', 'rv64,sstc=off',
                     '--icount', '--append', 'trace=1 quiet')
        words = result.stdout.decode().split('\n')
        for option, value in [('-smp', '3'), ('-m', '64M'), ('-cpu', 'rv64,sstc=off'),
                              ('-icount', 'shift=0,sleep=off')]:
            self.assertEqual(words[words.index(option) + 1], value)
        self.assertTrue(words[words.index('-append') + 1].endswith('trace=1 quiet'))

    def test_a_link_from_elsewhere_runs_it(self):
        with tempfile.TemporaryDirectory() as folder:
            link = os.path.join(folder, 'a link')
            os.symlink(RUN, link)
            result = subprocess.run([link, *command()[1:]], env=environment('cat'), input=b'hi',
                                    capture_output=True, timeout=DEADLINE, cwd=folder, check=False)
        self.assertEqual((result.returncode, result.stdout), (7, b'hi'))

    def test_missing_qemu_is_named(self):
        result = subprocess.run([RUN, '--preset', PRESET, '--qemu', '/nowhere/qemu', '--', 'x'],
                                env=environment('hang'), capture_output=True, check=False)
        self.assertEqual(result.returncode, 125)
        self.assertIn(b'/nowhere/qemu', result.stderr)


class Streams(unittest.TestCase):
    def test_job_reaches_the_guest_whole(self):
        program = ['/bin/x', '', 'two words', 'é', '--', '-n']
        directory, arguments, variables = eval(run('describe', program=program).stdout.decode())
        self.assertEqual(directory, '/root')
        self.assertEqual(arguments, program)
        self.assertEqual(sorted(variables), ['HOME=/root', 'PATH=/bin:/sbin:/usr/bin',
                                             'TERM=test-term', 'USER=root'])

    def test_streams_are_byte_exact_and_apart(self):
        data = random.Random(1).randbytes(8 << 20)
        result = run('cat', data=data)
        self.assertEqual(hashlib.sha256(result.stdout).digest(), hashlib.sha256(data).digest())
        self.assertEqual(result.stderr, b'end of input\n')
        self.assertEqual(result.returncode, 7)

    def test_no_standard_input_is_an_empty_one(self):
        result = subprocess.run(['bash', '-c', 'exec "$@" <&-', 'x', *command()],
                                env=environment('cat'), capture_output=True, timeout=DEADLINE,
                                check=False)
        self.assertEqual((result.returncode, result.stdout), (7, b''))

    def test_standard_input_from_a_file(self):
        with tempfile.TemporaryFile() as file:
            file.write(b'a\0b\r\n' * 1000)
            file.seek(0)
            result = subprocess.run(command(), env=environment('cat'), stdin=file,
                                    capture_output=True, timeout=DEADLINE, check=False)
        self.assertEqual(result.stdout, b'a\0b\r\n' * 1000)

    def test_a_blocked_output_does_not_hold_up_the_other(self):
        with subprocess.Popen(command(), env=environment('flood'), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            self.assertEqual(process.stderr.readline(), b'now read\n')
            self.assertEqual(len(process.stdout.read()), 4 << 20)
        self.assertEqual(process.returncode, 0)

    def test_a_reader_who_leaves_ends_it_quietly(self):
        with subprocess.Popen(command(), env=environment('endless'), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            process.stdout.read(10)
            process.stdout.close()
            self.assertEqual(process.stderr.read(), b'')
        self.assertEqual(process.returncode, 141)


class Endings(unittest.TestCase):
    def test_signal_is_128_and_its_number(self):
        result = run('signal')
        self.assertEqual(result.returncode, 139)
        self.assertEqual(result.stderr, b'')

    def test_panic_is_125_and_shown(self):
        result = run('panic')
        self.assertEqual(result.returncode, 125)
        self.assertEqual(result.stderr, b'panic: planted\n  at start\n')

    def test_an_end_without_a_record_is_125_and_says_so(self):
        result = run('vanish')
        self.assertEqual(result.returncode, 125)
        self.assertIn(b'status 3', result.stderr)
        self.assertIn(b'last words', result.stderr)

    def test_timeout_is_124_and_says_what_was_printed(self):
        result = run('hang', '--timeout', '1')
        self.assertEqual(result.returncode, 124)
        self.assertIn(b'mounted the disk', result.stderr)
        self.assertIn(b'working', result.stderr)

    def test_log_stays_where_it_was_asked_for(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, 'my log')
            run('panic', '--log', path)
            with open(path, encoding='utf-8') as file:
                self.assertIn('panic: planted', file.read())

    def end_by(self, number, guest='hang'):
        with subprocess.Popen(command(), env=environment(guest), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            process.stdout.readline()
            with open(f'/proc/{process.pid}/task/{process.pid}/children', encoding='ascii') as file:
                children = file.read().split()
            self.assertTrue(children)
            process.send_signal(number)
            process.wait(DEADLINE)
            process.stderr.read()
        self.assertEqual(process.returncode, 128 + number)
        end = time.monotonic() + DEADLINE
        while any(os.path.exists(f'/proc/{child}') for child in children):
            self.assertLess(time.monotonic(), end, 'QEMU is still there')
            time.sleep(0.01)

    def test_a_signal_ends_qemu_too(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(signal=number):
                self.end_by(number)

    def test_a_qemu_that_will_not_end_is_killed(self):
        start = time.monotonic()
        self.end_by(signal.SIGTERM, 'stubborn')
        self.assertLess(time.monotonic() - start, 30)

    def test_nothing_is_left_behind(self):
        before = scratch_left()
        for guest in ('cat', 'panic', 'vanish', 'signal'):
            run(guest, '--file', FAKE + ':/t/x')
        self.assertEqual(scratch_left() - before, set())


if __name__ == '__main__':
    unittest.main(verbosity=2, argv=sys.argv[:1])
