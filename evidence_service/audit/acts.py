"""The acts that stand in the log: `source:subject:verb`, one enum (LOG-FORMATS 1)."""

from enum import StrEnum


class LogAct(StrEnum):
    """Every fact a policy reads, every act of staff, every reading of the log."""

    CASE_OPEN = "police:case:open"
    PARTY_RECORD = "police:party:record"
    VEHICLE_RECORD = "police:vehicle:record"
    ASSIGNMENT_RECORD = "police:assignment:record"
    DETERMINATION_MAKE = "police:determination:make"
    DETERMINATION_SERVE = "police:determination:serve"
    REPORT_SERVE = "police:report:serve"
    REPORT_REVIEW = "police:report:review"
    DOCUMENT_RELEASE = "police:document:release"
    DOCUMENT_WITHDRAW = "police:document:withdraw"
    UNREADABLE_ACCEPT = "police:document:accept_unreadable"
    VOUCHER_ISSUE = "police:voucher:issue"
    ACCOUNT_MAKE = "party:account:make"
    VIEWING_OPEN = "party:viewing:open"
    OFFICER_VIEWING_OPEN = "police:viewing:open"
    COPY_MAKE = "party:copy:make"
    ACCESSES_READ = "party:accesses:read"
    LOG_LIST = "supervisor:log:list"
    LOG_READ = "supervisor:log:read"
    LOG_PROVE = "supervisor:log:prove"
    SIGN_IN = "person:session:open"
    SIGN_OUT = "person:session:close"
    STAFF_MAKE = "operator:account:make"
