"""The documentation as the tests see it: pages, their blocks, their words in code font."""
import dataclasses
import os
import re
import sys

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FENCE = re.compile(r'^\s*```(.*)$')
CODE = re.compile(r'`([^`\n]+)`')
LINK = re.compile(r'\[[^\]\n]*\]\(([^)\s]+)\)')
HEADING = re.compile(r'^#+\s+(.*?)\s*$')


@dataclasses.dataclass
class Block:
    """One fenced block. `mark` is what stands behind the backticks, `line` where they are."""
    page: str
    line: int
    mark: str
    lines: list

    @property
    def kind(self):
        return self.mark.split()[0] if self.mark else ''

    @property
    def words(self):
        return self.mark.split()[1:]

    @property
    def text(self):
        return ''.join(line + '\n' for line in self.lines)

    @property
    def place(self):
        return f'{self.page}:{self.line}'


class Page:
    def __init__(self, path, text):
        self.path, self.blocks, self.prose = path, [], []
        block = None
        for number, line in enumerate(text.splitlines(), start=1):
            fence = FENCE.match(line)
            if fence and block is None:
                block = Block(path, number, fence[1].strip(), [])
            elif fence:
                self.blocks.append(block)
                block = None
            elif block is not None:
                block.lines.append(line)
            else:
                self.prose.append((number, line))
        self.open = block

    def words(self):
        """(line, text) of everything in code font outside of blocks."""
        for number, line in self.prose:
            for found in CODE.finditer(line):
                yield number, found[1]

    def links(self):
        for number, line in self.prose:
            for found in LINK.finditer(CODE.sub('', line)):
                yield number, found[1]

    def anchors(self):
        """The names that headings get, as GitHub makes them."""
        for _, line in self.prose:
            if heading := HEADING.match(line):
                text = re.sub(r'[^\w\- ]', '', heading[1].lower())
                yield text.strip().replace(' ', '-')


def page_paths():
    docs = os.path.join(REPOSITORY, 'docs')
    pages = sorted(name for name in os.listdir(docs) if name.endswith('.md'))
    return ['README.md', *(f'docs/{name}' for name in pages)]


def read_pages():
    pages = []
    for path in page_paths():
        with open(os.path.join(REPOSITORY, path), encoding='utf-8') as file:
            pages.append(Page(path, file.read()))
    return pages


def report(complaints):
    """Prints the complaints and ends: 1 if there are any."""
    complaints = list(complaints)
    for line in complaints:
        print(line)
    sys.exit(1 if complaints else 0)
