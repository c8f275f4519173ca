"""How the tools speak: one line on standard error, under the name of the tool."""
import sys

# Which tool speaks; another says so before its first line.
speaker = 'tools/run'

# Exit statuses of tools/run that are not the program's own.
STATUS_USAGE = 2        # the command line makes no sense
STATUS_TIMEOUT = 124    # --timeout ran out
STATUS_FAILED = 125     # a kernel panic, a failed build, a QEMU that did not start
STATUS_PIPE = 128 + 13  # nobody reads our standard output any more
STATUS_SIGNAL = 128     # plus the number of the signal that ended us or the program


class ToolError(Exception):
    """Ends the tool with one line and a status."""

    def __init__(self, message, status=STATUS_FAILED):
        super().__init__(message)
        self.status = status


def speak_as(name):
    global speaker
    speaker = name


def say(message):
    """One line to standard error, whatever has become of it."""
    try:
        print(f'{speaker}: {message}', file=sys.stderr, flush=True)
    except OSError:
        pass
