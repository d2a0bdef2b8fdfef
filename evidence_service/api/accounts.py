"""A voucher and a person become an account."""

from typing import Any

from apiflask import APIBlueprint

from evidence_service.api import answers, sent
from evidence_service.api.asking import client_address, parts
from evidence_service.api.once import once
from evidence_service.use_cases import signing_in
from evidence_service.use_cases.once import Attempt
from evidence_service.use_cases.signing_in import NewAccount, OpensCase

blueprint = APIBlueprint("accounts", __name__, url_prefix="/api/v1", tag="Accounts")


@blueprint.post("/accounts")
@blueprint.input(sent.VoucherAndPerson, arg_name="new")
@blueprint.output(answers.OpenedCase, status_code=201)
def make_account(new: sent.VoucherAndPerson) -> dict[str, Any]:
    """Make a party's account from a voucher, or bind the voucher to the account there is."""

    def act(attempt: Attempt) -> OpensCase:
        account = NewAccount(**new.model_dump())
        return signing_in.make_account(parts(), account, attempt=attempt, address=client_address())

    return once(answers.OpenedCase, act)
