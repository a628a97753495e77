"""The results as Markdown."""

from .account import Latency
from .trial import Result

Outcome = Result | str


def rows(head: list[str], body: list[list[str]]) -> str:
    """A table; the first column is text, the others numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *body]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def number(value: float) -> str:
    """Three digits, or all that stand before the point."""
    return f"{value:,.0f}" if value >= 100 else f"{value:#.3g}".rstrip(".")


def pair(latency: Latency | None) -> str:
    """Both percentiles."""
    return f"{number(latency.p50)} / {number(latency.p99)}" if latency else "as due"


def ratio(value: float, ours: float | None) -> str:
    """A figure, and how many times ours it is."""
    return f"{number(value)} (× {number(value / ours)})" if ours else number(value)


def costs(alone: Result, calm: Result, connections: int) -> tuple[float, float, float]:
    """Processor seconds for 1,000 messages heard, those of the whole run, and kilobytes a connection."""
    per_connection = (calm.resident_bytes - alone.resident_bytes) / connections / 1e3
    return calm.cpu_secs_per_1000, calm.whole_cpu_secs, per_connection


def cost(results: dict[str, tuple[Outcome, Outcome]], connections: int, ours: str) -> str:
    """Processor time and memory: of each tool, alone in one room, and with everybody there; beside them how many times those
    of the tool of that name."""
    measured = {
        name: costs(alone, calm, connections)
        for name, (alone, calm) in results.items()
        if not isinstance(alone, str) and not isinstance(calm, str)
    }
    body = []
    for name, (alone, calm) in results.items():
        if name not in measured:
            body.append([name, *["—"] * 6])
            continue
        base = measured.get(ours) if name != ours else None
        figures = [ratio(value, base and base[i]) for i, value in enumerate(measured[name])]
        rates = [number(calm.posts_per_sec), number(calm.heard_per_sec)]
        body.append([name, *rates, *figures, number(alone.resident_bytes / 1e6)])
    head = [
        "", "posts a second", "messages heard a second", "CPU s per 1,000 heard", "CPU s of the whole run", "kB a connection",
        "MB before any",
    ]
    return rows(head, body)


def truth(results: dict[str, Outcome]) -> str:
    """What each tool reports, against the account, in milliseconds."""
    body = []
    for name, result in results.items():
        if isinstance(result, str):
            body.append([name, *["—"] * 5])
            continue
        off = f"{number(result.reported.p99 / result.since_due.p99 * 100)} %"
        latencies = (result.reported, result.since_sent, result.since_due)
        body.append([name, number(result.posts_per_sec), *map(pair, latencies), off])
    head = ["", "posts a second", "reported", "account, since sent", "account, since due", "reported p99 of the due"]
    return rows(head, body)


def failures(named: dict[str, str]) -> str:
    """What came to nothing, and why."""
    return "\n".join(f"- {name}: {why}" for name, why in named.items())
