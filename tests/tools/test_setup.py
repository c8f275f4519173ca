#!/usr/bin/env python3
"""tools/setup.sh and tools/mksymtab.py: what is missing or too old is named in one line."""
import os
import subprocess
import sys
import tempfile
import unittest

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SETUP = os.path.join(REPOSITORY, 'tools', 'setup.sh')
MKSYMTAB = os.path.join(REPOSITORY, 'tools', 'mksymtab.py')
NEEDED = ['git', 'cmake', 'ninja', 'python3', 'riscv64-linux-gnu-gcc', 'qemu-system-riscv64',
          'mke2fs', 'debugfs', 'cc', 'dtc', 'clang-format', 'clang-tidy', 'cppcheck']
HELPERS = ['sort', 'tr', 'sed', 'env', 'rm']


class Setup(unittest.TestCase):
    """A PATH of our own: links to the real tools, some left out or replaced."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        for name in NEEDED + HELPERS:
            real = subprocess.run(['bash', '-c', 'PATH=$PATH:/usr/sbin:/sbin; command -v ' + name],
                                  capture_output=True, text=True, check=True).stdout.strip()
            os.symlink(real, os.path.join(self.folder.name, name))

    def replace(self, name, script):
        path = os.path.join(self.folder.name, name)
        if os.path.lexists(path):
            os.unlink(path)
        if script is not None:
            with open(path, 'w', encoding='utf-8') as file:
                file.write('#!/bin/bash\n' + script)
            os.chmod(path, 0o755)

    def setup(self, kind='test'):
        # The sbin folders that setup.sh looks into as well would bring the real tools back; and
        # whoever runs the tests, they see what a user who is not root sees.
        with open(SETUP, encoding='utf-8') as file:
            text = file.read().replace('PATH=$PATH:/usr/sbin:/sbin ', '')
        text = text.replace('((EUID != 0))', 'true')
        return subprocess.run(['/bin/bash', '-c', text + f'\nfathom_setup {kind}'],
                              env={'PATH': self.folder.name, 'HOME': '/'}, capture_output=True,
                              text=True, timeout=60, check=False)

    def test_all_there_says_nothing(self):
        result = self.setup()
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, '', ''))

    def test_each_missing_tool_is_named_in_one_line(self):
        for name in NEEDED:
            if name in ('riscv64-linux-gnu-gcc', 'cc', 'python3'):
                continue    # these are needed to look for the others
            with self.subTest(tool=name):
                self.setUp()
                self.replace(name, None)
                result = self.setup()
                self.assertEqual(result.returncode, 1)
                self.assertEqual(result.stderr.count('\n'), 1, result.stderr)
                self.assertIn(name, result.stderr)

    def test_too_old_is_named_with_both_versions(self):
        for name, text, wanted in [('cmake', 'cmake version 3.22.1', '3.25'),
                                   ('qemu-system-riscv64', 'QEMU emulator version 6.2.0', '7.2')]:
            with self.subTest(tool=name):
                self.setUp()
                self.replace(name, f'echo "{text}"')
                result = self.setup('run')
                self.assertEqual(result.returncode, 1)
                self.assertEqual(result.stderr.count('\n'), 1, result.stderr)
                for word in (name, text.split()[-1], wanted):
                    self.assertIn(word, result.stderr)

    def test_apt_get_is_used_where_it_is(self):
        ninja = os.path.realpath(os.path.join(self.folder.name, 'ninja'))
        self.replace('ninja', None)
        self.replace('sudo', 'exec "$@"')
        self.replace('apt-get', f'echo "apt-get $*"; [[ $1 == update ]] || '
                                f'/bin/ln -s {ninja} {self.folder.name}/ninja')
        result = self.setup('run')
        self.assertEqual((result.returncode, result.stdout), (0, ''), result.stderr)
        self.assertIn('apt-get update', result.stderr)
        self.assertIn('ninja-build', result.stderr)

    def test_lists_out_of_reach_do_not_end_it(self):
        ninja = os.path.realpath(os.path.join(self.folder.name, 'ninja'))
        self.replace('ninja', None)
        self.replace('sudo', 'exec "$@"')
        self.replace('apt-get', f'[[ $1 == update ]] && exit 100; '
                                f'/bin/ln -s {ninja} {self.folder.name}/ninja')
        result = self.setup('run')
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_sudo_that_refuses_is_asked_once(self):
        self.replace('dtc', None)
        self.replace('sudo', 'echo refused >&2; exit 1')
        self.replace('apt-get', '')
        result = self.setup()
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stderr.count('refused'), 1)
        self.assertIn('install these by hand: device-tree-compiler', result.stderr)

    def test_the_qemu_that_is_asked_for_is_the_one_judged(self):
        old = os.path.join(self.folder.name, 'old-qemu')
        self.replace('old-qemu', 'echo "QEMU emulator version 6.2.0"')
        result = self.setup(f'run {old}')
        self.assertEqual((result.returncode, result.stderr), (
            1, f'tools/run: {old} is version 6.2.0; 7.2 or newer is needed\n'))
        result = self.setup('run /nowhere/qemu')
        self.assertEqual((result.returncode, result.stderr), (
            1, 'tools/run: /nowhere/qemu: no such program\n'))
        os.unlink(os.path.join(self.folder.name, 'qemu-system-riscv64'))
        self.replace('old-qemu', 'echo "QEMU emulator version 8.2.0"')
        self.assertEqual(self.setup(f'run {old}').returncode, 0)

    def test_apt_get_that_fails_is_said(self):
        self.replace('dtc', None)
        self.replace('sudo', 'exec "$@"')
        self.replace('apt-get', 'exit 100')
        result = self.setup()
        self.assertEqual(result.returncode, 1)
        self.assertIn('install these by hand: device-tree-compiler', result.stderr)

    def test_versions_compare_by_number(self):
        for have, want, answer in [('3.25', '3.25', 0), ('3.9', '3.25', 1), ('12', '12', 0),
                                   ('10.0.1', '7.2', 0), ('7.1.9', '7.2', 1), ('3.25.08', '3.25', 0)]:
            line = '. "$0"; fathom_version_at_least "$@"'
            result = subprocess.run(['bash', '-c', line, SETUP, have, want], check=False)
            self.assertEqual(result.returncode, answer)


class SymbolTable(unittest.TestCase):
    SOURCE = ('.globl kernel_start, text_end, _start\n.text\nkernel_start:\n_start: nop\nfirst: {}nop\n'
              '.globl second\nsecond: alias: nop\n.Llocal: nop\ntext_end:\n')

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def link(self, name, more=''):
        with open(self.path(name + '.S'), 'w', encoding='utf-8') as file:
            file.write(self.SOURCE.format(more))
        subprocess.run(['riscv64-linux-gnu-gcc', '-nostdlib', '-static', '-o', self.path(name),
                        self.path(name + '.S')], check=True)
        return self.path(name)

    def mksymtab(self, *arguments):
        return subprocess.run([sys.executable, MKSYMTAB, *arguments], capture_output=True,
                              text=True, check=False)

    def test_table_names_each_function_once_in_order(self):
        table = self.path('table.S')
        self.assertEqual(self.mksymtab(self.link('a'), '-o', table).returncode, 0)
        with open(table, encoding='utf-8') as file:
            text = file.read()
        self.assertIn('.quad 3', text)
        self.assertLess(text.index('"_start"'), text.index('"first"'))
        self.assertIn('"second"', text)
        self.assertNotIn('alias', text)

    def test_check_finds_a_function_that_moved(self):
        table, elf = self.path('table.S'), self.link('a')
        self.mksymtab(elf, '-o', table)
        self.assertEqual(self.mksymtab(elf, '--check', table).returncode, 0)
        result = self.mksymtab(self.link('b', 'nop; '), '--check', table)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn('moved', result.stderr)


if __name__ == '__main__':
    unittest.main(verbosity=2, argv=sys.argv[:1])
