"""The command line: `python -m bot run`, and all that is done beside it."""

import gc

# Nothing that is loaded now is ever given up: to look through it again and again took a fifth of the start.
gc.disable()

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from bot.assembly import open_up
from bot.cli import asking, logs, talking
from bot.cli import doctor as medicine
from bot.cli.running import run_bot
from bot.cli.stopping import done, plainly, until_stopped
from bot.clock import Clock
from bot.config import Settings, config_path, read_settings
from bot.databases.migrations import migrate as bring_up
from bot.databases.migrations import missing
from bot.domain import people as persons
from bot.locales import Reader
from bot.refusal import Refused
from bot.storage import Deed, Got

gc.freeze()
# References free nearly all that a press leaves behind. At Python's own 700, what is under way was looked through every dozen presses.
gc.set_threshold(10_000)
gc.enable()

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="A Telegram bot for a county's youth organisation. Settings: config.toml, explained in config.example.toml.",
)
Port = Annotated[int, typer.Option(help="The sandbox's port on this machine.")]
out = Console(highlight=False)
COLOURS = {medicine.OK: "green", medicine.WARNING: "yellow", medicine.WRONG: "red"}


@app.command()
def run(tether: Annotated[int | None, typer.Option(hidden=True)] = None) -> None:
    """Run the bot: on Telegram with a token, in the sandbox without one."""
    settings = _settings()
    if not settings.telegram.token.get_secret_value():
        out.print(
            "There is no token in config.toml, so the bot runs in the sandbox. For Telegram: python -m bot init",
            soft_wrap=True,
        )
        sandbox()
        return
    logs.set_up(settings)
    if tether is not None:
        _run_tethered(settings, tether)
        return
    until_stopped(lambda: run_bot(settings, _clock(settings)))


def _run_tethered(settings: Settings, number: int) -> None:
    from bot.cli.tethered import run_tethered  # noqa: PLC0415 - the bot on Telegram starts without it

    with plainly():
        run_tethered(settings, _clock(settings), number)


@app.command()
def sandbox(
    port: Port = talking.PORT,
    people: Annotated[
        int | None,
        typer.Option(min=0, max=20_000, help="How many live in the county beside the cast; else a few dozen."),
    ] = None,
) -> None:
    """Run the bot against a small Telegram of its own, with a sample county to play in a browser."""
    from bot.cli.sandboxing import run_sandbox  # noqa: PLC0415 - the bot on Telegram starts without it

    settings = _settings()
    logs.set_up(settings)
    until_stopped(lambda: run_sandbox(settings, _clock(settings), port, people))


@app.command()
def talk(
    who: Annotated[str, typer.Argument(help="One of the sandbox's people: ming, dong, lan, ...")],
    text: Annotated[list[str] | None, typer.Argument(help="What is said; nothing: only look.")] = None,
    press: Annotated[str, typer.Option(help="The label of a button to press instead.")] = "",
    group: Annotated[str, typer.Option(help="The Telegram group in which it happens, by its title or number.")] = "",
    port: Port = talking.PORT,
) -> None:
    """Say or press something as one of the sandbox's people, and see what the bot answers."""
    said = " ".join(text or ())
    deed, given = ("presses", {"label": press}) if press else ("says", {"text": said}) if said else ("", {})
    talking.show(out, done(talking.talk(port, who, deed, given, group)))


@app.command()
def init() -> None:
    """Ask what the bot needs to know, and write config.toml."""
    path = config_path()
    if path.exists() and not typer.confirm(f"{path} is there already. Write it anew?"):
        out.print("Nothing was changed.")
        raise typer.Exit(1)
    with plainly():
        asking.ask(path)
    out.print(f"{path} is written. Next: python -m bot run")


@app.command()
def claim() -> None:
    """Print the one-time code that makes the first admin."""
    code = done(_in_database(persons.make_claim_code))
    minutes = persons.CLAIM_SECONDS // 60
    out.print(
        f"Send this to the bot, in a private chat, within {minutes} minutes. It works once:\n\n    /claim {code}\n"
    )
    if not _settings().telegram.token.get_secret_value():
        out.print("There is no token yet. The sandbox does not know this code: its county has an admin already.")


