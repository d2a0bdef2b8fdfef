"""What `/readyz` says: each part that could keep the service from its promises, honestly."""

import threading
from dataclasses import dataclass, field


@dataclass
class Health:
    """Standing alarms and remarks, kept by whoever meets them; thread-safe."""

    cage_level: str = ""
    remarks: tuple[str, ...] = ()
    upkeep_fault: str = ""
    _alarms: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def alarm(self, token: str) -> bool:
        """Raise an alarm; True when it is new."""
        with self._lock:
            is_new = token not in self._alarms
            self._alarms.add(token)
            return is_new

    @property
    def alarms(self) -> tuple[str, ...]:
        """All alarms since the process began, sorted."""
        with self._lock:
            return tuple(sorted(self._alarms))
