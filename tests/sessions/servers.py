"""Both real servers, as `comeback run` starts them, on free ports and with all they print in files."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import requests

from comeback import settings

HERE = Path(__file__).parent
_ids = (f"message-{number}" for number in count())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Servers:
    """`folder` gets state and output; `changes` are settings on top of the defaults.

    The actions fail when a message asks them to (failing_actions.py). Logs are written at the level DEBUG.
    """

    def __init__(self, folder: Path, changes: dict[str, str]) -> None:
        self.folder = folder
        self.port, self.actions_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.actions_url = f"http://127.0.0.1:{self.actions_port}"
        self.environment = settings.child_environment(
            {
                "COMEBACK_STATE": str(folder / "state"),
                "COMEBACK_PORT": str(self.port),
                "COMEBACK_ACTIONS_PORT": str(self.actions_port),
                "LOG_LEVEL": "DEBUG",
                "LOG_LEVEL_LIBRARIES": "DEBUG",
                "TMPDIR": str(folder),
                **changes,
            }
        )
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        model = max((settings.ROOT / "models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
        self.start_actions()
        self._run("talks", "-m", "comeback", "talks", str(model))
        self.wait("ok")

    def start_actions(self) -> None:
        self._run("actions", str(HERE / "failing_actions.py"))
        for _ in range(600):
            with suppress(requests.RequestException):
                if requests.get(self.actions_url + "/health", timeout=5).ok:
                    return
            assert self.running["actions"].poll() is None, self.output()[-2000:]
            time.sleep(0.1)
        raise AssertionError(self.output()[-2000:])

    def act(self, who: str, text: str, action: str = "action_answer") -> int:
        """One turn of the action server without Rasa; the status of its answer, 0 when it died."""
        message = {
            "text": text,
            "intent": {"name": "vent", "confidence": 0.9},
            "feelings": ["sad"],
            "risk": {"level": "none", "kind": "nothing"},
        }
        tracker = {"sender_id": who, "slots": {}, "latest_message": message, "events": []}
        call = {"next_action": action, "tracker": tracker, "domain": {}}
        try:
            answer = requests.post(self.actions_url + "/webhook", json=call, timeout=60)
        except requests.RequestException:
            return 0
        return answer.status_code

    def kill(self, name: str) -> None:
        self.running[name].send_signal(signal.SIGKILL)
        self.running[name].wait()

    def stop(self) -> None:
        for server in self.running.values():
            server.terminate()
        for server in self.running.values():
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()

    def wait(self, status: str, seconds: float = 120) -> None:
        """Until GET /health tells `status`."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if requests.get(self.url + "/health", timeout=5).json()["status"] == status:
                    return
            except requests.RequestException:
                pass
            assert all(server.poll() is None for server in self.running.values()), self.output()[-2000:]
            time.sleep(0.2)
        raise AssertionError(f"not {status} in {seconds} s: {self.output()[-2000:]}")

    def token(self, place: str = "web") -> str:
        answer = requests.post(self.url + "/api/session", json={"place": place}, timeout=10)
        return str(answer.json()["token"])

    def say(self, token: str, text: str) -> list[dict[str, Any]]:
        """The lines that answer `text`."""
        body = {"token": token, "id": next(_ids), "text": text}
        answer = requests.post(self.url + "/api/message", json=body, timeout=60)
        assert answer.status_code == 200, answer.text
        return [json.loads(line) for line in answer.text.splitlines()][:-1]

    def forget(self, token: str) -> requests.Response:
        return requests.delete(self.url + "/api/session", json={"token": token}, timeout=10)

    def output(self) -> str:
        return "".join((self.folder / f"{name}.txt").read_text("utf-8", "replace") for name in self.running)

    def _run(self, name: str, *arguments: str) -> None:
        with open(self.folder / f"{name}.txt", "ab") as output:
            self.running[name] = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=settings.ROOT,
                env={**self.environment, "PYTHONPATH": str(settings.ROOT)},
                stdout=output,
                stderr=subprocess.STDOUT,
            )


def bytes_under(folder: Path) -> bytes:
    """Everything that was written, in lower case."""
    files = (Path(at) / name for at, _, names in os.walk(folder) for name in names)
    return b"\n".join(path.read_bytes() for path in files if path.is_file()).lower()
