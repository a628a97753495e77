"""Artillery: from npm, with the Node that it asks for; its WebSocket engine, and a histogram of what is heard."""

import json
import os
import shutil
import string
from pathlib import Path

from bench.account import Latency
from bench.pattern import Pattern
from bench.tool import SCRIPTS, Start, Tool

NODE = "22.23.3"


class Artillery(Tool):
    """`artillery run`, one virtual user a guest."""

    name = "Artillery"
    version = "2.0.34"
    needs = ("npm",)

    def install(self) -> None:
        programs = self.home / "node_modules" / ".bin"
        if not all((programs / name).exists() for name in ("artillery", "node")):
            # It drives browsers as well, which are not needed and large.
            environment = {**os.environ, "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1"}
            packages = [f"artillery@{self.version}", f"node@{NODE}"]
            self.call(["npm", "install", "--no-audit", "--no-fund", "--prefix", str(self.home), *packages], environment=environment)

    def start(self, pattern: Pattern, url: str, out: Path) -> Start:
        words = {
            "url": url,
            "ramp": pattern.ramp,
            "connections": pattern.connections,
            "every": f"{pattern.every:g}",
            "posts": pattern.posts,
        }
        script = out / "artillery.yml"
        script.write_text(string.Template((SCRIPTS / "artillery.yml").read_text()).substitute(words))
        shutil.copy(SCRIPTS / "artillery.mjs", out)
        programs = self.home / "node_modules" / ".bin"
        argv = [str(programs / "node"), str(programs / "artillery"), "run", "--output", str(out / "report.json"), str(script)]
        environment = {**pattern.environment(url), "ARTILLERY_DISABLE_TELEMETRY": "true"}
        return Start(argv, cwd=out, environment=environment)

    def reported(self, out: Path) -> Latency:
        values = json.loads((out / "report.json").read_text())["aggregate"]["summaries"]["message_latency"]
        return Latency(values["p50"], values["p99"])
