"""Logs turns until it is killed; prints the id of each turn that was acknowledged."""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from comeback.sessions import TurnRow, open_log

log = open_log(sys.argv[1], Path(sys.argv[2]))
while True:
    turn = TurnRow(conversation=sys.argv[3], at=datetime.now(UTC), channel="web", stage="acknowledge")
    if log.record(turn):
        sys.stdout.write(turn.id + "\n")
        sys.stdout.flush()
    time.sleep(0.003)
