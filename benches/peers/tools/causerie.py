"""causerie: the program of this repository, with a scenario of rooms."""

import json
import os
import string
import tomllib
from collections.abc import Callable
from pathlib import Path

from bench.account import Latency, Stamps
from bench.pattern import Pattern
from bench.tool import REPOSITORY, SCRIPTS, Start, Tool

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
# Where a token has the intended instant: above 16 bits of check, 44 bits of microseconds (docs/protocol.md).
CHECK_BITS, MICROS_BITS = 16, 44


def intended_us(text: str) -> int:
    """When a message was meant to be sent, since the run's epoch: its token says so."""
    bits = 0
    for character in text[:32]:
        bits = bits << 5 | ALPHABET.index(character)
    return bits >> CHECK_BITS & (1 << MICROS_BITS) - 1


class Causerie(Tool):
    """Started as `causerie run --target`."""

    name = "causerie"
    version = tomllib.loads((REPOSITORY / "Cargo.toml").read_text())["package"]["version"]
    needs = ("cargo",)

    def install(self) -> None:
        self.call(["cargo", "build", "--release", "--locked"], cwd=REPOSITORY)

    def start(self, pattern: Pattern, url: str, out: Path) -> Start:
        scenario = out / "scenario.yaml"
        words = {
            "length": pattern.length,
            "rooms": pattern.connections // pattern.room,
            "connections": pattern.connections,
            "ramp": pattern.ramp,
            "life": pattern.life,
            "posts_per_hour": f"{3600 / pattern.every:g}",
        }
        scenario.write_text(string.Template((SCRIPTS / "causerie.yaml").read_text()).substitute(words))
        target = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target"))
        program = target / "release" / "causerie"
        return Start([str(program), "run", str(scenario), "--target", url, "--out", str(out / "results"), "--quiet"])

    def verdict(self, out: Path) -> str | None:
        summary = out / "results" / "summary.json"
        reasons = json.loads(summary.read_text())["invalid"] if summary.exists() else []
        return "; ".join(reasons) or None

    def reported(self, out: Path) -> Latency:
        figures = json.loads((out / "results" / "summary.json").read_text())["figures"]
        return Latency(*(figures[f"delivery.{name}"]["value"] * 1e3 for name in ("p50", "p99")))

    def stamps(self, out: Path) -> Callable[[str], Stamps]:
        *_, last = (out / "results" / "record").open()
        epoch_us = json.loads(last)["trailer"]["run_epoch_unix_nanos"] // 1_000
        return lambda text: Stamps(epoch_us + intended_us(text), None)
