"""A real Redis of the test run's own, in memory only."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time


class RedisMissing(Exception):
    pass


class RedisServer:
    def __init__(self, port: int = 0) -> None:
        program = shutil.which("redis-server")
        if program is None:
            raise RedisMissing("redis-server is missing: apt-get install redis-server")
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            self.port = probe.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}"
        arguments = ["--port", str(self.port), "--save", "", "--appendonly", "no", "--bind", "127.0.0.1"]
        self._server = subprocess.Popen([program, *arguments], stdout=subprocess.DEVNULL)
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RedisMissing("redis-server did not start")

    def remove(self) -> None:
        self._server.terminate()
        self._server.wait()
