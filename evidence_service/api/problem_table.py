"""The one table of problems: what each error is called, its status, and what it says.

Sentences follow the wording: what happened, then what to do; no blame, no “soon”. Values in
braces are filled in by `problems`.
"""

from evidence_service import errors
from evidence_service.api.bytes_routes import FetchedByOthers
from evidence_service.api.problem_row import Row, row
from evidence_service.api.upload_problems import UPLOADS
from evidence_service.use_cases.once import StillRunning
from policies.explain import Saying

REFUSED = row(
    "refused",
    403,
    ("网上还没有对您开放", "Not open to you online"),
    ("这一项不属于您现在的身份。", "This is not part of what you are here as."),
)
NOT_FOUND = row(
    "not_found",
    404,
    ("没有找到", "Nothing found"),
    (
        "没有找到您可以看的内容。可能编号不对，也可能不属于这个账号。",
        (
            "We found nothing that you can see here. "
            "The number may be wrong, or the page another account's."
        ),
    ),
    "call",
)
SIGN_IN_FIRST = row(
    "not_signed_in",
    401,
    ("请先登录", "Sign in first"),
    ("没有登录，或者登录已经结束。", "You are not signed in, or not any more."),
)
SIGN_IN_WRONG = row(
    "sign_in_not_matched",
    401,
    ("登录信息对不上", "Sign-in does not match"),
    (
        "账号、密码、动态码没有全部对上，或动态码已用过。可以再试。",
        "Account, password and code do not all match, or the code was used. Try again.",
    ),
    "voucher",
)
VOUCHER_WRONG = row(
    "voucher_not_matched",
    401,
    ("凭证信息对不上", "Voucher does not match"),
    (
        "编号、查询码、姓名、证件号码没有全部对上。码里没有 0、1、O、I、L。",
        "Reference, code, name and ID number do not all match. Codes have no 0, 1, O, I, L.",
    ),
    "call",
)
FOREIGN_FETCH = row(
    "foreign_fetch",
    403,
    ("只在本人打开时提供", "Only when you open it yourself"),
    (
        "材料不预先读取，也不给别的网站读取。",
        "Evidence is neither fetched ahead nor for another site.",
    ),
)
BAD_REQUEST = row(
    "bad_request",
    400,
    ("请求读不出来", "The request cannot be read"),
    ("发来的内容格式不对，没有处理。", "What was sent has another form. Nothing was done."),
)
FIELD_WRONG = row(
    "field_wrong",
    422,
    ("有一项内容不合要求", "A field is not as it should be"),
    ("请看：{fields}。什么都没有保存。", "See: {fields}. Nothing was stored."),
)
TOO_LARGE = row(
    "too_large",
    413,
    ("内容太大", "Too large"),
    ("超过了上限，没有保存。请分开。", "It is over the limit. Nothing was stored. Split it."),
    "file",
)
CONFLICT = row(
    "conflict",
    409,
    ("情况已有变化", "Something changed"),
    (
        "打开以后有变化，这一步没有做。请重新打开看一看。",
        "It changed since you opened it, so this was not done. Open it again and look.",
    ),
)
ALREADY_THERE = row(
    "already_there",
    409,
    ("已经有了", "It is there already"),
    ("已经登记过，没有再存。", "It is recorded already. No second one was stored."),
)
STILL_RUNNING = Row(
    "still_running",
    409,
    Saying("同一请求正在办理", "The same request is running"),
    Saying(
        "带同一个键的第一个请求还没有结束。1 秒后再试。",
        "The first request with this key has not ended. Try again in 1 second.",
    ),
    "",
    1,
)
KEY_REUSED = row(
    "idempotency_key_reused",
    422,
    ("这个键用过了", "This key was used"),
    (
        "这个 Idempotency-Key 已用于另一个请求，没有处理。",
        "This Idempotency-Key came before with another request. Nothing was done.",
    ),
)
ENDED = row(
    "viewing_ended",
    410,
    ("这次查阅已到期", "This viewing has ended"),
    ("可以再打开一次查阅。", "Open a new viewing."),
)
ALTERED = row(
    "altered",
    502,
    ("材料与收存时不一致", "Not as it was stored"),
    (
        "材料与收存时的校验值不一致，已停止提供并发出警报。",
        "This no longer matches its stored check value. It is closed; an alarm is raised.",
    ),
    "call",
)
UNDRAWN = row(
    "page_unreadable",
    422,
    ("这一页显示不出来", "This page cannot be drawn"),
    (
        "第 {page} 页显示不出来，其他页不受影响。",
        "Page {page} cannot be drawn. Other pages are not affected.",
    ),
    "call",
)
LOG_DOWN = row(
    "log_down",
    503,
    ("查阅记录写不进去", "The access record cannot be written"),
    (
        "查阅记录写不进去。记不下来的，我们不提供。",
        "The access record cannot be written. What we cannot record we do not show.",
    ),
    "retry",
)
STORE_DOWN = row(
    "store_down",
    503,
    ("材料存储连不上", "The store cannot be reached"),
    ("材料存储连不上，材料没有丢。", "The store cannot be reached. Nothing is lost."),
    "retry",
)
BUSY = row(
    "busy",
    503,
    ("现在访问的人多", "Many people are here now"),
    (
        "现在访问的人多，{seconds} 秒后再试。",
        "Many people are here now. Try again in {seconds} seconds.",
    ),
    "retry",
)
THROTTLED = row(
    "throttled",
    429,
    ("试得太多", "Too many tries"),
    (
        "试得太多，{seconds} 秒后再试。",
        "Too many tries. Try again in {seconds} seconds.",
    ),
)
UNAVAILABLE = row(
    "unavailable",
    503,
    ("现在用不了", "Not available now"),
    (
        "有一部分现在没有回应，什么都没有丢。{seconds} 秒后再试。",
        "A part does not answer now; nothing is lost. Try again in {seconds} seconds.",
    ),
    "retry",
)
INTERNAL = row(
    "internal",
    500,
    ("服务出了问题", "Something went wrong here"),
    (
        "服务出了问题，已记下代码 {ref}。不知道何时恢复。",
        "Something went wrong here; it is noted under {ref}. We do not know when it is mended.",
    ),
)
METHOD = row(
    "method_not_allowed",
    405,
    ("这里没有这个方法", "No such method here"),
    ("这个地址只接受 Allow 里的方法。", "This address takes the methods in Allow."),
)
MEDIA = row(
    "media_not_taken",
    415,
    ("内容类型不对", "Another type of content"),
    (
        "这里不接受这种内容类型，没有处理。",
        "This type of content is not taken here. Nothing was done.",
    ),
)
RANGE = row(
    "range_not_satisfiable",
    416,
    ("这一段取不到", "No such range"),
    (
        "一次只取一段，且要在文件之内。",
        "One range at a time, inside the file.",
    ),
)
TUS_VERSION = row(
    "tus_version",
    412,
    ("续传协议版本不同", "Another version of tus"),
    ("这里用 tus 1.0.0。", "This service speaks tus 1.0.0."),
)
FILE_REFUSED = row(
    "file_refused",
    422,
    ("这个文件不能收", "This file cannot be taken"),
    ("“{name}”没有通过检查。", "“{name}” did not pass its first look."),
    "file",
)

