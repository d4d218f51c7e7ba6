"""A real PostgreSQL of the test run's own: in a folder of its own, on a socket, without a network."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg2

ACCOUNT = "postgres"
"""Who runs the server when the tests are run by root, whom PostgreSQL refuses."""


class PostgresMissing(Exception):
    pass


def programs() -> Path:
    """The folder with initdb and pg_ctl, the newest version first. Raises PostgresMissing."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    if found or on_path:
        return (found[-1] if found else Path(str(on_path)).resolve()).parent
    raise PostgresMissing("No PostgreSQL server here; the tests need one: apt-get install postgresql")


class Postgres:
    """`start`, `stop` and `kill` act on the server; `create` gives the URL of a new database."""

    def __init__(self) -> None:
        self.bin = programs()
        self.folder = Path(tempfile.mkdtemp(prefix="comeback-pg-"))
        self._as = {"user": ACCOUNT, "group": ACCOUNT} if os.geteuid() == 0 else {}
        if self._as:
            shutil.chown(self.folder, **self._as)
        self._run("initdb", "-D", self.data, "-U", ACCOUNT, "-A", "trust", "-E", "UTF8", "--no-sync")
        settings = {"listen_addresses": "", "unix_socket_directories": str(self.folder), "fsync": "off"}
        lines = "".join(f"{name} = '{value}'\n" for name, value in settings.items())
        with open(self.data / "postgresql.conf", "a") as file:
            file.write(lines)
        self.start()

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def start(self) -> None:
        self._run("pg_ctl", "-D", self.data, "-l", self.folder / "log", "-w", "start")

    def stop(self, mode: str = "immediate") -> None:
        self._run("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop")

    def pids(self) -> list[int]:
        """The server's process and, after it, those that serve connections."""
        first = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        return [first, *map(int, children)]

    def url(self, name: str) -> str:
        return f"postgresql+psycopg2://{ACCOUNT}@/{name}?host={self.folder}"

    def create(self, name: str) -> str:
        self.sql(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def drop(self, name: str) -> None:
        self.sql(f'DROP DATABASE "{name}" WITH (FORCE)')

    def sql(self, statement: str, name: str = ACCOUNT) -> None:
        connection = psycopg2.connect(host=str(self.folder), user=ACCOUNT, dbname=name)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
        connection.close()

    def remove(self) -> None:
        try:
            self.stop()
        finally:
            shutil.rmtree(self.folder)

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(self.bin / program), *map(str, arguments)]
        done = subprocess.run(
            command,
            check=False,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            **self._as,
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.decode().strip()}")
