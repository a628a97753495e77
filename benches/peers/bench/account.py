"""The server's account (see server/server.c), and what it says about latency: the one truth that every tool is held against."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Stamps:
    """What a message says of itself, in microseconds of the calendar: when its author's pacing meant it to be sent, and when
    the author's tool says that it was (`None`: it does not say)."""

    due_us: int
    sent_us: int | None


@dataclass(frozen=True)
class Latency:
    """From a stamp in a message to the server's writing of a copy, over all copies, in milliseconds."""

    p50: float
    p99: float


def plain_stamps(text: str) -> Stamps:
    """Those of the peers' messages: both stamps, before anything else."""
    due, sent, *_ = text.split(" ")
    return Stamps(int(due), int(sent))


def percentile(ordered: list[float], share: float) -> float:
    """The smallest value that so many are not above."""
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


class Account:
    """What the server read and wrote, when."""

    def __init__(self, path: Path):
        self.posts: dict[int, tuple[int, str]] = {}
        self.copies: list[tuple[int, int]] = []
        self.entered: list[int] = []
        self.left: list[int] = []
        self.stalls: list[tuple[int, int]] = []
        self.calendar_ns = 0
        for line in path.read_text().splitlines():
            self._read(*line.split(" ", 4))

    def _read(self, kind: str, *rest: str) -> None:
        match kind, rest:
            case "account", ("1", monotonic, realtime):
                self.calendar_ns = int(realtime) - int(monotonic)
            case "enter", (_, at):
                self.entered.append(int(at))
            case "leave", (_, at):
                self.left.append(int(at))
            case "post", (message, _, at, text):
                self.posts[int(message)] = (int(at), text)
            case "copy", (message, _, at):
                self.copies.append((int(message), int(at)))
            case "stall", (start, end):
                self.stalls.append((int(start), int(end)))
            case _:
                raise ValueError(f"a line of the account that cannot be read: {kind} {' '.join(rest)}")

    def read_within(self, start_ns: int, end_ns: int) -> int:
        """Messages read then."""
        return sum(start_ns <= at < end_ns for at, _ in self.posts.values())

    def written_within(self, start_ns: int, end_ns: int) -> int:
        """Copies written then."""
        return sum(start_ns <= at < end_ns for _, at in self.copies)

    def latency(self, stamps: Callable[[str], Stamps]) -> tuple[Latency, Latency | None]:
        """Since they were due, and since they were sent, where that is known."""
        said = {message: stamps(text) for message, (_, text) in self.posts.items()}
        since_due, since_sent = [], []
        for message, at in self.copies:
            written_us = (at + self.calendar_ns) / 1_000
            since_due.append((written_us - said[message].due_us) / 1_000)
            if said[message].sent_us is not None:
                since_sent.append((written_us - said[message].sent_us) / 1_000)
        return summary(since_due), summary(since_sent) if since_sent else None


def summary(values: list[float]) -> Latency:
    """Their percentiles."""
    ordered = sorted(values)
    return Latency(percentile(ordered, 0.5), percentile(ordered, 0.99))
