#!/usr/bin/env python3
"""Runs tools/run once and checks what came back: guest_test.py CHECK... :: TOOLS-RUN-ARGUMENT...

Every failed check is one line that says what was wanted and what came; then the exit status is 1.
--interactive TEXT types TEXT at the console instead of piping it into a program, a line at a time,
each once the console has been quiet for a moment; --log-has then looks at the console.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile
import threading
import time

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RUN = os.path.join(REPOSITORY, 'tools', 'run')
QUIET = 0.5     # seconds without console output before the next line is typed
SHOWN = 2000    # bytes of an output shown when a check fails


def parse(arguments):
    at = arguments.index('::')
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument('--status', type=int, default=0)
    parser.add_argument('--stdout')
    parser.add_argument('--stdout-file')
    for name in ('stdout', 'stderr', 'log'):
        parser.add_argument(f'--{name}-has', action='append', default=[])
        parser.add_argument(f'--{name}-lacks', action='append', default=[])
    parser.add_argument('--stdin-text')
    parser.add_argument('--stdin-file')
    parser.add_argument('--interactive')
    return parser.parse_args(arguments[:at]), arguments[at + 1:]


def read(path):
    try:
        with open(path, 'rb') as file:
            return file.read()
    except OSError:
        return b''


def type_lines(process, log, text):
    """Types each line once the console has been quiet for a moment after saying something new."""
    seen = 0
    for line in text.encode().decode('unicode_escape').encode('latin-1').splitlines(keepends=True):
        quiet_since, size = time.monotonic(), seen
        while process.poll() is None:
            now = len(read(log))
            if now != size:
                size, quiet_since = now, time.monotonic()
            if size > seen and time.monotonic() - quiet_since > QUIET:
                break
            time.sleep(0.05)
        seen = size
        try:
            process.stdin.write(line)
        except OSError:
            return


def run(checks, arguments, log):
    """(status, stdout, stderr) of tools/run."""
    command = [RUN, '--log', log, *arguments]
    source, data = subprocess.DEVNULL, None
    if checks.interactive is not None or checks.stdin_text is not None:
        source = subprocess.PIPE
    elif checks.stdin_file:
        source = open(checks.stdin_file, 'rb')
    with subprocess.Popen(command, stdin=source, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          bufsize=0) as process:
        if checks.interactive is not None:
            typist = threading.Thread(target=type_lines, daemon=True,
                                      args=(process, log, checks.interactive))
            typist.start()
            outputs = [b'', b'']
            reader = threading.Thread(target=lambda: outputs.__setitem__(1, process.stderr.read()))
            reader.start()
            outputs[0] = process.stdout.read()
            reader.join()
            typist.join()
            process.wait()
            return process.returncode, outputs[0], outputs[1]
        if checks.stdin_text is not None:
            data = checks.stdin_text.encode().decode('unicode_escape').encode('latin-1')
        out, err = process.communicate(data)
        return process.returncode, out, err


def shown(data):
    text = data[-SHOWN:].decode('utf-8', 'replace')
    return '...' + text if len(data) > SHOWN else text


def difference(want, have):
    """Where two byte strings part."""
    at = next((i for i, pair in enumerate(zip(want, have)) if pair[0] != pair[1]),
              min(len(want), len(have)))
    return (f'{len(want)} bytes wanted, {len(have)} came, the first difference at {at}: '
            f'{want[at:at + 40]!r} wanted, {have[at:at + 40]!r} came')


def judge(checks, status, streams):
    """One line for each check that failed."""
    if status != checks.status:
        yield f'status: {checks.status} wanted, {status} came'
    want = None
    if checks.stdout is not None:
        want = checks.stdout.encode().decode('unicode_escape').encode('latin-1')
    if checks.stdout_file:
        want = read(checks.stdout_file)
    if want is not None and streams['stdout'] != want:
        yield 'stdout: ' + difference(want, streams['stdout'])
    for name, data in streams.items():
        text = data.decode('utf-8', 'replace').replace('\r\n', '\n')
        for pattern in getattr(checks, f'{name}_has'):
            if not re.search(pattern, text, re.MULTILINE):
                yield f'{name}: nothing matches {pattern!r}'
        for pattern in getattr(checks, f'{name}_lacks'):
            if found := re.search(pattern, text, re.MULTILINE):
                yield f'{name}: {found[0]!r} matches {pattern!r}'


def main():
    checks, arguments = parse(sys.argv[1:])
    with tempfile.TemporaryDirectory() as scratch:
        log = os.path.join(scratch, 'console.log')
        status, out, err = run(checks, arguments, log)
        streams = {'stdout': out, 'stderr': err, 'log': read(log)}
    complaints = list(judge(checks, status, streams))
    for line in complaints:
        print('FAILED', line)
    if complaints:
        print('command: tools/run', *arguments)
        for name, data in streams.items():
            print(f'--- {name} ({len(data)} bytes)')
            print(shown(data))
    sys.exit(1 if complaints else 0)


if __name__ == '__main__':
    main()
