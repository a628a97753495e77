"""What every tool is asked to do."""

from dataclasses import dataclass, replace

# How long after the ramp, and before the first connection may leave, nothing is counted.
SETTLE_SECS = 2


@dataclass(frozen=True)
class Pattern:
    """Guests of rooms of `room`, who come evenly within `ramp`, each of whom posts a message of 99 characters every `every`
    seconds, from then on, and leaves after `life`. Times are whole seconds, but for `every`."""

    connections: int
    room: int
    every: float
    ramp: int
    window: int

    @property
    def life(self) -> int:
        """How long a guest stays: everybody is there throughout the window."""
        return self.ramp + self.window + 2 * SETTLE_SECS

    @property
    def length(self) -> int:
        """From the first guest's coming to the last one's leaving."""
        return self.ramp + self.life

    @property
    def posts(self) -> int:
        """What a guest posts."""
        return int(self.life / self.every)

    def alone(self) -> "Pattern":
        """The same for a single room, shortly: what a tool takes before it has anything to do."""
        return replace(self, connections=self.room, ramp=1, window=min(self.window, 10))

    def environment(self, url: str) -> dict[str, str]:
        """For scripts."""
        values = {"URL": url, "CONNECTIONS": self.connections, "RAMP": self.ramp, "LIFE": self.life, "EVERY": f"{self.every:g}"}
        return {name: str(value) for name, value in values.items()}
