"""`python -m bot ...` in a process that was forked with everything imported: as from a shell, but for the second of imports."""

import os
import runpy
import sys
import warnings
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory

# For the processes that are forked from the one that imports this.
import bot.__main__  # noqa: F401
from tests.forked import start

SECONDS_MAX = 60


def run_bot(folder: Path, variables: dict[str, str], words: tuple[str, ...], typed: str) -> CompletedProcess[str]:
    """Run it in `folder` with this environment, `typed` as what somebody types; what it printed, and its exit code."""
    with TemporaryDirectory() as place:
        said = [Path(place) / name for name in ("typed", "out", "errors")]
        said[0].write_text(typed)
        process = start(_bot, str(folder), variables, words, [str(path) for path in said])
        process.join(SECONDS_MAX)
        assert process.exitcode is not None, f"it has not ended: {words}"
        return CompletedProcess(words, process.exitcode, *(path.read_text() for path in said[1:]))


def _bot(folder: str, variables: dict[str, str], words: tuple[str, ...], said: list[str]) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    for number, path in enumerate(said):
        os.dup2(os.open(path, os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT), number)
    # A forked process has no standard input of its own accord.
    sys.stdin = os.fdopen(0)
    warnings.simplefilter("error")
    sys.argv = ["bot", *words]
    # It is run anew, all else that it needs is there.
    del sys.modules["bot.__main__"]
    runpy.run_module("bot", run_name="__main__", alter_sys=True)
