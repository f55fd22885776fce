"""A server as a child program on a core of its own."""

import os
import select
import signal
import subprocess

START_SECONDS = 20


class ServerFailed(Exception):
    pass


class Server:
    """It listens when the constructor returns, and is ended with the context."""

    def __init__(self, command, core, environment=None):
        self.name = " ".join(os.path.basename(part) for part in command)
        self._process = subprocess.Popen(
            ["taskset", "-c", str(core), *command, "--port", "0"], env={**os.environ, **(environment or {})},
            stdout=subprocess.PIPE)
        try:
            # taskset becomes the server, so this is its pid.
            self.pid = self._process.pid
            self.port = self.read_number(START_SECONDS)
        except BaseException:
            self.stop()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def read_number(self, seconds=5):
        """The next line of what the server prints. Unbuffered, so that a line that has come is never overlooked."""
        line = b""
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([self._process.stdout], [], [], seconds)
            piece = os.read(self._process.stdout.fileno(), 1) if ready else b""
            if not piece:
                raise ServerFailed(f"{self.name} printed no number but {line!r}; {self._state()}")
            line += piece
        return int(line)

    def _state(self):
        try:
            return f"its exit code is {self._process.wait(2)}"
        except subprocess.TimeoutExpired:
            return "it is still running"

    def stop(self):
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
