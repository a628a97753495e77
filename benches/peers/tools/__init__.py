"""The tools, in the order in which they are run."""

from .artillery import Artillery
from .causerie import Causerie
from .gatling import Gatling
from .goose import Goose
from .k6 import K6
from .locust import Locust

TOOLS = (Causerie, K6, Artillery, Locust, Goose, Gatling)
