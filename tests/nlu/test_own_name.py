import pytest

from comeback.nlu.own_name import own_name

NAMES = frozenset({"ana", "sam", "priya", "dave"})


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("my name is Ana", "Ana"),
        ("hi im priya, got rejected today", "Priya"),
        ("call me zed", "Zed"),
        ("dave here again", "Dave"),
        ("i'm sad", None),
        ("i'm done", None),
        ("call me when you can", None),
        ("remember my name only", None),
        ("nobody here gets it", None),
    ],
)
def test_own_name(text: str, name: str | None) -> None:
    found = own_name(text, NAMES)
    assert (found.value if found else None) == name
