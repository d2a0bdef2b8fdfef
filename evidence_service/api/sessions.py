"""Sign in, sign out, renew the token, ask who one is."""

from apiflask import APIBlueprint
from flask import Response

from evidence_service.api import answers, sent
from evidence_service.api.asking import asker, client_address, parts
from evidence_service.use_cases import signing_in
from evidence_service.use_cases.signing_in import SignedIn

blueprint = APIBlueprint("sessions", __name__, url_prefix="/api/v1", tag="Sessions")


@blueprint.post("/sessions")
@blueprint.input(sent.NewSession, arg_name="new")
@blueprint.output(answers.Session, status_code=201)
def open_session(new: sent.NewSession) -> SignedIn:
    """Sign in; gives a bearer token."""
    return signing_in.open_session(
        parts(), new.name, new.password, new.code, address=client_address()
    )


@blueprint.delete("/sessions/current")
@blueprint.doc(responses={204: "Signed out"})
def close_session() -> Response:
    """Sign out; every token of the session ends."""
    signing_in.close_session(parts(), asker())
    return Response(status=204)


@blueprint.post("/sessions/current/token")
@blueprint.output(answers.Session, status_code=201)
def renew_token() -> SignedIn:
    """Give the session's next token."""
    return signing_in.renew_token(parts(), asker())


@blueprint.get("/me")
@blueprint.output(answers.Me)
def me() -> answers.Me:
    """Say who is asking."""
    person = asker()
    return answers.Me(
        person=person.actor,
        role=person.role,
        unit=person.unit,
        display_name=person.display_name,
        language=person.language,
        session_opened_at=person.session_opened_at,
    )


@blueprint.get("/me/sessions")
@blueprint.output(answers.OpenSessions)
def my_sessions() -> answers.OpenSessions:
    """List one's own open sessions."""
    person = asker()
    return answers.OpenSessions(
        sessions=[
            answers.OpenSession(
                id=each.id,
                opened_at=each.opened_at,
                last_seen_at=each.last_seen_at,
                is_current=each.reference == person.session_reference,
            )
            for each in signing_in.my_sessions(parts(), person)
        ]
    )


@blueprint.delete("/me/sessions/<id:session_id>")
@blueprint.doc(responses={204: "Ended"})
def close_my_session(session_id: str) -> Response:
    """End one of one's own sessions, wherever it was opened."""
    signing_in.close_my_session(parts(), asker(), session_id)
    return Response(status=204)
