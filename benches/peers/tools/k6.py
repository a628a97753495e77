"""k6: built with Go; its own WebSockets, and a Trend of what is heard."""

import json
import os
from pathlib import Path

from bench.account import Latency
from bench.pattern import Pattern
from bench.tool import SCRIPTS, Start, Tool


class K6(Tool):
    """`k6 run`, one virtual user a guest."""

    name = "k6"
    version = "1.8.1"
    needs = ("go",)

    def install(self) -> None:
        if not (self.home / "k6").exists():
            environment = {**os.environ, "GOBIN": str(self.home)}
            self.call(["go", "install", f"go.k6.io/k6@v{self.version}"], environment=environment)

    def start(self, pattern: Pattern, url: str, out: Path) -> Start:
        environment = {**pattern.environment(url), "REPORT": str(out / "report.json")}
        argv = [str(self.home / "k6"), "run", "--no-usage-report", "--quiet"]
        for name, value in environment.items():
            argv += ["--env", f"{name}={value}"]
        return Start([*argv, str(SCRIPTS / "k6.js")])

    def reported(self, out: Path) -> Latency:
        values = json.loads((out / "report.json").read_text())
        return Latency(values["med"], values["p(99)"])
