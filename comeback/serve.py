"""Runs the two servers as one: Rasa with its channels, and the actions on loopback. Ends both together."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.request

from comeback import logs, settings
from comeback.build import model_file


class CannotServe(RuntimeError):
    """The message says why and what to do."""


def serve() -> int:
    """Build what is missing, start both servers, wait until one ends or Ctrl-C, end the other. Returns 0 or 1."""
    chosen = settings.load()
    for port in (chosen.port, chosen.actions_port):
        _free(port)
    if not _built():
        return 1
    environment = settings.child_environment(
        {"COMEBACK_ACTIONS_PORT": str(chosen.actions_port), "SANIC_REQUEST_MAX_SIZE": "2097152"}
    )
    commands = (
        [sys.executable, "-m", "comeback", "actions"],
        [sys.executable, "-m", "comeback", "talks", str(model_file())],
    )
    servers = [
        subprocess.Popen(c, cwd=settings.ROOT, env=environment, start_new_session=True) for c in commands
    ]
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, _interrupt)
    try:
        print(f"  starting; the chat will be on http://localhost:{chosen.port}/ in a few seconds", flush=True)
        ready = False
        while all(server.poll() is None for server in servers):
            time.sleep(0.5)
            if not ready and (ready := _healthy(chosen.port)):
                print(f"  ready: http://localhost:{chosen.port}/", flush=True)
        print("comeback: a server ended by itself; stopping the other.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        for stop in (signal.SIGINT, signal.SIGTERM):
            signal.signal(stop, signal.SIG_IGN)  # asked twice: the servers are still ended
        for server in servers:
            if server.poll() is None:
                server.terminate()
        for server in servers:
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def serve_actions() -> None:
    """The action server, on loopback only, without an access log."""
    logs.install()
    from comeback.action_server import create_app

    app = create_app()
    app.run("127.0.0.1", settings.load().actions_port, access_log=False, debug=False)


def serve_talks(model: str) -> None:
    """Rasa's server with our channels, as `rasa run` starts it, but for its log lines."""
    logs.install()
    settings.quiet()
    from rasa.__main__ import main

    chosen = settings.load()
    sys.argv = ["rasa", "run", "--model", model, "--endpoints", "endpoints.yml"]
    sys.argv += ["--credentials", "credentials.yml", "--interface", chosen.host, "--port", str(chosen.port)]
    main()


def _built() -> bool:
    """Build in a process of its own, which gives back the room that it took; it has said what went wrong."""
    return subprocess.run([sys.executable, "-m", "comeback", "setup"], cwd=settings.ROOT).returncode == 0


def _free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CannotServe(
                f"Port {port} is in use. Stop what uses it, or set COMEBACK_PORT / COMEBACK_ACTIONS_PORT."
            ) from error
