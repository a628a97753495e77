"""Programs that are started, watched and stopped: each in a session of its own, so that whatever it starts is known by that."""

import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

TICKS_A_SEC = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
EVERY_SECS = 0.2


@dataclass(frozen=True)
class Sample:
    """What a program and all that it started have used at an instant of CLOCK_MONOTONIC."""

    at_ns: int
    cpu_secs: float
    resident_bytes: int


def members(session: int) -> list[tuple[int, list[str]]]:
    """The processes of a session, with the fields of their `stat` from the state on."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append((int(path.parent.name), fields))
    return found


def sample(session: int) -> Sample:
    """What the session's processes, and those that have ended in them, have used so far."""
    ticks = pages = 0
    for _, fields in members(session):
        ticks += sum(int(field) for field in fields[11:15])
        pages += int(fields[21])
    return Sample(time.monotonic_ns(), ticks / TICKS_A_SEC, pages * PAGE_BYTES)


class Child:
    """A program that runs. It is stopped on leaving the `with`, whatever happens."""

    def __init__(self, argv: list[str], log: Path, cwd: Path | None = None, environment: dict[str, str] | None = None):
        self.log = log
        self.samples: list[Sample] = []
        self.cpu_secs = 0.0
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, cwd=cwd,
                env={**os.environ, **(environment or {})}, start_new_session=True,
            )
        self.code: int | None = None
        self.watcher = threading.Thread(target=self._watch, daemon=True)
        self.watcher.start()

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *_) -> None:
        self.stop()

    def _watch(self) -> None:
        while self.code is None:
            self.samples.append(sample(self.process.pid))
            time.sleep(EVERY_SECS)

    def wait(self, limit_secs: float) -> int | None:
        """The exit code; `None` where it takes longer than that. Notes the processor time of its whole life."""
        end = time.monotonic() + limit_secs
        while self.code is None and time.monotonic() < end:
            pid, status, usage = os.wait4(self.process.pid, os.WNOHANG)
            if pid:
                self.cpu_secs = usage.ru_utime + usage.ru_stime
                self.code = self.process.returncode = os.waitstatus_to_exitcode(status)
            else:
                time.sleep(0.05)
        return self.code

    def last_words(self) -> str:
        """The last line that it printed, and where the rest is."""
        lines = self.log.read_text(errors="replace").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "it printed nothing")
        return f"{last} (see {self.log})"

    def stop(self) -> None:
        """Ends it and all that it started: asks, and after 10 s does not ask any more."""
        for ending in (signal.SIGTERM, signal.SIGKILL):
            for pid, _ in members(self.process.pid):
                try:
                    os.kill(pid, ending)
                except ProcessLookupError:
                    pass
            end = time.monotonic() + 10
            while time.monotonic() < end:
                self.wait(0.1)
                if self.code is not None and not members(self.process.pid):
                    return
