"""Gatling: from Maven; its own WebSockets, and the time of a check."""

import re
import shutil
from pathlib import Path

from bench.account import Latency
from bench.pattern import Pattern
from bench.tool import SCRIPTS, Start, Tool


class Gatling(Tool):
    """Gatling's own main class, one user a guest."""

    name = "Gatling"
    version = "3.14.9"
    needs = ("mvn", "java", "javac")

    def install(self) -> None:
        classpath = self.home / "classpath"
        if not classpath.exists():
            project = ["-f", str(SCRIPTS / "gatling" / "pom.xml"), f"-Dgatling.version={self.version}"]
            self.call(["mvn", "-q", "-B", *project, "dependency:build-classpath", f"-Dmdep.outputFile={classpath}"])
        source = SCRIPTS / "gatling" / "Room.java"
        self.call(["javac", "-cp", classpath.read_text(), "-d", str(self.home / "classes"), str(source)])
        shutil.copy(SCRIPTS / "gatling" / "logback.xml", self.home / "classes")

    def start(self, pattern: Pattern, url: str, out: Path) -> Start:
        classpath = f"{self.home / 'classes'}:{(self.home / 'classpath').read_text()}"
        argv = [
            "java", "--add-opens=java.base/java.lang=ALL-UNNAMED", "-cp", classpath, "io.gatling.app.Gatling",
            "--simulation", "Room", "--results-folder", str(out / "results"),
        ]
        return Start(argv, cwd=out, environment=pattern.environment(url))

    def reported(self, out: Path) -> Latency:
        (page,) = (out / "results").glob("*/index.html")
        # What a person reads there: the row of the check, and in it the columns of the 50th and the 99th percentile.
        _, _, row = page.read_text().partition('class="ellipsed-name">heard</span>')
        return Latency(*(float(re.search(rf'col-{column}">(\d+)<', row)[1]) for column in (8, 11)))
