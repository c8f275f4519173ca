#!/usr/bin/env python3
"""tools/lib/image.py: what goes into an image is what comes out, owned by root, on a sound ext2."""
import os
import re
import subprocess
import sys
import tempfile
import unittest

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LIBRARY = os.path.join(REPOSITORY, 'tools', 'lib')
sys.path.insert(0, LIBRARY)

import image  # noqa: E402


class Image(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = os.path.join(self.folder.name, 'disk.img')
        self.tree = os.path.join(self.folder.name, 'tree')
        self.put('bin/sh', 'shell', 0o755)
        self.put('etc/motd', 'welcome', 0o640)
        os.symlink('/bin/sh', os.path.join(self.tree, 'bin', 'ash'))
        os.symlink('/etc', os.path.join(self.tree, 'link'))

    def put(self, name, text, mode=0o644):
        path = os.path.join(self.tree, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def make(self, *additions):
        with image.staged([('directory', self.tree, '/'), *additions], self.folder.name) as stage:
            image.write_image(stage, self.path)

    def debugfs(self, request):
        return subprocess.run([image.tool('debugfs'), '-R', request, self.path], check=True,
                              capture_output=True, text=True, errors='replace').stdout

    def stat(self, path):
        """(type, mode, uid, gid, size) of a path in the image."""
        text = self.debugfs(f'stat "{path}"')
        kind = re.search(r'Type: (.*?) +Mode: +0?(\d+)', text)
        owner = re.search(r'User: +(\d+) +Group: +(\d+)', text)
        size = re.search(r'Size: (\d+)', text)
        self.assertTrue(kind and owner, f'{path} is not there: {text}')
        return (kind[1], int(kind[2], 8), int(owner[1]), int(owner[2]),
                int(size[1]) if size else 0)

    def check(self):
        result = subprocess.run([image.tool('e2fsck'), '-fn', self.path], capture_output=True,
                                text=True, check=False)
        self.assertEqual(result.returncode, 0, result.stdout)

    def test_modes_contents_and_links_are_kept(self):
        self.make()
        self.check()
        self.assertEqual(self.stat('/bin/sh'), ('regular', 0o755, 0, 0, 5))
        self.assertEqual(self.stat('/etc/motd')[:2], ('regular', 0o640))
        self.assertEqual(self.debugfs('cat /etc/motd'), 'welcome')
        self.assertIn('Fast link dest: "/bin/sh"', self.debugfs('stat /bin/ash'))

    def test_mount_points_are_always_there(self):
        self.make()
        for name, mode in image.SKELETON.items():
            kind, have = self.stat('/' + name)[:2]
            self.assertEqual(kind, 'directory')
            if name not in ('bin', 'etc'):
                self.assertEqual(have, mode, name)

    def test_additions_make_parents_and_replace_without_touching_the_tree(self):
        program = self.put('../a.out', 'new', 0o755)
        self.make(('file', program, '/t/deep/a.out'), ('file', program, '/bin/sh'),
                  ('file', program, '/link/through'), ('file', program, '/tmp/'))
        self.check()
        self.assertEqual(self.stat('/t/deep/a.out'), ('regular', 0o755, 0, 0, 3))
        self.assertEqual(self.debugfs('cat /bin/sh'), 'new')
        self.assertEqual(self.debugfs('cat /etc/through'), 'new')
        self.assertEqual(self.debugfs('cat /tmp/a.out'), 'new')
        with open(os.path.join(self.tree, 'bin', 'sh'), encoding='utf-8') as file:
            self.assertEqual(file.read(), 'shell')

    def test_a_directory_is_added_with_all_that_is_in_it(self):
        more = os.path.join(self.folder.name, 'more')
        os.makedirs(os.path.join(more, 'empty'))
        os.makedirs(os.path.join(more, 'a b'))
        with open(os.path.join(more, 'a b', 'q"uote'), 'w', encoding='utf-8') as file:
            file.write('x')
        os.symlink('missing', os.path.join(more, 'dangling'))
        os.symlink('a b', os.path.join(more, 'to-dir'))
        self.make(('directory', more, '/srv/more'))
        self.check()
        self.assertEqual(self.stat('/srv/more/empty')[0], 'directory')
        self.assertEqual(self.stat('/srv/more/dangling')[0], 'symlink')
        self.assertEqual(self.stat('/srv/more/to-dir')[0], 'symlink')
        self.assertEqual(self.stat('/srv/more/a b/q""uote')[0], 'regular')

    def test_strange_owners_become_root(self):
        if os.geteuid() != 0:
            self.skipTest('only root can make files of other owners; as anybody else all are')
        os.chown(os.path.join(self.tree, 'etc', 'motd'), 1234, 4321)
        os.chown(os.path.join(self.tree, 'bin', 'ash'), 1234, 4321, follow_symlinks=False)
        self.make()
        self.check()
        self.assertEqual(self.stat('/etc/motd')[2:4], (0, 0))
        self.assertEqual(self.stat('/bin/ash')[2:4], (0, 0))

    def test_a_sparse_file_does_not_fill_the_disk(self):
        path = os.path.join(self.tree, 'sparse')
        with open(path, 'wb') as file:
            file.truncate(3 << 30)
            file.seek(1 << 30)
            file.write(b'here')
        self.make()
        self.assertEqual(self.stat('/sparse')[4], 3 << 30)
        self.assertLess(os.stat(self.path).st_size, 200 << 20)

    def test_many_small_files_find_inodes(self):
        for number in range(3000):
            self.put(f'many/{number}', 'x')
        self.make()
        self.check()
        self.assertEqual(self.stat('/many/2999')[0], 'regular')

    def test_a_parent_that_is_a_file_is_refused(self):
        with self.assertRaises(image.ImageError):
            self.make(('file', os.path.join(self.tree, 'bin/sh'), '/etc/motd/x'))

    def test_an_image_is_written_only_when_something_changed(self):
        additions = [('directory', self.tree, '/')]
        image.update(self.path, additions)
        first = os.stat(self.path).st_ino
        image.update(self.path, additions)
        self.assertEqual(os.stat(self.path).st_ino, first)
        self.put('etc/new', 'x')
        image.update(self.path, additions)
        self.assertEqual(self.stat('/etc/new')[0], 'regular')
        self.assertFalse([n for n in os.listdir(self.folder.name) if n.startswith('stage-')])


if __name__ == '__main__':
    unittest.main(verbosity=2, argv=sys.argv[:1])
