"""Goose: a Rust library; it has no WebSockets, so a client library in a transaction, and a custom request metric."""

import os
import re
import shutil
from pathlib import Path

from bench.account import Latency
from bench.pattern import Pattern
from bench.tool import SCRIPTS, Start, Tool


class Goose(Tool):
    """A load test of our own that uses it, one user a guest."""

    name = "Goose"
    version = "0.19.0"
    needs = ("cargo",)

    def install(self) -> None:
        source = self.home / "source"
        shutil.copytree(SCRIPTS / "goose", source, dirs_exist_ok=True)
        environment = {**os.environ, "CARGO_TARGET_DIR": str(self.home)}
        self.call(["cargo", "build", "--release", "--manifest-path", str(source / "Cargo.toml")], environment=environment)

    def start(self, pattern: Pattern, url: str, out: Path) -> Start:
        argv = [
            str(self.home / "release" / "goose-room"), "--host", url.replace("ws://", "http://"), "--users", str(pattern.connections),
            "--increase-time", f"{pattern.ramp}s", "--run-time", f"{pattern.life - pattern.ramp}s",
            "--no-reset-metrics",
        ]
        return Start(argv, cwd=out, environment=pattern.environment(url))

    def reported(self, out: Path) -> Latency:
        # What it prints at the end: 50 %, 75 %, 98 %, 99 % … by request. Its report.json has whole milliseconds alone.
        _, _, percentiles = (out / "output.log").read_text().rpartition("Slowest page load within")
        p50, _, _, p99 = re.search(r"WS post +\| +([\d,.]+) \| +([\d,.]+) \| +([\d,.]+) \| +([\d,.]+) \|", percentiles).groups()
        return Latency(*(float(value.replace(",", "")) for value in (p50, p99)))
