"""Everything that can be wrong with the log's bytes, drawn as one tree.

ServiceError
└── LogFault                   `fault` is a token, `where` the place
    ├── EntryInvalid           not canonical, or outside the field table
    ├── ProofInvalid           a proof that proves nothing, or cannot be made
    ├── KeysInvalid            a vkey or a keys file
    ├── NoteInvalid            a signed note, checkpoint or cosignature
    ├── ProofFileInvalid       a receipt that a person keeps
    ├── TilePathInvalid        no path of a tile
    ├── ExportRefused          an export cannot be written there
    └── ExportFaulty           an export does not verify; `step` of LOG-FORMATS 5
        ├── ExportRolledBack   it is shorter than the remembered checkpoint
        └── ExportForked       it is another log than the remembered checkpoint
"""

from evidence_service.errors import ServiceError

_LONGEST_WHERE = 200


class LogFault(ServiceError):
    """Something about the log's bytes is wrong: `fault` is a token, `where` the place."""

    def __init__(self, fault: str, where: str = "") -> None:
        # `where` may hold a hostile file's name: shown as ASCII, bounded.
        self.fault = fault
        self.where = ascii(where)[1:-1][:_LONGEST_WHERE]
        super().__init__(f"{fault}: {self.where}" if where else fault)


class EntryInvalid(LogFault):
    """Bytes or fields are no entry: not canonical, or outside the field table."""


class ProofInvalid(LogFault):
    """A proof does not hold, or there are not the hashes to make it."""


class KeysInvalid(LogFault):
    """A vkey or a keys file is malformed."""


class NoteInvalid(LogFault):
    """A signed note, checkpoint or cosignature is malformed, or not signed by whom it must be."""


class ProofFileInvalid(LogFault):
    """A `.tlog-proof` is malformed or does not hold."""


class TilePathInvalid(LogFault):
    """A path is not one of a tile."""


class ExportRefused(LogFault):
    """An export cannot be written into this folder: what lies there is another tree."""


class ExportFaulty(LogFault):
    """An export does not verify. `step` is the number of the check in LOG-FORMATS 5."""

    def __init__(self, fault: str, where: str = "", *, step: int = 0) -> None:
        super().__init__(fault, where)
        self.step = step


class ExportRolledBack(ExportFaulty):
    """The export is older than the remembered checkpoint: the log was rolled back."""


class ExportForked(ExportFaulty):
    """The export does not hold the remembered checkpoint: the log was forked."""
