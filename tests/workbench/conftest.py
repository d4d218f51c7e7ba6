from pathlib import Path

import pytest

from comeback.workbench import words
from comeback.workbench.words import Words

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="session")
def w() -> Words:
    return words.load(ROOT / "data")
