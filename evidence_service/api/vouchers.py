"""Query vouchers, printed at the unit for one party."""

from typing import Any

from apiflask import APIBlueprint

from evidence_service.api import answers, sent
from evidence_service.api.asking import asker, parts
from evidence_service.api.once import once
from evidence_service.use_cases import vouchering

blueprint = APIBlueprint("vouchers", __name__, url_prefix="/api/v1", tag="Vouchers")


@blueprint.post("/cases/<id:case_id>/vouchers")
@blueprint.input(sent.StatedParticipant, arg_name="stated")
@blueprint.output(answers.Voucher, status_code=201)
def issue_voucher(case_id: str, stated: sent.StatedParticipant) -> dict[str, Any]:
    """Make a voucher for one party; its code is shown once, and an older voucher ends."""
    return once(
        answers.Voucher,
        lambda attempt: vouchering.issue_voucher(
            parts(), asker(), case_id, stated.party_id, attempt=attempt
        ),
    )
