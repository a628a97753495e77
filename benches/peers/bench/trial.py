"""One tool plays one pattern against a server of its own."""

import socket
import time
from dataclasses import dataclass
from pathlib import Path

from .account import Account, Latency
from .children import Child, Sample
from .pattern import SETTLE_SECS, Pattern
from .tool import Tool

# How much longer than its pattern a tool may take: to start, and to write its report.
SLACK_SECS = 90


class Failed(Exception):
    """A trial that came to nothing, and why."""


@dataclass(frozen=True)
class Stalls:
    """The server stands still for so long in every so many seconds."""

    secs: int
    every: int


@dataclass(frozen=True)
class Result:
    """What came of a trial. Rates and processor time are those of the window: everybody was there throughout."""

    posts_per_sec: float
    heard_per_sec: float
    cpu_secs_per_1000: float
    whole_cpu_secs: float
    resident_bytes: int
    stalls: int
    reported: Latency
    since_due: Latency
    since_sent: Latency | None


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def await_server(server: Child, port: int) -> None:
    """Until it takes connections."""
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise Failed(f"the server does not listen: {server.last_words()}")


def play(tool: Tool, pattern: Pattern, stalls: Stalls | None, program: Path, out: Path) -> Result:
    """Starts the server, plays the pattern, and holds the two reports together."""
    out.mkdir(parents=True)
    port = free_port()
    argv = [str(program), "--port", str(port), "--account", str(out / "account"), "--room", str(pattern.room)]
    if stalls:
        argv += ["--stall", str(stalls.secs), "--every", str(stalls.every)]
    with Child(argv, out / "server.log") as server:
        await_server(server, port)
        start = tool.start(pattern, f"ws://127.0.0.1:{port}/ws", out)
        with Child(start.argv, out / "output.log", start.cwd, start.environment) as child:
            code = child.wait(pattern.length + SLACK_SECS)
    if code is None:
        raise Failed(f"it was not over {SLACK_SECS} s after it should have been: {child.last_words()}")
    if verdict := tool.verdict(out):
        raise Failed(f"the run calls itself invalid: {verdict}")
    if code:
        raise Failed(f"it ended with {code}: {child.last_words()}")
    return weighed(tool, pattern, Account(out / "account"), child, out)


def weighed(tool: Tool, pattern: Pattern, account: Account, child: Child, out: Path) -> Result:
    """What the account and the samples come to."""
    if len(account.entered) < pattern.connections:
        raise Failed(f"only {len(account.entered)} of {pattern.connections} connections came about: {child.last_words()}")
    start = account.entered[pattern.connections - 1] + SETTLE_SECS * 10**9 // 2
    end = start + pattern.window * 10**9
    if account.left and min(account.left) < end:
        raise Failed(f"somebody left {(end - min(account.left)) / 1e9:.1f} s before the window was over: {child.last_words()}")
    heard = account.written_within(start, end)
    if not heard:
        raise Failed(f"nothing was said: {child.last_words()}")
    samples = [sample for sample in child.samples if start <= sample.at_ns <= end]
    since_due, since_sent = account.latency(tool.stamps(out))
    return Result(
        posts_per_sec=account.read_within(start, end) / pattern.window,
        heard_per_sec=heard / pattern.window,
        cpu_secs_per_1000=cpu_share(samples) * pattern.window / heard * 1_000,
        whole_cpu_secs=child.cpu_secs,
        resident_bytes=max(sample.resident_bytes for sample in samples),
        stalls=sum(start <= at < end for at, _ in account.stalls),
        reported=tool.reported(out),
        since_due=since_due,
        since_sent=since_sent,
    )


def cpu_share(samples: list[Sample]) -> float:
    """Processors in use between the first and the last sample."""
    first, last = samples[0], samples[-1]
    return (last.cpu_secs - first.cpu_secs) / ((last.at_ns - first.at_ns) / 1e9)
