"""Locust: from PyPI, in an environment of its own; a User with a WebSocket client library, and request events."""

import csv
import sys
from pathlib import Path

from bench.account import Latency
from bench.pattern import Pattern
from bench.tool import SCRIPTS, CannotBeHad, Start, Tool

CLIENT = "websocket-client==1.9.2"


class Locust(Tool):
    """`locust --headless`, one user a guest, in one process."""

    name = "Locust"
    version = "2.47.0"
    needs = ("python3",)

    def install(self) -> None:
        if sys.version_info < (3, 11):
            raise CannotBeHad("needs Python 3.11")
        if not (self.home / "bin" / "locust").exists():
            self.call([sys.executable, "-m", "venv", str(self.home)])
            self.call([str(self.home / "bin" / "pip"), "install", "--quiet", f"locust=={self.version}", CLIENT])

    def start(self, pattern: Pattern, url: str, out: Path) -> Start:
        argv = [
            str(self.home / "bin" / "locust"), "--headless", "--locustfile", str(SCRIPTS / "locustfile.py"), "--only-summary",
            "--users", str(pattern.connections), "--spawn-rate", f"{pattern.connections / pattern.ramp:g}",
            "--run-time", f"{pattern.length}s", "--csv", str(out / "report"),
        ]
        return Start(argv, cwd=out, environment=pattern.environment(url))

    def reported(self, out: Path) -> Latency:
        with (out / "report_stats.csv").open() as rows:
            row = next(row for row in csv.DictReader(rows) if row["Name"] == "posted")
        return Latency(float(row["50%"]), float(row["99%"]))
