"""Serves what HttpPeerTests asks for, by Python's own http.server. Prints its port, and ends with its standard input."""

import gzip
import http.server
import itertools
import sys
import threading

PIECE = bytes(range(256)) * 256
NUMBERS = itertools.count(1)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.connection_id = str(next(NUMBERS))

    def do_GET(self):
        path = self.path.strip("/").split("/")
        match path:
            case ["connection"]:
                self.answer(self.connection_id.encode())
            case ["hello"]:
                self.answer(b"hello")
            case ["big"]:
                self.answer(gzip.compress(b"a" * 300_000), ("Content-Encoding", "gzip"))
            case ["redirect", left]:
                left = int(left)
                self.answer(b"", ("Location", f"/redirect/{left - 1}" if left > 1 else "/hello"), status=302)
            case ["stream", count]:
                self.stream(int(count))
            case _:
                self.answer(b"", status=404)

    def do_POST(self):
        self.answer(self.rfile.read(int(self.headers["Content-Length"])))

    def answer(self, body, *headers, status=200):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def stream(self, count):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for _ in range(count):
            self.wfile.write(b"%x\r\n%b\r\n" % (len(PIECE), PIECE))
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
sys.stdin.read()
