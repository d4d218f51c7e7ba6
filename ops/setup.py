"""Sets the project up with any Python 3: environment from the lock files, encoder weights, model, database.

    python3 ops/setup.py [--dev]

Does only what is missing; every long part says what it does. Needs the standard library alone.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
UV_HOME = ROOT / ".uv"
UV = "uv==0.13.9"
SPACE_MB = 4000


def main() -> None:
    dev = "--dev" in sys.argv[1:]
    if shutil.disk_usage(ROOT).free < SPACE_MB * 2**20 and not VENV.exists():
        stop(f"less than {SPACE_MB} MB are free on this disk. Make room and run it again.")
    lock = ROOT / ("requirements-dev.lock" if dev else "requirements.lock")
    stamp = VENV / ("installed-dev" if dev else "installed")
    wanted = digest(lock, ROOT / "requirements-encoder.lock")
    current = stamp.exists() and stamp.read_text() == wanted
    # The developer's environment holds everything that running needs.
    covered = not dev and (VENV / "installed-dev").exists()
    if not current and not covered:
        install(lock)
        stamp.write_text(wanted)
    run([str(VENV / "bin/python"), "-m", "comeback", "setup"], "the model could not be built")


def install(lock: Path) -> None:
    uv = UV_HOME / "bin" / "uv"
    if not uv.exists():
        say("installing uv, the package installer")
        run(
            [sys.executable, "-m", "venv", str(UV_HOME)],
            "python3 cannot make an environment (on Debian: apt install python3-venv)",
        )
        run(
            [str(UV_HOME / "bin/pip"), "install", "--quiet", UV],
            "uv could not be downloaded; is there a network?",
        )
    if not (VENV / "bin/python").exists():
        say("making the environment on Python 3.11")
        run(
            [str(uv), "venv", "--quiet", "--python", "3.11", str(VENV)],
            "Python 3.11 was not found and could not be fetched; install it and run again",
        )
    say("downloading and installing packages (about 2 GB on disk; one to three minutes)")
    for name in (lock, ROOT / "requirements-encoder.lock"):
        command = [
            str(uv),
            "pip",
            "install",
            "--python",
            str(VENV / "bin/python"),
            "--no-deps",
            "--require-hashes",
            "-r",
            str(name),
        ]
        run(command, "a download failed or does not match its hash; run it again")
    site = next((VENV / "lib").glob("python3.*/site-packages"))
    trim(site)
    (site / "comeback.pth").write_text(f"{ROOT}\n")
    launcher = VENV / "bin" / "comeback"
    launcher.write_text(f"#!{VENV / 'bin/python'}\nfrom comeback.cli import main\n\nmain()\n")
    launcher.chmod(0o755)


def trim(site: Path) -> None:
    """Remove what nothing here reads: TensorFlow's C++ headers and the word tables of other languages."""
    shutil.rmtree(site / "tensorflow" / "include", ignore_errors=True)
    for table in (site / "spacy_lookups_data" / "data").glob("*.json.gz"):
        if not table.name.startswith("en_"):
            table.unlink()


def run(command: list, failure: str) -> None:
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "PYTHONWARNINGS": "ignore"}
    try:
        code = subprocess.run(command, cwd=ROOT, env=environment).returncode
    except OSError as error:
        stop(f"{failure} ({error}).")
    if code:
        stop(f"{failure}.")


def digest(*paths: Path) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def say(line: str) -> None:
    print(f"  {line}", flush=True)


def stop(line: str) -> None:
    sys.exit(f"setup: {line}")


if __name__ == "__main__":
    main()
