"""The arrows between the rooms: a wrong import fails."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = {"comeback", "actions"}
RASA = {"rasa", "rasa_sdk"}
NEVER = {
    "comeback/vocabulary.py": {"comeback", "actions"} | RASA,
    "comeback/settings.py": {"comeback", "actions"} | RASA,
    "comeback/steering": RASA
    | {
        "spacy",
        "sqlalchemy",
        "sanic",
        "numpy",
        "yaml",
        "comeback.sessions",
        "comeback.nlu",
        "comeback.channels",
        "comeback.workbench",
        "comeback.content",
        "comeback.settings",
        "actions",
    },
    "comeback/workbench": RASA | {"sqlalchemy", "comeback.steering", "actions"},
    "comeback/nlu": {"rasa_sdk", "comeback.steering", "comeback.sessions", "comeback.channels", "actions"},
    "comeback/sessions": RASA | {"comeback.steering", "comeback.nlu", "comeback.channels", "actions"},
    "comeback/channels": {"comeback.steering", "comeback.nlu", "actions"},
    "actions": {"rasa", "spacy", "tensorflow", "sqlalchemy", "comeback.nlu", "comeback.channels"},
}


def files(place: str) -> list[Path]:
    path = ROOT / place
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("place", NEVER)
def test_a_room_imports_only_along_its_arrows(place: str) -> None:
    for path in files(place):
        wrong = {i for i in imports(path) for n in NEVER[place] if i == n or i.startswith(n + ".")}
        assert not wrong, f"{path.relative_to(ROOT)} imports {sorted(wrong)}"


def test_only_settings_reads_the_environment() -> None:
    readers = [
        p
        for p in files("comeback") + files("actions")
        if "os.environ" in p.read_text() or "getenv" in p.read_text()
    ]
    assert [p.name for p in readers] == ["settings.py"]


def test_only_the_components_know_rasa_among_the_readers() -> None:
    knowing = [p.name for p in files("comeback/nlu") if any(i.split(".")[0] == "rasa" for i in imports(p))]
    assert knowing == ["components.py"]
