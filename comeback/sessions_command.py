"""`comeback sessions export | forget | purge | figures`: what the operator may do with what is stored."""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from comeback import settings
from comeback.settings import Settings

if TYPE_CHECKING:
    from comeback.sessions import SessionLog


class CannotDo(RuntimeError):
    """The message says why and what to do."""


def add(parser: ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True)
    export = what.add_parser("export", help="everything stored about one person, as JSON")
    export.add_argument("--readable", action="store_true", help="as lines of text")
    forget = what.add_parser("forget", help="erase one person everywhere; prints a receipt")
    for one in (export, forget):
        one.add_argument("conversation", help="the id that stands in the person's own export")
    purge = what.add_parser(
        "purge", help="erase everybody who has not been here for a while (run does so too)"
    )
    purge.add_argument("--days", type=int, help="idle days (default: COMEBACK_RETENTION_DAYS)")
    figures = what.add_parser("figures", help="weekly figures without anybody in them, as CSV")
    figures.add_argument("--weeks", type=int, default=12)
    figures.add_argument(
        "--referrals", type=int, metavar="YEAR", help="how often help was pointed to in a year"
    )


def run(args: Namespace) -> int:
    """Returns 0. Raises CannotDo."""
    from comeback.sessions import Unavailable, open_log
    from comeback.sessions.database import shown

    chosen = settings.load()
    log = open_log(chosen.database_url, chosen.spool)
    try:
        {"export": _export, "forget": _forget, "purge": _purge, "figures": _figures}[args.what](
            args, chosen, log, datetime.now(UTC)
        )
    except Unavailable as error:
        raise CannotDo(
            f"The database {shown(chosen.database_url)} cannot be used ({error}); nothing was changed. "
            "Is it running, and set up with `comeback setup`?"
        ) from None
    finally:
        log.close()
    return 0


def _export(args: Namespace, chosen: Settings, log: SessionLog, now: datetime) -> None:
    from comeback.sessions import privacy

    found = privacy.export(log, args.conversation)
    if args.readable:
        print(*("\t".join(line) for line in privacy.readable(found)), sep="\n")
    else:
        print(json.dumps(found, indent=2, default=str, ensure_ascii=False))
    if not any(found["tables"].values()) and not found["waiting"]:
        print("comeback: nothing is stored under this id.", file=sys.stderr)


def _forget(args: Namespace, chosen: Settings, log: SessionLog, now: datetime) -> None:
    from comeback.sessions import privacy

    receipt = privacy.forget(log, args.conversation, now)
    talk = _end_talk(chosen, args.conversation)
    left = privacy.remaining(log, args.conversation)
    print(
        json.dumps(
            {
                "at": receipt.at.isoformat(),
                "erased": receipt.counts,
                "left": sum(left.values()),
                "seconds": receipt.seconds,
                "running_talk": talk,
            },
            indent=2,
        )
    )


def _purge(args: Namespace, chosen: Settings, log: SessionLog, now: datetime) -> None:
    from comeback.sessions import retention

    days = chosen.retention_days if args.days is None else args.days
    if days < 0:
        raise CannotDo("--days must be 0 or more.")
    receipt = retention.purge(log, now, days, quiet=timedelta(minutes=chosen.idle_minutes))
    print(json.dumps({"at": now.isoformat(), "people": receipt.people, "erased": receipt.counts}, indent=2))


def _figures(args: Namespace, chosen: Settings, log: SessionLog, now: datetime) -> None:
    from comeback.sessions import figures

    if args.referrals is not None:
        print("year,category,times")
        for category, times in figures.referrals(log, args.referrals).items():
            print(f"{args.referrals},{category},{times}")
        return
    if not 1 <= args.weeks <= 520:
        raise CannotDo("--weeks must be from 1 to 520.")
    print(figures.to_csv(figures.figures(log, now, args.weeks)), end="")


def _end_talk(chosen: Settings, conversation: str) -> str:
    """Tell a server on this machine to drop the running talk: "ended", or "no server" when none is running."""
    from comeback.channels import guard

    order = guard.issue_order(guard.load_key(chosen.secret, chosen.state), conversation)
    request = urllib.request.Request(
        f"http://127.0.0.1:{chosen.port}/api/session",
        json.dumps({"order": order}).encode(),
        {"Content-Type": "application/json"},
        method="DELETE",
    )
    try:
        with urllib.request.urlopen(request, timeout=10):
            return "ended"
    except urllib.error.HTTPError as error:
        raise CannotDo(
            f"The log is erased, but the server on port {chosen.port} did not end the running talk ({error.code}). "
            "Does it run with the same COMEBACK_SECRET or COMEBACK_STATE?"
        ) from None
    except OSError:
        return "no server"
