"""A second reading of the law, in plain Python, written from the readings and not from the *.cedar.

It shares nothing with the policies but the vocabulary. Where the two differ, one of them is
wrong, and a test says on which question.
"""

from policies.facts import Act, Kind, Procedure, Question, Role, Secrecy

REPORTS = (Kind.EXAMINATION_REPORT, Kind.APPRAISAL_OPINION)
NOT_ONLINE = (Kind.INTERVIEW_RECORD, Kind.IDENTIFICATION_RECORD, Kind.INTERNAL_PAPER)
LEARNING = (Act.DOCUMENT_KNOW, Act.DOCUMENT_VIEW, Act.DOCUMENT_COPY)
OFFICER_ON_CASE = (
    Act.CASE_KNOW,
    Act.CASE_RECORD,
    Act.DOCUMENT_UPLOAD,
    Act.DETERMINATION_MAKE,
    Act.DETERMINATION_SERVE,
    Act.VOUCHER_ISSUE,
    Act.ACCESSES_READ,
)
OFFICER_ON_DOCUMENT = (*LEARNING, Act.DOCUMENT_RELEASE, Act.DOCUMENT_WITHDRAW, Act.DOCUMENT_SERVE)
HEAD = (
    Act.CASE_KNOW,
    Act.CASE_RECORD,
    Act.CASE_ASSIGN,
    Act.ACCESSES_READ,
    Act.DOCUMENT_KNOW,
    Act.DOCUMENT_VIEW,
    Act.DOCUMENT_REVIEW,
)


def read(question: Question) -> tuple[str, ...] | None:
    """Say None if it is allowed, else the sorted ids of what closes it."""
    if not _permitted(question):
        return ("default-deny",)
    if question.asker.role is Role.PARTY:
        closed = _closed_to_party(question)
    else:
        closed = _closed_to_staff(question)
    return tuple(sorted(closed)) or None


def _permitted(question: Question) -> bool:
    act, who = question.act, question.asker
    if act is Act.CASE_OPEN:
        return who.role is Role.OFFICER and bool(who.unit)
    if act is Act.LOG_READ:
        return who.role is Role.SUPERVISOR
    same_unit = question.case is not None and who.unit == question.case.unit
    if who.role is Role.OFFICER:
        return who.assigned and same_unit and act in (*OFFICER_ON_CASE, *OFFICER_ON_DOCUMENT)
    if who.role is Role.UNIT_HEAD:
        return same_unit and act in HEAD
    if who.role is Role.PARTY:
        return bool(who.standing) and act in (Act.CASE_KNOW, Act.ACCESSES_READ, *LEARNING)
    return False


def _closed_to_party(question: Question) -> list[str]:
    closed = []
    case, document = question.case, question.document
    if question.act not in LEARNING:
        return closed
    if not document.released:
        closed.append("document-released")
    if document.rejected or not document.examined:
        closed.append("report-examined")
    if document.secrecy is not Secrecy.NONE and (
        not document.redacted or document.secrecy in (Secrecy.STATE_SECRET, Secrecy.UNKNOWN)
    ):
        closed.append("secrecy-cleared")
    if document.kind in NOT_ONLINE:
        closed.append("online-kind")
    if case.criminal:
        closed.append("no-criminal-case")
    if question.act is not Act.DOCUMENT_KNOW:
        closed.extend(_closed_to_looking(question))
    return closed


def _closed_to_looking(question: Question) -> list[str]:
    who, case, document = question.asker, question.case, question.document
    other_side = document.subject_party not in ("", who.standing)
    closed = {
        "general-procedure": case.procedure is not Procedure.GENERAL,
        "determination-made": not case.determination_made,
        "determination-served": case.determination_made and not who.determination_served,
        "report-served": not document.report_served,
        "own-side-or-redacted": other_side and not document.redacted,
        "not-withdrawn": document.withdrawn,
        "not-superseded": document.superseded,
    }
    return [name for name, is_closed in closed.items() if is_closed]


def _closed_to_staff(question: Question) -> list[str]:
    act, case, document = question.act, question.case, question.document
    adding = act in (Act.CASE_RECORD, Act.DOCUMENT_UPLOAD, Act.DETERMINATION_MAKE)
    closed = {
        "no-recusal": question.asker.recused,
        "case-not-closed": adding and case.closed,
        "determination-before-service": act is Act.DETERMINATION_SERVE
        and not case.determination_made,
    }
    if act is Act.DOCUMENT_RELEASE:
        closed["second-officer"] = document.uploaded_by_asker
        closed["document-readable"] = not document.readable
        closed["report-not-rejected"] = document.rejected
    if act is Act.DOCUMENT_SERVE:
        closed["examination-before-service"] = document.rejected or not document.examined
    if act in (Act.DOCUMENT_SERVE, Act.DOCUMENT_REVIEW):
        closed["report-or-opinion"] = document.kind not in REPORTS
    return [name for name, is_closed in closed.items() if is_closed]
