"""Uploads that survive a broken connection (tus 1.0.0).

Extensions: creation, checksum, expiration, termination. Every request is decided on; addresses
are relative.
"""

import base64
import binascii
import io
import re
from datetime import UTC
from email.utils import format_datetime

from apiflask import APIBlueprint
from flask import Response, request
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge, UnsupportedMediaType

from evidence_service.api.asking import asker, parts
from evidence_service.api.problems import WrongTusVersion
from evidence_service.errors import BadInput, FieldWrong, TooLarge
from evidence_service.use_cases import resumable
from evidence_service.use_cases.resumable import UploadState

blueprint = APIBlueprint("uploads", __name__, url_prefix="/api/v1", tag="Uploads")

VERSION = "1.0.0"
MEDIA = "application/offset+octet-stream"
METADATA_MAX = 2048
_NUMBER = re.compile(r"0|[1-9][0-9]{0,15}")
_KEYS = {"filename", "sha256", "filetype"}


@blueprint.route("/cases/<id:case_id>/uploads", methods=["OPTIONS"])
@blueprint.doc(hide=True)
def abilities(case_id: str) -> Response:  # noqa: ARG001  the same for every case
    """Say what the protocol can do here."""
    return _abilities()


@blueprint.route("/uploads/<id:upload_id>", methods=["OPTIONS"])
@blueprint.doc(hide=True)
def abilities_of_one(upload_id: str) -> Response:  # noqa: ARG001  the same for every upload
    """Say what the protocol can do here."""
    return _abilities()


@blueprint.post("/cases/<id:case_id>/uploads")
@blueprint.doc(responses={201: "Created; `Location` is the upload's address"})
def create(case_id: str) -> Response:
    """Begin a resumable upload (tus creation).

    `Upload-Length` is required; `Upload-Metadata` holds `filename` and the whole's `sha256`.
    """
    _check_version()
    if "Upload-Defer-Length" in request.headers:
        raise FieldWrong("Upload-Defer-Length", "not_offered")
    metadata = _metadata(request.headers.get("Upload-Metadata", ""))
    state = resumable.create(
        parts(),
        asker(),
        case_id,
        name=metadata.get("filename", ""),
        size_bytes=_number("Upload-Length"),
        sha256=metadata.get("sha256", ""),
    )
    answer = _answer(state, 201)
    answer.headers["Location"] = f"/api/v1/uploads/{state.id}"
    answer.autocorrect_location_header = False
    return answer


@blueprint.route("/uploads/<id:upload_id>", methods=["HEAD"])
@blueprint.doc(hide=True)
def tell(upload_id: str) -> Response:
    """Tell how far an upload is."""
    _check_version()
    state = resumable.state_of(parts(), asker(), upload_id)
    answer = _answer(state, 200)
    answer.headers["Upload-Length"] = str(state.size_bytes)
    return answer


@blueprint.patch("/uploads/<id:upload_id>")
@blueprint.doc(responses={204: "Taken; `Upload-Offset` says how far the upload is"})
def append(upload_id: str) -> Response:
    """Take the next bytes of an upload (tus core, checksum)."""
    _check_version()
    if request.mimetype != MEDIA:
        raise UnsupportedMediaType
    state = resumable.append(
        parts(),
        asker(),
        upload_id,
        offset_bytes=_number("Upload-Offset"),
        body=Arriving(),  # type: ignore[arg-type]  # BinaryIO is wide; only `read` is used
        checksum=request.headers.get("Upload-Checksum", ""),
    )
    return _answer(state, 204)


@blueprint.delete("/uploads/<id:upload_id>")
@blueprint.doc(responses={204: "Gone"})
def discard(upload_id: str) -> Response:
    """End an upload and forget its bytes (tus termination)."""
    _check_version()
    resumable.discard(parts(), asker(), upload_id)
    return _with_version(Response(status=204))


class Arriving(io.RawIOBase):
    """The bytes of this request as they come; a broken connection is an `OSError`."""

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes.

        Raises:
            OSError: the connection broke.
            TooLarge: more than a chunk may have.
        """
        try:
            return request.stream.read(size)
        except ClientDisconnected as gone:
            raise OSError("the connection broke") from gone
        except RequestEntityTooLarge as more:
            raise TooLarge("chunk") from more


def _abilities() -> Response:
    settings = parts().settings
    answer = _with_version(Response(status=204))
    answer.headers["Tus-Version"] = VERSION
    answer.headers["Tus-Extension"] = "creation,checksum,expiration,termination"
    answer.headers["Tus-Max-Size"] = str(settings.file_max_bytes)
    answer.headers["Tus-Checksum-Algorithm"] = ",".join(resumable.CHECKSUMS)
    return answer


def _answer(state: UploadState, status: int) -> Response:
    answer = _with_version(Response(status=status))
    answer.headers["Upload-Offset"] = str(state.offset_bytes)
    expires = state.expires_at.astimezone(UTC).replace(microsecond=0)
    answer.headers["Upload-Expires"] = format_datetime(expires, usegmt=True)
    return answer


def _with_version(answer: Response) -> Response:
    answer.headers["Tus-Resumable"] = VERSION
    return answer


def _check_version() -> None:
    if request.headers.get("Tus-Resumable") != VERSION:
        raise WrongTusVersion


def _number(header: str) -> int:
    text = request.headers.get(header, "")
    if _NUMBER.fullmatch(text) is None:
        raise FieldWrong(header, "form")
    return int(text)


def _metadata(header: str) -> dict[str, str]:
    """Read `key base64,key base64`.

    Raises:
        BadInput: another form.
    """
    found: dict[str, str] = {}
    if len(header) > METADATA_MAX:
        raise BadInput("upload_metadata")
    for pair in filter(None, header.split(",")):
        key, _, value = pair.strip().partition(" ")
        if key not in _KEYS or key in found:
            raise BadInput("upload_metadata")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise BadInput("upload_metadata") from None
    return found
