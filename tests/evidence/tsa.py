#!/usr/bin/env python3
"""The HTTP side of the authority of tsa.sh: tsa.py DIR PORTFILE

Listens on a free port of 127.0.0.1, writes it to PORTFILE, and ends with its
standard input. The path names what it does: /tsa, /old and /fake stamp by
that certificate; the others are bad in one way each.
"""
import http.server
import os
import subprocess
import sys
import tempfile
import threading
import time

DIR, PORT_FILE = sys.argv[1:3]
REPLY = 'application/timestamp-reply'
LOCK = threading.Lock()  # openssl keeps its serial number in a file


def stamp(query, name):
    with LOCK, tempfile.NamedTemporaryFile(dir=DIR) as file:
        file.write(query)
        file.flush()
        return subprocess.run(
            ['openssl', 'ts', '-reply', '-config', f'{name}.cnf',
             '-queryfile', file.name],
            cwd=DIR, check=True, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL).stdout


def other_query(query):
    """The same digest, another nonce."""
    digest = query.index(b'\x04\x20') + 2
    return subprocess.run(
        ['openssl', 'ts', '-query', '-sha256', '-cert', '-digest',
         query[digest:digest + 32].hex()],
        check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def answer(self, body, status=200, kind=REPLY, extra=()):
        self.send_response(status)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(body)))
        for name, value in extra:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        query = self.rfile.read(int(self.headers['Content-Length']))
        if self.headers['Content-Type'] != 'application/timestamp-query':
            return self.answer(b'', 415)
        path = self.path[1:]
        if path in ('tsa', 'old', 'fake'):
            return self.answer(stamp(query, path))
        if path == 'switch':  # stamps from the moment that a file is there
            if os.path.exists(os.path.join(DIR, 'switch')):
                return self.answer(stamp(query, 'tsa'))
            return self.answer(b'', 503)
        if path == 'rubbish':
            return self.answer(b'\x30\x82rubbish' * 20)
        if path == 'type':
            return self.answer(stamp(query, 'tsa'), kind='text/html')
        if path == 'much':
            return self.answer(b'\x30' * (1 << 20))
        if path == 'nonce':
            return self.answer(stamp(other_query(query), 'tsa'))
        if path == 'tail':
            return self.answer(stamp(query, 'tsa') + b'x')
        if path == 'redirect':
            return self.answer(b'', 302, extra=[('Location', '/tsa')])
        if path == 'never':
            time.sleep(20)
            return None
        return self.answer(b'', 500)


server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
server.daemon_threads = True
with open(PORT_FILE + '.new', 'w', encoding='ascii') as out:
    out.write(str(server.server_port))
os.rename(PORT_FILE + '.new', PORT_FILE)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
