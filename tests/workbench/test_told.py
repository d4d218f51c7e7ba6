"""What people type into the steps of an exercise becomes facts, and nothing more than they typed."""

import pytest

from comeback.workbench import told
from comeback.workbench.words import Words

JOBS = {
    "st marys, charge nurse, interviewed w/ Carol Diaz tuesday": "St Marys | charge nurse | Carol Diaz | Tuesday",
    "figma, product designer": "Figma | product designer | |",
    "product designer at figma": "Figma | product designer | |",
    "it was the data analyst role at spotify": "Spotify | data analyst | |",
    "bosch - welder": "Bosch | welder | |",
    "Company: Tesco. Role: cashier": "Tesco | cashier | |",
    "i applied for a teaching assistant position at Hill School": "Hill School | teaching assistant | |",
    "warehouse worker for amazon": "Amazon | warehouse worker | |",
    "Lecturer in History, University of Leeds": "University of Leeds | Lecturer in History | |",
    "PwC, audit associate, met with Sam and Lee on monday": "PwC | audit associate | Sam |",
    "junior dev @ monzo": "Monzo | junior dev | |",
    "I interviewed with Google for a PM role": "Google | PM | |",
    "ux researcher with ikea": "IKEA | ux researcher | |",
    "nurse": " | nurse | |",
    "Figma": "Figma | | |",
    "figma": " | | |",
    "hopeless": " | | |",
    "role: paralegal, company: Smith & Sons": "Smith & Sons | paralegal | |",
    "kitchen porter, the red lion": "Red Lion | kitchen porter | |",
    "a startup called Loomly, head of growth": "Loomly | head of growth | |",
    "they declined my candidacy for junior accountant": " | junior accountant | |",
    "a guy called Tom from talent acquisition": " | | |",
    "I DIDNT GET IT": " | | |",
    "I'm afraid, honestly": " | | |",
    "restless and bored, i miss being needed": " | | |",
    "dunno": " | | |",
    "i'd rather not say": " | | |",
    "why do you need that?": " | | |",
    "a small startup in berlin": " | | |",
    "the one from yesterday": " | | |",
    "i feel so stupid about it, the nurse job at st marys": "St Marys | nurse | |",
}
PEOPLE = {
    "Carol Diaz, linkedin": "Carol Diaz | linkedin",
    "anna, by email": "Anna | email",
    "recruiter, her name is Priya": "Priya | recruiter",
    "to the hiring manager Sam Lee by email": "Sam Lee | email",
    "i'd rather call, ask for mrs haddad": "Mrs Haddad | phone",
    "karol with a k, email": "Karol | email",
    "Mr O'Neil": "Mr O'Neil |",
    "hiring manager": " |",
    "maybe later": " |",
    "why do you ask": " |",
    "i don't have a name": " |",
    "she was called Ana, send it by mail": "Ana | email",
    "no idea, just hr": " |",
}
REASONS = {
    "they emailed today saying went w someone w more leadership": "went with someone with more leadership",
    "she told me that my answers were too long": "my answers were too long",
    "just a form letter": "",
    "Not much, just thanks for your time": "",
    "why would they?": "",
    "x " * 200: "",
}
SOMEONE = {
    "my mum": "family | Mum",
    "my friend sara": "friend | Sara",
    "my mentor priya": "mentor | Priya",
    "my partner": "family |",
    "nobody": "friend |",
}


@pytest.mark.parametrize("text", JOBS)
def test_a_job(w: Words, text: str) -> None:
    found = told.job(w.wishes, text)
    expected = [part.strip() for part in JOBS[text].split("|")]
    assert [found.get(k, "") for k in ("company", "role", "person", "met")] == expected


@pytest.mark.parametrize("text", PEOPLE)
def test_a_person(w: Words, text: str) -> None:
    found = told.person(w.wishes, text)
    assert [found.get("person", ""), found.get("form", "")] == [p.strip() for p in PEOPLE[text].split("|")]


@pytest.mark.parametrize("text", REASONS)
def test_a_reason(w: Words, text: str) -> None:
    assert told.reason(w.wishes, text) == REASONS[text]


@pytest.mark.parametrize("text", SOMEONE)
def test_someone(w: Words, text: str) -> None:
    found = told.someone(w.wishes, text, "")
    assert [found["form"], found.get("who", "")] == [p.strip() for p in SOMEONE[text].split("|")]
