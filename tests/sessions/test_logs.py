"""No log line, no file and no row holds what a person wrote, whatever fails."""

from __future__ import annotations

import ast
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from postgres import Postgres
from servers import Servers, bytes_under
from sqlalchemy import select

from comeback import settings
from comeback.channels import guard
from comeback.sessions import migrate, open_log, schema

MARKS = ("zanzibar", "pettigrew", "vandelay")
SAID = "i got rejected from Vandelay after 3 rounds, Pettigrew told me, and i cried in zanzibar"


@pytest.fixture(scope="module")
def servers(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    url = postgres.create("served")
    migrate(url)
    started = Servers(tmp_path_factory.mktemp("served"), {"COMEBACK_DATABASE_URL": url})
    try:
        started.start()
        yield started
    finally:
        started.stop()
        postgres.drop("served")


def clean(servers: Servers) -> None:
    found = bytes_under(servers.folder)
    assert b"rasa" in found
    assert [mark for mark in MARKS if mark.encode() in found] == []


def raw(port: int, request: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        connection.sendall(request)
        connection.settimeout(5)
        while connection.recv(4096):
            pass


def test_S19_a_talk_leaves_no_word(servers: Servers, postgres: Postgres) -> None:
    token = servers.token()
    heard = [
        servers.say(token, text) for text in (SAID, "sad, zanzibar", "what do you know about me?", "bye")
    ]
    assert all(lines and lines[-1]["kind"] != "trouble" for lines in heard)
    clean(servers)
    log = open_log(servers.environment["COMEBACK_DATABASE_URL"])
    tables = log.link.read(lambda c: [c.execute(select(t)).all() for t in schema.metadata.sorted_tables], 5)
    log.close()
    assert len([rows for rows in tables if rows]) >= 3
    assert not any(mark in str(tables).lower() for mark in MARKS)


def test_failing_actions_leave_no_word_and_help_is_offered(servers: Servers) -> None:
    token = servers.token()
    assert servers.say(token, SAID)
    assert servers.say(token, "fall over in zanzibar")[-1]["kind"] == "trouble"
    crisis = servers.say(token, "fall over, i want to kill myself in zanzibar")
    assert crisis[-1]["kind"] != "trouble"
    output = servers.output()
    assert "an action failed: ValueError" in output and "the crisis answer fell back to plain words" in output
    clean(servers)


def test_wrong_requests_leave_no_word(servers: Servers) -> None:
    broken = {
        "next_action": "action_answer",
        "tracker": {"sender_id": "zanzibar", "slots": {"memory": "vandelay"}, "latest_message": {"text": 7}},
    }
    for body in (
        b'{"token": "zanzibar',
        b"zanzibar",
        b'["zanzibar"]',
        json.dumps(broken).encode(),
        json.dumps({"next_action": "zanzibar", "tracker": {}}).encode(),
        json.dumps({"next_action": "action_answer", "tracker": {"pettigrew": "zanzibar"}}).encode(),
        b"zanzibar" * 400_000,
    ):
        for path in ("/api/message", "/api/session", "/webhook", "/webhook?zanzibar=pettigrew", "/zanzibar"):
            for url in (servers.url, servers.actions_url):
                for kind in ("application/json", "text/zanzibar"):
                    try:
                        answer = requests.post(
                            url + path, data=body, headers={"Content-Type": kind}, timeout=10
                        )
                        assert "zanzibar" not in answer.text
                    except requests.ConnectionError:
                        pass  # hung up on three megabytes
    for port in (servers.port, servers.actions_port):
        raw(port, b"ZANZIBAR pettigrew\r\n\r\n")
        raw(port, b"GET /zanzibar HTTP/1.1\r\nHost: x\r\nX-Vandelay: " + b"zanzibar" * 9000 + b"\r\n\r\n")
    assert (
        requests.post(
            servers.actions_url + "/webhook", json={}, headers={"Origin": "https://evil.example"}, timeout=5
        ).status_code
        == 403
    )
    servers.wait("ok")
    clean(servers)


def test_a_database_that_is_gone_leaves_no_word_and_every_turn_is_answered(
    servers: Servers, postgres: Postgres
) -> None:
    token, later = servers.token(), servers.token()
    postgres.stop()
    try:
        for text in (SAID, "what do you know about me? zanzibar", "delete everything", "yes, delete it"):
            assert servers.say(token, text)[-1]["kind"] != "trouble"
        assert servers.say(servers.token(), "i want to kill myself in zanzibar")[-1]["kind"] != "trouble"
        assert servers.forget(token).status_code == 204
    finally:
        postgres.start()
    assert servers.say(later, SAID)
    assert "session log waits" in servers.output()
    clean(servers)


def test_without_the_action_server_no_word_is_left_and_help_is_offered(servers: Servers) -> None:
    token = servers.token()
    servers.kill("actions")
    assert servers.say(token, SAID)[-1]["kind"] == "trouble"
    servers.start_actions()
    servers.wait("ok")
    assert servers.say(token, SAID)[-1]["kind"] != "trouble"
    clean(servers)


def test_the_operator_erases_a_running_talk(servers: Servers) -> None:
    """Its memory in the server and the answers that the channel holds are gone too."""
    mine, other = servers.token(), servers.token()
    key = guard.load_key(None, servers.folder / "state")
    _, conversation = guard.open_token(key, mine)
    for token in (mine, other):
        servers.say(token, SAID)
    command = [sys.executable, "-m", "comeback", "sessions", "forget", conversation]
    done = subprocess.run(
        command, cwd=settings.ROOT, env=servers.environment, capture_output=True, text=True, timeout=60
    )
    receipt = json.loads(done.stdout)
    assert receipt["erased"]["turn"] == 1 and receipt["left"] == 0 and receipt["running_talk"] == "ended"
    body = {"token": mine, "id": "message-after", "text": "hello"}
    assert requests.post(servers.url + "/api/message", json=body, timeout=20).status_code == 401
    assert "I am Comeback" not in str(servers.say(other, "sad"))
    for order in (
        f"1.{conversation}.{'A' * 43}",
        guard.issue_order(key, conversation, 1),
        guard.issue_order(b"x", conversation),
        mine,
    ):
        assert (
            requests.delete(servers.url + "/api/session", json={"order": order}, timeout=5).status_code == 401
        )
    clean(servers)


def calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and ast.unparse(node.func.value) == "logger"
        ):
            yield node


def test_our_own_lines_are_constant_sentences_without_traces() -> None:
    found = 0
    for path in [*(settings.ROOT / "comeback").rglob("*.py"), *(settings.ROOT / "actions").rglob("*.py")]:
        for call in calls(path):
            found += 1
            assert isinstance(call.args[0], ast.Constant), ast.unparse(call)
            assert call.func.attr != "exception" and not call.keywords, ast.unparse(call)  # type: ignore[attr-defined]
            assert not any(isinstance(a, ast.Name) and a.id in ("error", "text") for a in call.args[1:])
    assert found > 10
