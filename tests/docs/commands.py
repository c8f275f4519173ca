"""Every command that a block marked `sh` in the documentation shows, and what the test does with it.

A block is run as a whole, in a scratch folder that looks like the repository's root (run.py), if
all its commands say RUN. One that must not be run by a test says why.
"""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Command:
    why_not: str = ''       # why the test does not run it; empty: it does
    elsewhere: bool = False  # may be listed though no page has it


RUN = Command()


def skip(why):
    return Command(why_not=why)


TESTS_ITSELF = skip('it would run this very test')
BUILDS = skip('ctest runs in the tree that this builds')

COMMANDS = {
    'tools/test': TESTS_ITSELF,
    'tools/test -L host': TESTS_ITSELF,
    'tools/test -R boot.status': TESTS_ITSELF,
    'tools/test -L soak': TESTS_ITSELF,
    'tools/test -L diff': TESTS_ITSELF,
    'tools/linux-control -- uname -s': skip('diff.linux runs it; it may need a download'),
    'cmake --preset release': BUILDS,
    'cmake --build --preset release': BUILDS,
    'ctest --preset release': TESTS_ITSELF,
    'tools/run -- /bin/echo hi': RUN,
    'tools/run -- /asm/munmap-load || true': RUN,
    'tools/run -- /asm/store-readonly || true': RUN,
    'tools/run -- /asm/jump-noexec || true': RUN,
    'tools/run -- /asm/ebreak || true': RUN,
    'tools/run -- /asm/privileged || true': RUN,
    'tools/run -- /asm/munmap-load; echo $?': RUN,
    'riscv64-linux-gnu-gcc -nostdlib -static -o whole whole.s': RUN,
    'tools/run --file whole:/t/whole -- /t/whole; echo $?': RUN,
    'riscv64-linux-gnu-gcc -nostdlib -static -o wrong wrong.s': RUN,
    'riscv64-linux-gnu-gcc -static -o fortytwo fortytwo.c': RUN,
    'tools/run --file fortytwo:/t/fortytwo -- /t/fortytwo': RUN,
    'riscv64-linux-gnu-gcc -static -o anonymous anonymous.c': RUN,
    'tools/run --file anonymous:/t/anonymous -- /t/anonymous': RUN,
    'riscv64-linux-gnu-gcc -nostdlib -static userland/asm/mmap-exit.S': RUN,
    'tools/run --file a.out:/t/a.out -- /t/a.out; echo $?': RUN,
    'tools/run --image build/release/test.img -- /t/fork_status': RUN,
    'TERM=vt100 tools/run -- /bin/env': RUN,
    "tools/run -- /bin/sh -c 'pwd; umask; id -u; test -t 0 || echo no terminal'": RUN,
    "tools/run -- /bin/sh -c 'echo one > /tmp/f; echo two >> /tmp/f; cat /tmp/f'": RUN,
    'tools/run --append trace=syscall --log calls.log -- /examples/mmap': RUN,
    "grep -c '42.n' calls.log": RUN,
    'tools/run --help': RUN,
    'tools/gen-syscalls > docs/syscalls.md': skip('the example of docs/adding-a-syscall.md is tested by '
                                                  'tests/docs/example.py'),
}
