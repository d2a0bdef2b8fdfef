"""Why a resumable upload does not go on (tus 1.0), in two languages."""

from evidence_service.api.problem_row import row

CHECKSUM_MISMATCH = 460  # tus 1.0, checksum extension

UPLOADS = {
    "offset": row(
        "upload_offset",
        409,
        ("位置不同", "Another offset"),
        (
            "已收到的字节数不同。先问一下位置，再继续。",
            "Ask for the offset, then go on from there.",
        ),
    ),
    "checksum": row(
        "upload_checksum",
        CHECKSUM_MISMATCH,
        ("校验值不同", "Check values differ"),
        ("发送方和服务器的校验值不同，没有保存。", "Check values of sender and server differ."),
        "file",
    ),
    "expired": row(
        "upload_expired",
        410,
        ("上传已过期", "The upload has expired"),
        ("上传没有在期限内完成，已经清除。", "It was not finished in time, and was cleared."),
        "file",
    ),
    "locked": row(
        "upload_locked",
        423,
        ("正在上传", "Being uploaded"),
        ("另一个连接正在传这个文件。", "Another connection is sending this file."),
    ),
    "too_many": row(
        "uploads_too_many",
        409,
        ("没有完成的上传太多", "Many unfinished uploads"),
        ("先完成或取消一个，再开始新的。", "Finish or discard one, then begin another."),
    ),
    "unfinished": row(
        "upload_unfinished",
        409,
        ("上传还没有完成", "The upload is not finished"),
        ("文件还没有传完，接着传。", "Bytes are missing: go on with the upload."),
    ),
}
