"""A log of six entries with keys, an older checkpoint and a witness, to be exported and damaged."""

from dataclasses import dataclass, replace

from evidence_service.audit.check import check_export
from evidence_service.audit.checkpoint import Checkpoint, sign
from evidence_service.audit.cosignature import cosign
from evidence_service.audit.entry import encode
from evidence_service.audit.export import write_export
from evidence_service.audit.keys_file import KeysFile, LogKey
from evidence_service.audit.note import Note, parse_note
from evidence_service.audit.tree import leaf_hash, root_of

from .vectors import NOW, ORIGIN, signer

LOG, WITNESS = signer(0), signer(2)
KEYS = KeysFile((LogKey(LOG.vkey, 1, None),), (WITNESS.vkey,), 1)
SERVICE = "svc_" + "1" * 32
SHARED = {
    "case": "case_" + "2" * 32,
    "document": "doc_" + "3" * 32,
    "viewing": "view_" + "4" * 32,
    "pages": "1-2",
}


def entry(number, kind, **fields):
    """Make the canonical bytes of an entry with a nonce and a time of its own."""
    common = {
        "v": 1,
        "type": kind,
        "recorded_at": f"2026-03-02T08:00:00.{number:06d}Z",
        "nonce": f"{number:032x}",
        "actor": SERVICE,
        "role": "service",
    }
    return encode({**common, **fields})


def opening(number=0, **fields):
    return entry(
        number, "log", **{"event": "open", "origin": ORIGIN, "vkey": LOG.vkey.text, **fields}
    )


def granted(number, **fields):
    return entry(
        number,
        "grant",
        **{
            "act": "party:viewing:open",
            "case_rev": 1,
            "policies": ["a"],
            "policies_sha256": "0" * 64,
            "service": SERVICE,
            **SHARED,
            **fields,
        },
    )


def released(number, grant, **fields):
    return entry(
        number,
        "release",
        **{
            "grant": grant,
            "form": "page",
            "sha256": "0" * 64,
            "size_bytes": 10,
            "media": "image/jpeg",
            "service": SERVICE,
            **SHARED,
            **fields,
        },
    )


def closed(number, grant, **fields):
    given = {"grant": grant, "case": SHARED["case"], "service": SERVICE, "outcome": "expired"}
    return entry(number, "close", **{**given, **fields})


ENTRIES = (
    opening(),
    granted(1),
    released(2, 1),
    granted(3),
    closed(4, 3),
    granted(5),
)


def checkpoint(entries, *, by=LOG, root=None):
    """Sign the tree of some entries."""
    tree = root_of([leaf_hash(each) for each in entries]) if root is None else root
    return sign(Checkpoint(ORIGIN, len(entries), tree), [by])


def cosigned(data):
    """Let the witness cosign a checkpoint."""
    note = parse_note(data)
    return Note(note.body, (*note.signatures, cosign(note.body, WITNESS, NOW))).data


@dataclass(frozen=True)
class SmallLog:
    """What an export is made from."""

    entries: tuple[bytes, ...] = ENTRIES
    older: tuple[int, ...] = (1, 3)
    keys: KeysFile = KEYS
    public: bool = False

    def but(self, **changes):
        return replace(self, **changes)

    def checkpoint(self, size=None):
        return checkpoint(self.entries[:size])

    def write(self, folder, **changes):
        """Export it into a folder."""
        given = {
            "entries": iter(self.entries),
            "size": len(self.entries),
            "checkpoints": [
                (size, self.checkpoint(size)) for size in (*self.older, len(self.entries))
            ],
            "newest": cosigned(self.checkpoint()),
            "keys_text": self.keys.text,
            "public": self.public,
        }
        write_export(folder, **{**given, **changes})
        return folder

    def check(self, folder, **options):
        """Verify the export of a folder."""
        return check_export(folder, self.keys, NOW, public=self.public, **options)


def files_of(folder):
    """Give the bytes of all files by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
