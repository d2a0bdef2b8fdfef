"""Reading a folder that nobody vouches for: plain files alone, bounded, links never followed."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from evidence_service.audit.faults import ExportFaulty

_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class SuspectFolder:
    """A folder to be checked. Paths are relative to it, with `/` between their parts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def has(self, path: str) -> bool:
        """Say whether anything lies at a path."""
        return os.path.lexists(self._folder / path)

    def read(self, path: str, *, at_most: int, missing: str, step: int) -> bytes:
        """Give the bytes of a plain file; of a longer one, `at_most` + 1 bytes.

        Args:
            path: the file.
            at_most: bytes that it can have.
            missing: the fault to name if it is not there.
            step: of the check, for the fault.

        Raises:
            ExportFaulty: it is not there, is no plain file, or cannot be read.
        """
        try:
            # A pipe would wait for ever, a device give bytes for ever: neither is opened for long.
            handle = os.open(self._folder / path, _OPEN)
        except (FileNotFoundError, NotADirectoryError) as fault:
            raise ExportFaulty(missing, path, step=step) from fault
        except OSError as fault:
            raise ExportFaulty("not_a_plain_file", path, step=step) from fault
        try:
            with os.fdopen(handle, "rb") as file:
                if not stat.S_ISREG(os.fstat(handle).st_mode):
                    raise ExportFaulty("not_a_plain_file", path, step=step)
                return file.read(at_most + 1)
        except OSError as fault:
            raise ExportFaulty("unreadable", path, step=step) from fault

    def files_under(self, name: str, *, step: int) -> Iterator[str]:
        """Give the paths of all files under a sub-folder; none if it is not there.

        Raises:
            ExportFaulty: there is something else than plain files and folders.
        """
        folders = [name] if self.has(name) else []
        while folders:
            folder = folders.pop()
            for path, mode in self._listed(folder, step):
                if stat.S_ISDIR(mode):
                    folders.append(path)
                elif stat.S_ISREG(mode):
                    yield path
                else:
                    raise ExportFaulty("not_a_plain_file", path, step=step)

    def count_others(self, *, known: frozenset[str], step: int) -> int:
        """Count what lies outside the named files and folders at the top; links count as one.

        Raises:
            ExportFaulty: the folder cannot be read.
        """
        count = 0
        folders = [""]
        while folders:
            for path, mode in self._listed(folders.pop(), step):
                if path in known:
                    continue
                if stat.S_ISDIR(mode):
                    folders.append(path)
                else:
                    count += 1
        return count

    def _listed(self, folder: str, step: int) -> list[tuple[str, int]]:
        """Give the paths right under a folder with their modes, in order of names."""
        place = self._folder / folder
        try:
            # Only the top may be a link: it is what the person who checks has named.
            if folder and not stat.S_ISDIR(place.lstat().st_mode):
                raise ExportFaulty("not_a_plain_file", folder, step=step)
            with os.scandir(place) as entries:
                found = [
                    (f"{folder}/{each.name}".lstrip("/"), each.stat(follow_symlinks=False).st_mode)
                    for each in entries
                ]
        except OSError as fault:
            raise ExportFaulty("unreadable", folder, step=step) from fault
        return sorted(found)