OF_ERRORS: dict[type[Exception], Row] = {
    errors.Refused: REFUSED,
    errors.NotFound: NOT_FOUND,
    errors.BadInput: BAD_REQUEST,
    errors.FileRefused: FILE_REFUSED,
    errors.FieldWrong: FIELD_WRONG,
    errors.TooLarge: TOO_LARGE,
    errors.Conflict: CONFLICT,
    errors.AlreadyThere: ALREADY_THERE,
    errors.IdempotencyMismatch: KEY_REUSED,
    StillRunning: STILL_RUNNING,
    FetchedByOthers: FOREIGN_FETCH,
    errors.ViewingEnded: ENDED,
    errors.NotSignedIn: SIGN_IN_FIRST,
    errors.Unavailable: UNAVAILABLE,
    errors.LogDown: LOG_DOWN,
    errors.StoreDown: STORE_DOWN,
    errors.Busy: BUSY,
    errors.Throttled: THROTTLED,
    errors.Altered: ALTERED,
    errors.PageUnreadable: UNDRAWN,
    errors.ServiceError: INTERNAL,
}
OF_STATUS = {
    each.status: each
    for each in (BAD_REQUEST, NOT_FOUND, METHOD, TOO_LARGE, MEDIA, RANGE, INTERNAL)
}
OF_ENDPOINT = {  # where 401 says what did not match, and nothing about which
    "sessions.open_session": SIGN_IN_WRONG,
    "accounts.make_account": VOUCHER_WRONG,
}


def row_of(error: Exception, endpoint: str = "") -> Row:
    """Give the row of an error: its own, or that of the nearest kind above it."""
    if isinstance(error, errors.NotSignedIn):
        return OF_ENDPOINT.get(endpoint, SIGN_IN_FIRST)
    if isinstance(error, errors.UploadConflict):
        return UPLOADS.get(error.problem, CONFLICT)
    return next((OF_ERRORS[kind] for kind in type(error).__mro__ if kind in OF_ERRORS), INTERNAL)
