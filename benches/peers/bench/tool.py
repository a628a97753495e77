"""What the bench has to know of a tool."""

import shutil
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from .account import Latency, Stamps, plain_stamps
from .pattern import Pattern

HERE = Path(__file__).resolve().parent.parent
REPOSITORY = HERE.parent.parent
SCRIPTS = HERE / "scripts"
INSTALL_SECS = 1_800


class CannotBeHad(Exception):
    """A tool that cannot be installed here, and why."""


@dataclass(frozen=True)
class Start:
    """How a tool is started."""

    argv: list[str]
    cwd: Path | None = None
    environment: dict[str, str] = field(default_factory=dict)


class Tool(ABC):
    """A load tool: how it is installed, started, and asked for what it found."""

    name: str
    version: str
    needs: tuple[str, ...]

    def __init__(self, scratch: Path):
        self.home = scratch / self.name.lower()

    def prepare(self) -> None:
        """Installs it, unless it is; refuses where something that it needs is missing."""
        for program in self.needs:
            if not shutil.which(program):
                raise CannotBeHad(f"needs `{program}` on the path")
        self.home.mkdir(parents=True, exist_ok=True)
        self.install()

    def call(self, argv: list[str], cwd: Path | None = None, environment: dict[str, str] | None = None) -> None:
        """Runs a step of the installation to its end."""
        log = self.home / "install.log"
        with log.open("ab") as out:
            out.write(f"$ {' '.join(argv)}\n".encode())
            out.flush()
            try:
                done = subprocess.run(
                    argv, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, timeout=INSTALL_SECS
                )
            except subprocess.TimeoutExpired:
                raise CannotBeHad(f"`{argv[0]}` took longer than {INSTALL_SECS} s, see {log}") from None
        if done.returncode:
            raise CannotBeHad(f"`{argv[0]}` failed with {done.returncode}, see {log}")

    @abstractmethod
    def install(self) -> None:
        """Puts this version into `home`, unless it is there."""

    @abstractmethod
    def start(self, pattern: Pattern, url: str, out: Path) -> Start:
        """How it plays the pattern against a server, with whatever it writes in `out`."""

    @abstractmethod
    def reported(self, out: Path) -> Latency:
        """What it reports of latency, in milliseconds."""

    def verdict(self, out: Path) -> str | None:
        """Why it calls its own run worth nothing, if it does."""
        return None

    def stamps(self, out: Path) -> Callable[[str], Stamps]:
        """What its messages say of themselves."""
        return plain_stamps
