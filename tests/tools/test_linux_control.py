#!/usr/bin/env python3
"""tools/linux-control without a guest: its options, its archive, what it says when there is no Linux."""
import os
import stat
import subprocess
import sys
import tempfile
import unittest

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOOL = os.path.join(REPOSITORY, 'tools', 'linux-control')
sys.path.insert(0, os.path.join(REPOSITORY, 'tools', 'lib'))

import initramfs    # noqa: E402, found through the path above


def run(*arguments, **environment):
    return subprocess.run([TOOL, *arguments], env={**os.environ, 'FATHOM_NO_BUILD': '1', **environment},
                          capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)


class LinuxControl(unittest.TestCase):
    def refused(self, status, text, result):
        self.assertEqual(result.returncode, status, result.stderr)
        self.assertTrue(result.stderr.startswith('tools/linux-control: '), result.stderr)
        self.assertIn(text, result.stderr)

    def test_options_without_sense(self):
        self.refused(2, 'stands after --', run('--smp', '1'))
        self.refused(2, '--smp', run('--smp', '99', '--', 'true'))
        self.refused(2, '--what', run('--what', '--', 'true'))
        self.refused(2, 'no such directory', run('--dir', '/nowhere', '--', 'true'))

    def test_no_linux_is_said_in_one_line(self):
        with tempfile.TemporaryDirectory() as cache:
            result = run('--', 'true', FATHOM_CACHE=cache, FATHOM_DEBIAN='file:/nowhere')
            self.assertEqual(result.returncode, 125, result.stderr)
            lines = [line for line in result.stderr.splitlines() if 'fetching' not in line]
            self.assertEqual(len(lines), 1, result.stderr)
            self.assertTrue(lines[0].startswith('tools/linux-control: '), lines[0])

    def test_archive_keeps_what_it_was_given(self):
        with tempfile.TemporaryDirectory() as tree, tempfile.NamedTemporaryFile() as archive:
            with open(os.path.join(tree, 'odd'), 'wb') as file:
                file.write(b'12345')
            os.symlink('odd', os.path.join(tree, 'link'))
            initramfs.write(tree, archive.name)
            entries = read_archive(archive.read())
        self.assertEqual(entries['odd'][1], b'12345')
        self.assertEqual(entries['link'][1], b'odd')
        self.assertTrue(stat.S_ISLNK(entries['link'][0]))
        self.assertTrue(stat.S_ISCHR(entries['dev/console'][0]))
        self.assertEqual(list(entries)[-1], initramfs.TRAILER)


def read_archive(data):
    """{name: (mode, contents)}"""
    found, at = {}, 0
    while at < len(data):
        fields = [int(data[at + 6 + 8 * i:at + 14 + 8 * i], 16) for i in range(13)]
        name = data[at + 110:at + 110 + fields[11] - 1].decode()
        at += -(-(110 + fields[11]) // 4) * 4
        found[name] = (fields[1], data[at:at + fields[6]])
        at += -(-fields[6] // 4) * 4
    return found


if __name__ == '__main__':
    unittest.main()
