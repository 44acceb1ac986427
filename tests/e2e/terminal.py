#!/usr/bin/env python3
"""Runs a program on a terminal of its own, types, and looks at the screen.

    terminal.py [--rows N] [--columns N] STEP... -- COMMAND...

Steps: see=TEXT (until it stands on the screen), gone=TEXT (until it does
not), type=KEYS (\\n, \\e as Enter, Escape), size=ROWSxCOLUMNS, kill=SIGNAL,
fits (no row is longer than the screen), end=STATUS (it ends so), sane (the
terminal has its echo and its line ends back). A step has 20 seconds. What
stood on the screen is printed when one fails. The screen is that of a VT100.
"""
import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
import unicodedata

LIMIT_S = 20
TOKEN = re.compile(r"\x1b\[([?0-9;]*)([A-Za-z@])|\x1b[()][AB0]|\x1b[=>78DMEc]"
                   r"|[\x00-\x1f\x7f]|[^\x00-\x1f\x7f]+")


def width(c):
    if unicodedata.combining(c):
        return 0
    return 2 if unicodedata.east_asian_width(c) in "WF" else 1


class Screen:
    def __init__(self, rows, columns):
        self.resize(rows, columns)
        self.rest = ""

    def resize(self, rows, columns):
        self.rows, self.columns = rows, columns
        self.cells = [[" "] * columns for _ in range(rows)]
        self.y = self.x = self.over = 0

    def write(self, text):
        for c in text:
            wide = width(c)
            if wide == 0:
                continue
            if self.x + wide > self.columns:
                self.over += 1
                self.y, self.x = min(self.y + 1, self.rows - 1), 0
            self.cells[self.y][self.x] = c
            if wide == 2:
                self.cells[self.y][self.x + 1] = ""
            self.x += wide

    def control(self, args, final):
        n = [int(a) if a.isdigit() else 0 for a in args.split(";")]
        row = self.cells[self.y]
        if final in "Hf":
            self.y = min(max(n[0], 1), self.rows) - 1
            self.x = min(max(n[1] if len(n) > 1 else 1, 1), self.columns) - 1
        elif final == "J":
            if n[0] == 2 or (self.y, self.x) == (0, 0):
                self.over = 0  # what was too long went with the rest
            if n[0] == 2:
                self.cells = [[" "] * self.columns for _ in range(self.rows)]
            else:
                row[self.x:] = [" "] * (self.columns - self.x)
                for y in range(self.y + 1, self.rows):
                    self.cells[y] = [" "] * self.columns
        elif final == "K":
            if n[0] == 1:
                row[:self.x + 1] = [" "] * (self.x + 1)
            else:
                row[self.x:] = [" "] * (self.columns - self.x)
        elif final in "ABCD":
            by = max(n[0], 1)
            self.y += {"A": -by, "B": by}.get(final, 0)
            self.x += {"C": by, "D": -by}.get(final, 0)
            self.y = min(max(self.y, 0), self.rows - 1)
            self.x = min(max(self.x, 0), self.columns - 1)

    def feed(self, text):
        text = self.rest + text
        self.rest = ""
        cut = text.rfind("\x1b")
        if cut >= 0 and not TOKEN.fullmatch(text[cut:cut + 12].rstrip()) \
                and len(text) - cut < 12 and not TOKEN.match(text, cut):
            text, self.rest = text[:cut], text[cut:]
        for token in TOKEN.finditer(text):
            t = token.group()
            if token.group(2):
                self.control(token.group(1), token.group(2))
            elif t == "\r":
                self.x = 0
            elif t == "\n":
                self.y = min(self.y + 1, self.rows - 1)
            elif t == "\b":
                self.x = max(self.x - 1, 0)
            elif t[0] >= " ":
                self.write(t)

    def text(self):
        return "\n".join("".join(row).rstrip() for row in self.cells)


class Run:
    def __init__(self, command, rows, columns):
        self.screen = Screen(rows, columns)
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.status = None
        self.master, self.slave = pty.openpty()
        self.resize(rows, columns)
        self.before = termios.tcgetattr(self.slave)
        self.pid = os.fork()
        if self.pid == 0:
            os.setsid()
            fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
            for fd in range(3):
                os.dup2(self.slave, fd)
            os.environ["TERM"] = "vt100"
            os.execvp(command[0], command)

    def resize(self, rows, columns):
        size = struct.pack("HHHH", rows, columns, 0, 0)
        self.screen.resize(rows, columns)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, size)

    def read(self, wait_s):
        if not select.select([self.master], [], [], wait_s)[0]:
            return
        try:
            data = os.read(self.master, 65536)
        except OSError:
            data = b""
        self.screen.feed(self.decoder.decode(data))

    def ended(self):
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
        return self.status is not None

    def until(self, done):
        limit = time.monotonic() + LIMIT_S
        while time.monotonic() < limit:
            if done():
                return True
            self.read(0.05)
        return done()

    def step(self, step):
        name, _, value = step.partition("=")
        if name == "see":
            return self.until(lambda: value in self.screen.text())
        if name == "gone":
            return self.until(lambda: value not in self.screen.text())
        if name == "type":
            keys = value.replace("\\n", "\r").replace("\\e", "\x1b")
            os.write(self.master, keys.replace("\\c", "\x03").encode())
            return True
        if name == "size":
            self.resize(*map(int, value.split("x")))
            return True
        if name == "kill":
            os.kill(self.pid, getattr(signal, value))
            return True
        if name == "fits":
            return self.until(lambda: self.screen.over == 0)
        if name == "end":
            return self.until(self.ended) and self.status == int(value)
        if name == "sane":
            return termios.tcgetattr(self.slave)[:4] == self.before[:4]
        raise SystemExit(f"no step '{step}'")


def main(args):
    at = args.index("--")
    steps, command = args[:at], args[at + 1:]
    sizes = {"--rows": 30, "--columns": 100}
    while steps and steps[0] in sizes:
        sizes[steps[0]] = int(steps[1])
        steps = steps[2:]
    run = Run(command, sizes["--rows"], sizes["--columns"])
    try:
        for step in steps:
            if not run.step(step):
                print(f"step '{step}' failed (status {run.status}) at:")
                print(run.screen.text())
                return 1
        return 0
    finally:
        if not run.ended():
            os.kill(run.pid, signal.SIGKILL)
            os.waitpid(run.pid, 0)


sys.exit(main(sys.argv[1:]))
