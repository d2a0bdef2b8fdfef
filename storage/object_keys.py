"""The only place that spells the names of stored things (SEC-ST-2).

A name is a relative path of plain ASCII parts. Its second part spreads files over at most 256
folders. Nothing that a person sent ever becomes a part of a name.
"""

import re

from .errors import BadObjectName

_SHA256 = re.compile(r"[0-9a-f]{64}")
_ID = re.compile(r"[a-z]{3,8}_[0-9a-f]{32}")  # prefix and 128 random bits
_KEY_NUMBERS = range(1, 1_000_000)

_SHARD = r"(?P<shard>[0-9a-f]{2})"  # the first two digits of the name's own hash or id
_SHARDED_ID = r"[a-z]{3,8}_(?P=shard)[0-9a-f]{30}"
_OBJECT_NAME = re.compile(rf"originals/{_SHARD}/(?P=shard)[0-9a-f]{{62}}")
_DERIVED_NAME = re.compile(rf"prepared/{_SHARD}/(?P=shard)[0-9a-f]{{62}}\.[1-9][0-9]{{0,5}}")
_COPY_NAME = re.compile(rf"copies/{_SHARD}/{_SHARDED_ID}")
_KEY_RECORD_NAME = re.compile(rf"keys/{_SHARD}/{_SHARDED_ID}\.json")

ORIGINALS = "originals"
PREPARED = "prepared"
COPIES = "copies"
KEY_RECORDS = "keys"


def original(sealed_sha256: str) -> str:
    """Name an original by the SHA-256 (64 hex digits) of its sealed bytes (SEC-ST-9).

    Raises:
        BadObjectName: it is not a SHA-256 in lower-case hex.
    """
    check_sha256(sealed_sha256)
    return f"{ORIGINALS}/{sealed_sha256[:2]}/{sealed_sha256}"


def original_sha256(name: str) -> str:
    """Give the SHA-256 of the sealed bytes that an original's name states.

    Raises:
        BadObjectName: it is not the name of an original.
    """
    check_object_name(name)
    return name.rpartition("/")[2]


def key_record(object_id: str) -> str:
    """Name the unlocked copy of an object's key record.

    Raises:
        BadObjectName: it is not an id.
    """
    return f"{KEY_RECORDS}/{_id_shard(object_id)}/{object_id}.json"


def object_id_of_key_record(name: str) -> str:
    """Give the object id whose key record has this name.

    Raises:
        BadObjectName: it is not the name of a key record.
    """
    _match(_KEY_RECORD_NAME, name, "the name of a key record")
    return name.rpartition("/")[2].removesuffix(".json")


def prepared_page(pid: str, key_number: int) -> str:
    """Name a prepared page by its `pid` (64 hex digits) and the number of its mark key.

    Raises:
        BadObjectName: one of them has another form.
    """
    check_sha256(pid)
    if isinstance(key_number, bool) or key_number not in _KEY_NUMBERS:
        raise BadObjectName("a key number is a whole number from 1")
    return f"{PREPARED}/{pid[:2]}/{pid}.{key_number}"


def copy(copy_id: str) -> str:
    """Name a copy that was built for one viewing.

    Raises:
        BadObjectName: it is not an id.
    """
    return f"{COPIES}/{_id_shard(copy_id)}/{copy_id}"


def check_object_name(name: str) -> None:
    """Let only names of write-once objects pass.

    Raises:
        BadObjectName: any other name.
    """
    _match(_OBJECT_NAME, name, "the name of a stored object")


def check_stored_name(name: str) -> None:
    """Let only names pass that a key record may point to: write-once objects and copies.

    Raises:
        BadObjectName: any other name.
    """
    if not is_object_name(name):
        check_copy_name(name)


def is_object_name(name: object) -> bool:
    """Say whether this is a name of a write-once object."""
    return isinstance(name, str) and _OBJECT_NAME.fullmatch(name) is not None


def check_derived_name(name: str) -> None:
    """Let only names of prepared pages pass.

    Raises:
        BadObjectName: any other name.
    """
    _match(_DERIVED_NAME, name, "the name of a prepared page")


def check_copy_name(name: str) -> None:
    """Let only names of copies pass.

    Raises:
        BadObjectName: any other name.
    """
    _match(_COPY_NAME, name, "the name of a copy")


def check_sha256(digest: str) -> None:
    """Let only a SHA-256 in lower-case hex pass.

    Raises:
        BadObjectName: anything else.
    """
    _match(_SHA256, digest, "a SHA-256 in lower-case hex")


def check_id(object_id: str) -> None:
    """Let only ids pass: a prefix of 3-8 letters, `_`, and 32 hex digits.

    Raises:
        BadObjectName: anything else.
    """
    _match(_ID, object_id, "an id")


def _id_shard(object_id: str) -> str:
    check_id(object_id)
    return object_id.partition("_")[2][:2]


def _match(form: re.Pattern[str], text: object, what: str) -> None:
    # The text itself is not repeated: it may have come from outside.
    if not isinstance(text, str) or form.fullmatch(text) is None:
        raise BadObjectName(f"not {what}")
