"""Cases that need a terminal: prompts, job control, ^C and ^Z, on a pseudo-terminal.

Each case is a function of (shell, bin_directory) that returns None, or a text that says what went
wrong. The dialogue is "send this, wait until that appears".
"""
import os
import pty
import re
import select
import time

TERMINAL_CASES = []
PATIENCE = 15


def terminal_case(function):
    TERMINAL_CASES.append(function)
    return function


class Dialogue:
    """An interactive shell on a pseudo-terminal whose prompt is "P> "."""

    def __init__(self, shell, bin_directory, environment=None):
        self.seen, self.problem = "", None
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            env = {"PATH": f"{bin_directory}:/usr/bin:/bin", "PS1": "P> ", "HOME": "/",
                   "ASAN_OPTIONS": "detect_leaks=0:handle_segv=0", **(environment or {})}
            os.execve(shell, ["sh", "-i"], env)

    def expect(self, pattern):
        """Waits until PATTERN appears, and forgets everything up to its end."""
        deadline = time.monotonic() + PATIENCE
        while self.problem is None:
            found = re.search(pattern, self.seen)
            if found:
                self.seen = self.seen[found.end():]
                return
            if not select.select([self.fd], [], [], max(0, deadline - time.monotonic()))[0]:
                self.problem = f"no {pattern!r} in {self.seen!r}"
                return
            try:
                data = os.read(self.fd, 4096)
            except OSError:
                data = b""
            if not data:
                self.problem = f"ended without {pattern!r}: {self.seen!r}"
            self.seen += data.decode(errors="replace").replace("\r\n", "\n")

    def say(self, text, pattern):
        if self.problem is None:
            os.write(self.fd, text.encode())
            self.expect(pattern)

    def end(self, status=0):
        """Ends with ^D; the shell's status must be STATUS."""
        if self.problem is None:
            os.write(self.fd, b"\x04")
        deadline = time.monotonic() + PATIENCE
        ended = 0
        while not ended:
            if self.problem or time.monotonic() > deadline:
                self.problem = self.problem or f"^D does not end it: {self.seen!r}"
                os.kill(self.pid, 9)
            if select.select([self.fd], [], [], 0.02)[0]:
                try:
                    self.seen += os.read(self.fd, 4096).decode(errors="replace")
                except OSError:
                    pass  # nobody has the other end any more
            ended, result = os.waitpid(self.pid, os.WNOHANG)
        os.close(self.fd)
        got = os.waitstatus_to_exitcode(result)
        if self.problem is None and got != status:
            self.problem = f"status {got}, wanted {status}"
        return self.problem


@terminal_case
def terminal_prompt_and_command(shell, bin_directory):
    d = Dialogue(shell, bin_directory)
    d.expect("P> ")
    d.say("echo $((40+2))\n", "\n42\nP> ")
    return d.end()


@terminal_case
def terminal_default_prompt_has_directory(shell, bin_directory):
    d = Dialogue(shell, bin_directory)
    d.expect("P> ")
    d.say("unset PS1; cd /usr\n", "fathom:/usr# ")
    return d.end()


@terminal_case
def terminal_second_prompt(shell, bin_directory):
    d = Dialogue(shell, bin_directory)
    d.expect("P> ")
    d.say("for i in a b; do\n", "\n> ")
    d.say("echo [$i]\n", "\n> ")
    d.say("done\n", r"\n\[a\]\n\[b\]\nP> ")
    return d.end()


@terminal_case
def terminal_interrupt_kills_only_the_foreground(shell, bin_directory):
    d = Dialogue(shell, bin_directory)
    d.expect("P> ")
    d.say("sleep 30 & sleep 31\n", r"\[1\] \d+\n")
    time.sleep(0.3)
    d.say("\x03", "P> ")
    d.say("echo status $?\n", "\nstatus 130\nP> ")
    d.say("jobs\n", r"\[1\]  Running +sleep 30\nP> ")
    d.say("kill %1; wait\n", "P> ")
    return d.end()


@terminal_case
def terminal_interrupt_ends_a_loop(shell, bin_directory):
    d = Dialogue(shell, bin_directory)
    d.expect("P> ")
    d.say("while true; do sleep 30; done; echo not here\n", "\n")
    time.sleep(0.3)
    d.say("\x03", "P> ")
    d.say("echo there\n", "\nthere\nP> ")
    return d.end()


@terminal_case
def terminal_interrupt_at_the_prompt(shell, bin_directory):
    d = Dialogue(shell, bin_directory)
    d.expect("P> ")
    os.write(d.fd, b"echo no\x03")
    time.sleep(0.2)
    d.say("echo yes\n", "\nyes\nP> ")
    return d.end()


@terminal_case
def terminal_pipeline_is_one_group(shell, bin_directory):
    d = Dialogue(shell, bin_directory)
    d.expect("P> ")
    d.say("sleep 30 | sleep 31 | cat\n", "\n")
    time.sleep(0.3)
    d.say("\x03", "P> ")
    return d.end(130)


@terminal_case
def terminal_stop_and_continue(shell, bin_directory):
    d = Dialogue(shell, bin_directory)
    d.expect("P> ")
    d.say("sleep 0.8\n", "\n")
    time.sleep(0.3)
    d.say("\x1a", r"\[1\]  Stopped +sleep 0.8\nP> ")
    d.say("jobs\n", r"\[1\]  Stopped +sleep 0.8\nP> ")
    d.say("fg\n", "sleep 0.8\nP> ")
    d.say("jobs; echo none\n", "\nnone\nP> ")
    return d.end()


@terminal_case
def terminal_kill_ends_a_stopped_job(shell, bin_directory):
    d = Dialogue(shell, bin_directory)
    d.expect("P> ")
    d.say("sleep 30\n", "\n")
    time.sleep(0.3)
    d.say("\x1a", r"\[1\]  Stopped +sleep 30\nP> ")
    d.say("kill %1; sleep 0.3\n", r"\[1\]  Terminated +sleep 30\nP> ")
    return d.end()


@terminal_case
def terminal_background_done_is_reported(shell, bin_directory):
    d = Dialogue(shell, bin_directory)
    d.expect("P> ")
    d.say("sleep 0.1 &\n", r"\[1\] \d+\nP> ")
    time.sleep(0.5)
    d.say("\n", r"\[1\]  Done +sleep 0.1\nP> ")
    return d.end()


@terminal_case
def terminal_syntax_error_keeps_the_shell(shell, bin_directory):
    d = Dialogue(shell, bin_directory)
    d.expect("P> ")
    d.say("if )\n", r"unexpected \)\nP> ")
    d.say("echo $?\n", "\n2\nP> ")
    d.say("echo ${x?gone}; echo no\n", "x: gone\nP> ")
    return d.end(2)


@terminal_case
def terminal_killed_command_is_reported(shell, bin_directory):
    d = Dialogue(shell, bin_directory)
    d.expect("P> ")
    d.say("sh -c 'kill -SEGV $$'\n", "\nSegmentation fault\nP> ")
    d.say("echo $?\n", "\n139\nP> ")
    return d.end()
