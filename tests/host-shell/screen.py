"""A screen that output is written on: what a person sees, not the bytes.

It knows what the shell's line editor and ordinary programs send: characters (UTF-8), carriage
return, newline, backspace, tab, bell, cursor moves, home, and erasing (ECMA-48, 8.3). A full row
wraps when the next character comes, as a VT100 does; at the bottom the screen scrolls. Any other
sequence is an error, so that nothing goes by unseen.
"""
import codecs
import re
import unicodedata

SEQUENCE = re.compile(r'\x1b\[(\d*(?:;\d+)*)([A-Za-z])')
BEGUN = re.compile(r'\x1b(\[[\d;]*)?$')


class Screen:
    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.cells = [[' '] * columns for _ in range(rows)]
        self.row = self.column = self.bells = 0
        self.decoder = codecs.getincrementaldecoder('utf-8')('replace')
        self.waiting = ''

    def feed(self, data):
        text = self.waiting + self.decoder.decode(data)
        self.waiting, at = '', 0
        while at < len(text):
            if text[at] == '\x1b':
                if BEGUN.match(text, at):
                    self.waiting = text[at:]
                    return
                found = SEQUENCE.match(text, at)
                if not found:
                    raise ValueError(f'unknown sequence {text[at:at + 8]!r}')
                self.sequence(found[1], found[2])
                at = found.end()
            else:
                self.character(text[at])
                at += 1

    def line_feed(self):
        if self.row == self.rows - 1:
            self.cells = self.cells[1:] + [[' '] * self.columns]
        else:
            self.row += 1

    def character(self, c):
        if c == '\r':
            self.column = 0
        elif c == '\n':
            self.line_feed()
        elif c == '\b':
            self.column = max(0, min(self.column, self.columns - 1) - 1)
        elif c == '\t':
            self.column = min(self.columns - 1, self.column // 8 * 8 + 8)
        elif c == '\a':
            self.bells += 1
        elif c >= ' ':
            self.put(c)

    def put(self, c):
        if unicodedata.combining(c):
            self.cells[self.row][max(0, self.column - 1)] += c
            return
        width = 2 if unicodedata.east_asian_width(c) in 'WF' else 1
        if self.column + width > self.columns:
            self.column = 0
            self.line_feed()
        self.cells[self.row][self.column] = c
        if width == 2:
            self.cells[self.row][self.column + 1] = ''
        self.column += width

    def sequence(self, parameters, final):
        numbers = [int(n) if n else 0 for n in parameters.split(';')]
        count = max(1, numbers[0])
        self.column = min(self.column, self.columns - 1)
        if final == 'A':
            self.row = max(0, self.row - count)
        elif final == 'B':
            self.row = min(self.rows - 1, self.row + count)
        elif final == 'C':
            self.column = min(self.columns - 1, self.column + count)
        elif final == 'D':
            self.column = max(0, self.column - count)
        elif final == 'H':
            self.row = min(self.rows, count) - 1
            self.column = min(self.columns, max(1, (numbers + [1])[1])) - 1
        elif final in 'JK' and numbers[0] == 0:
            self.cells[self.row][self.column:] = [' '] * (self.columns - self.column)
            for row in range(self.row + 1, self.rows if final == 'J' else 0):
                self.cells[row] = [' '] * self.columns
        else:
            raise ValueError(f'unknown sequence ESC [ {parameters} {final}')

    def lines(self):
        """The rows as text, without blanks at their ends and empty rows below."""
        rows = [''.join(row).rstrip() for row in self.cells]
        while rows and not rows[-1]:
            rows.pop()
        return rows

    def cursor(self):
        """(row, column); behind a full row, the row's last column."""
        return self.row, min(self.column, self.columns - 1)
