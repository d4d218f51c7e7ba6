"""`comeback setup | run | read | play | chat | sessions | telegram`."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from comeback import sessions_command, settings


def main() -> None:
    parser = argparse.ArgumentParser(prog="comeback", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser(
        "setup", help="build the encoder, train the model, migrate the database; only what is missing"
    )
    commands.add_parser("run", help="serve the chat on one port")
    commands.add_parser("actions", help="serve the custom actions on loopback (run starts it)")
    commands.add_parser("read", help="one sentence a line -> one JSON reading a line")
    talks = commands.add_parser("talks", help="serve Rasa and the channels (run starts it)")
    talks.add_argument("model", help="a trained model archive")
    for name in ("play", "chat"):
        play = commands.add_parser(name, help="talk through the whole bot in this process")
        play.add_argument("--channel", default="web")
        play.add_argument("--json", action="store_true", help="print each turn as JSON")
        play.add_argument("--clock", help="the time of the first turn, ISO 8601")
    sessions_command.add(
        commands.add_parser("sessions", help="what is stored: export, forget, purge, figures")
    )
    telegram = commands.add_parser("telegram", help="tell Telegram where this server is")
    telegram.add_argument("what", choices=["set-webhook"])
    telegram.add_argument("address", help="where the internet reaches this server: https://bot.example.org")
    telegram.add_argument("--api", help="a Bot API server of your own; the same as `api` in credentials.yml")
    args = parser.parse_args()
    try:
        sys.exit(_COMMANDS[args.command](args))
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(130)
    except (RuntimeError, ValueError, OSError) as error:
        sys.exit(f"comeback: {error}")


def _setup(_: argparse.Namespace) -> int:
    from comeback.build import build

    build()
    return 0


def _run(_: argparse.Namespace) -> int:
    from comeback.serve import serve

    return serve()


def _actions(_: argparse.Namespace) -> int:
    from comeback.serve import serve_actions

    serve_actions()
    return 0


def _talks(args: argparse.Namespace) -> int:
    from comeback.serve import serve_talks

    serve_talks(args.model)
    return 0


def _read(_: argparse.Namespace) -> int:
    return asyncio.run(_read_lines())


async def _read_lines() -> int:
    _hush()
    from comeback import whole

    read = await whole.load_reader(settings.ROOT)
    for line in _lines():
        try:
            answer = await read(line)
        except Exception as error:  # a bad line never stops the others
            answer = {"text": line, "error": type(error).__name__}
        print(json.dumps(answer, ensure_ascii=False), flush=True)
    return 0


def _play(args: argparse.Namespace) -> int:
    return asyncio.run(_play_lines(args))


async def _play_lines(args: argparse.Namespace) -> int:
    _hush()
    from comeback import whole
    from comeback.sessions import migrate, new_id

    chosen = settings.load()
    chosen.state.mkdir(parents=True, exist_ok=True)
    migrate(chosen.database_url)
    bot = await whole.load(settings.ROOT)
    now = datetime.fromisoformat(args.clock) if args.clock else None
    now = now.replace(tzinfo=UTC) if now and now.tzinfo is None else now
    who = f"{args.channel}-{new_id()}"
    for line in _typed() if args.command == "chat" and sys.stdin.isatty() else _lines():
        turn = await bot.turn(line, who, args.channel, now)
        if args.json or args.command == "play":
            print(json.dumps(turn, ensure_ascii=False), flush=True)
        else:
            print(*turn["bot"], *(f"  [{b}]" for b in turn["buttons"]), "", sep="\n", flush=True)
    return 0


def _telegram(args: argparse.Namespace) -> int:
    chosen = settings.load()
    if chosen.telegram_token is None:
        raise ValueError(
            "COMEBACK_TELEGRAM_TOKEN is not set; docs/channels/telegram.md says where to get it."
        )
    print(json.dumps(asyncio.run(_set_webhook(chosen, chosen.telegram_token, args.address, args.api))))
    return 0


async def _set_webhook(
    chosen: settings.Settings, token: str, address: str, api: str | None
) -> dict[str, Any]:
    from comeback.channels import apps, guard, telegram_api, words

    secret = apps.webhook_secret(guard.load_key(chosen.secret, chosen.state), token)
    async with telegram_api.TelegramApi(token, api or telegram_api.API) as bot:
        return await telegram_api.set_webhook(bot, address, secret, words.load_words("telegram")["menu"])


def _typed() -> Iterator[str]:
    """Lines typed at a prompt, with history and editing where the terminal has them; Ctrl-D ends."""
    import readline  # noqa: F401

    while True:
        try:
            yield input("> ")
        except EOFError:
            return


def _lines() -> Iterator[str]:
    for raw in sys.stdin.buffer:
        yield raw.decode("utf-8", "replace").rstrip("\r\n")


def _hush() -> None:
    """Keep libraries from talking on standard output and error while lines are read."""
    import logging
    import warnings

    import structlog

    warnings.filterwarnings("ignore")
    settings.quiet()
    logging.disable(logging.ERROR)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


_COMMANDS: dict[str, Callable[[argparse.Namespace], Any]] = {
    "setup": _setup,
    "run": _run,
    "actions": _actions,
    "talks": _talks,
    "read": _read,
    "play": _play,
    "chat": _play,
    "sessions": sessions_command.run,
    "telegram": _telegram,
}
