#!/usr/bin/env python3
"""Tests of the shell and the programs in /bin, run on the developer's own machine.

Builds userland/c natively with the address and undefined-behaviour sanitizers, then runs every
case of cases.py and compares standard output, standard error and status.

    run.py [--build DIR] [--cc CC] [--shell PROGRAM] [-v] [NAME...]

--shell runs the same table against another shell (dash, for instance) instead of ours, to see
where the table and the world differ. NAME picks the cases that contain it. Exit status: 0 if all
pass, 1 if one fails, 2 if the build does.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from cases import CASES
from editing import EDITING_CASES, run_editing
from terminal import TERMINAL_CASES

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = ROOT / "userland" / "c"
FLAGS = ["-std=gnu11", "-g", "-O1", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror",
         "-Wmissing-prototypes", "-Wshadow", "-Wstrict-prototypes",
         "-fsanitize=address,undefined", "-fno-sanitize-recover=undefined", f"-I{ROOT}"]
NOT_HERE = {"init", "poweroff", "reboot"}  # programs that would do their work on this machine
DEADLINE = 60


def up_to_date(output, inputs):
    return output.exists() and all(output.stat().st_mtime >= p.stat().st_mtime for p in inputs)


def compile_program(cc, sources, headers, output):
    if up_to_date(output, list(sources) + headers):
        return None
    done = subprocess.run([cc, *FLAGS, "-o", str(output), *map(str, sources)],
                          capture_output=True, text=True)
    return done.stderr if done.returncode else None


def build(cc, directory):
    """Builds every program into DIRECTORY; returns whether that worked."""
    directory.mkdir(parents=True, exist_ok=True)
    headers = sorted(SOURCES.glob("**/*.h"))
    library = sorted((SOURCES / "lib").glob("*.c"))
    programs = {p.stem: [p] for p in SOURCES.glob("*.c") if p.stem not in NOT_HERE}
    programs["sh"] = sorted((SOURCES / "sh").glob("*.c"))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [pool.submit(compile_program, cc, sources + library, headers, directory / name)
                for name, sources in programs.items()]
        errors = [job.result() for job in jobs if job.result()]
    for error in errors:
        print(error, file=sys.stderr)
    shutil.copy(directory / "test", directory / "[") if not errors else None
    return not errors


def command_line(shell, case, directory):
    """The words that run the case, and what to feed to standard input."""
    mode = case.get("mode", "c")
    words = ["sh", *case.get("flags", [])]
    args = case.get("args") or []
    if mode == "c":
        zero = [case.get("zero", "sh")] if args or "zero" in case else []
        return [*words, "-c", case["script"], *zero, *args], case.get("stdin", "")
    script = directory.parent / (directory.name + ".sh")
    script.write_text(case["script"], newline="")
    if mode == "file":
        return [*words, str(script), *args], case.get("stdin", "")
    return [*words, *args], script if mode == "stdin" else case["script"]


def expected_output(case, directory):
    if case["name"] == "script_file":
        return f"{directory.parent / (directory.name + '.sh')} a\n"
    if case["name"] == "stdin_child_reads_on":
        return "data\n"  # head reads ahead in blocks: what is left for the shell is nothing
    return case["out"]


def run_case(shell, bin_directory, case, base):
    """Returns None, or a text that says how the case failed."""
    directory = base / case["name"]
    directory.mkdir()
    words, stdin = command_line(shell, case, directory)
    env = {"PATH": f"{bin_directory}:/usr/bin:/bin", "HOME": str(directory), "BIN": str(bin_directory),
           "SHELL_UNDER_TEST": shell, "ASAN_OPTIONS": "detect_leaks=1:allow_user_segv_handler=1:handle_segv=0",
           "UBSAN_OPTIONS": "print_stacktrace=1"}
    source = dict(stdin=open(stdin, "rb")) if isinstance(stdin, pathlib.Path) else \
        dict(input=stdin.encode())
    try:
        done = subprocess.run(words, executable=shell, cwd=directory, env=env, capture_output=True,
                              timeout=DEADLINE, **source)
    except subprocess.TimeoutExpired:
        return f"did not end within {DEADLINE} s"
    out, err = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
    wanted, pattern = expected_output(case, directory), case.get("err")
    problems = []
    if out != wanted:
        problems.append(f"stdout {out[:400]!r}\n  wanted {wanted[:400]!r}")
    if done.returncode != case["status"]:
        problems.append(f"status {done.returncode}, wanted {case['status']}")
    if (err if not pattern else not re.search(pattern, err)):
        problems.append(f"stderr {err[:2000]!r}, wanted {pattern!r}")
    return "\n  ".join(problems) or None


def run_all(shell, bin_directory, names, verbose):
    chosen = [c for c in CASES if not names or any(n in c["name"] for n in names)]
    terminal = [t for t in TERMINAL_CASES if not names or any(n in t.__name__ for n in names)]
    editing = [e for e in EDITING_CASES if not names or any(n in e[0] for n in names)]
    failed = 0
    with tempfile.TemporaryDirectory(prefix="host-shell-") as base:
        base = pathlib.Path(base)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            results = pool.map(lambda c: run_case(shell, bin_directory, c, base), chosen)
            outcomes = list(zip([c["name"] for c in chosen], results))
            outcomes += zip([e[0] for e in editing],
                            pool.map(lambda e: run_editing(e, shell), editing))
    outcomes += [(t.__name__, t(shell, bin_directory)) for t in terminal]
    for name, problem in outcomes:
        if problem:
            failed += 1
            print(f"FAIL {name}\n  {problem}")
        elif verbose:
            print(f"ok   {name}")
    print(f"host-shell: {len(outcomes) - failed} of {len(outcomes)} cases passed")
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "host-shell")
    parser.add_argument("--cc", default="cc")
    parser.add_argument("--shell")
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    names = [c["name"] for c in CASES]
    assert len(names) == len(set(names)), "two cases of one name"
    bin_directory = options.build.resolve()
    if not build(options.cc, bin_directory):
        return 2
    shell = shutil.which(options.shell) if options.shell else str(bin_directory / "sh")
    return 1 if run_all(shell, bin_directory, options.names, options.verbose) else 0


if __name__ == "__main__":
    sys.exit(main())