@app.command()
def doctor() -> None:
    """Look at config, token, clock, database, scheduler, backlog, points and audit: one line each."""
    settings = _settings()
    logs.set_up(settings)
    found = done(medicine.examine(settings, _clock(settings), config_path()))
    for finding in found:
        state = f"[{COLOURS[finding.state]}]{finding.state:8}[/]"
        out.print(f"{state}{finding.part:12} {escape(finding.words)}", soft_wrap=True)
    if any(finding.state == medicine.WRONG for finding in found):
        raise typer.Exit(1)


@app.command(name="audit")
def look_through(
    audit_head: Annotated[str, typer.Option(help="A head of the audit log that was kept elsewhere: NUMBER:HASH.")] = "",
    ledger_head: Annotated[str, typer.Option(help="A head of the ledger that was kept elsewhere: PLACE:HASH.")] = "",
) -> None:
    """Follow both chains and ask every promise, beside the running bot; the first row that breaks one is named."""
    from bot.cli import auditing  # noqa: PLC0415 - the bot starts without what only an audit needs

    settings = _settings()
    found = done(auditing.look(settings, _clock(settings), out, (audit_head, ledger_head)))
    for each in found:
        state = f"[red]{'wrong':8}[/]" if each.fault else f"[green]{'ok':8}[/]"
        out.print(f"{state}{each.what:12} {escape(each.words)}", soft_wrap=True)
    if any(each.fault for each in found):
        raise typer.Exit(1)


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="Where the copy goes; it must not be there yet.")]) -> None:
    """Copy the whole database into FILE, also while the bot runs."""
    from bot.cli import copying  # noqa: PLC0415 - the bot starts without what only copies need

    settings = _settings()
    copying.tell_backup(out, file, done(copying.back_up(settings, _clock(settings), file)))


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A copy that `backup` made.")],
    force: Annotated[bool, typer.Option("--force", help="Put a database with people in it aside.")] = False,
) -> None:
    """Put the copy in FILE in the place of the database, while the bot does not run."""
    from bot.cli import copying  # noqa: PLC0415 - the bot starts without what only copies need

    settings = _settings()
    copying.tell_restored(out, done(copying.restore(settings, _clock(settings), file, force=force)), _clock(settings))


@app.command()
def catalogue(file: Annotated[Path, typer.Argument(help="A line an item: name; counter; points; pieces.")]) -> None:
    """Put the items of FILE on the list of what points are redeemed for: all of them, or none."""
    from bot.cli import stocking  # noqa: PLC0415 - the bot starts without it

    language = _settings().county.language
    try:
        out.print(escape(done(_in_database(stocking.taking_in(stocking.text_of(file), language)))))
    except Refused as refused:
        reader = Reader(language, _settings().county.zone, 0)
        out.print(escape(reader.plain(refused.reason)), soft_wrap=True)
        raise typer.Exit(1) from None


@app.command()
def migrate() -> None:
    """Bring the database to this version of the bot. `run` does the same at its start."""
    names = done(_migrate())
    out.print("\n".join(names) if names else "Nothing to do: the database is of this version.")


async def _migrate() -> list[str]:
    settings = _settings()
    storage = await open_up(settings, _clock(settings), guest=True)
    try:
        return await bring_up(storage)
    finally:
        await storage.close()


async def _in_database(deed: Deed[Got]) -> Got:
    """Do something in the database beside the bot, which may be running; a new database is made first."""
    settings = _settings()
    storage = await open_up(settings, _clock(settings), guest=True)
    try:
        if await missing(storage):
            await bring_up(storage)
        return await storage.transact(deed)
    finally:
        await storage.close()


def _settings() -> Settings:
    with plainly():
        return read_settings(config_path())


def _clock(settings: Settings) -> Clock:
    return Clock(settings.county.zone)


def main() -> None:
    """Whatever the bot writes (database, backups) is for its owner's eyes alone."""
    os.umask(0o077)
    app()


if __name__ == "__main__":
    main()
