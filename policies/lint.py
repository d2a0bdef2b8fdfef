"""What Cedar's own validation lets pass: `has secrt`, `kind == "scnee"`, look-alike letters.

The lint reads the policies as the parser understood them (Cedar's JSON form) and names every
word that is not in the vocabulary, every annotation that is missing, every construct that could
raise in a gate (SECURITY 2, SEC-POL-4 to 6). An empty answer means: nothing found.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policies.decision import DEFAULT_DENY, ENGINE_DOUBT, Basis
from policies.explain import ENDINGS, article_text
from policies.facts import Act, Kind, Procedure, Role, Secrecy

Node = Mapping[str, Any]

# One word per thing: what a literal may be, by the attribute it is compared with.
WORDS: Mapping[str, frozenset[str]] = {
    "role": frozenset(Role),
    "procedure": frozenset(Procedure),
    "kind": frozenset(Kind),
    "secrecy": frozenset(Secrecy),
    "unit": frozenset({""}),
    "standing": frozenset({""}),
    "subject_party": frozenset({""}),
}
_FLAGS = (
    "police assigned recused determination_served criminal closed determination_made released "
    "withdrawn superseded examined rejected redacted report_served uploaded_by_asker readable"
)
ATTRIBUTES = frozenset(WORDS) | frozenset(_FLAGS.split()) | {"case"}
ACTIONS = frozenset(Act) | {"learn", "look"}
TYPES = frozenset({"Service", "Case", "Document"})

# Nothing here computes, so nothing here can raise once the facts fit the schema.
_JOINING = frozenset({"&&", "||", "==", "!="})
_TOKEN = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_FACT = re.compile(r"[a-z][a-z0-9_]{0,63}")
_PERMIT_HAS = frozenset({"id"})
_PERMIT_MAY = frozenset({"article"})
_FORBID_HAS = frozenset({"id", "article", "basis", "fact", "next", "zh", "en"})
_FORBID_MAY = frozenset({"hides"})
_BASES = frozenset(Basis)


def lint(parsed: Node, schema: str, ids: Sequence[str]) -> list[str]:
    """Look for everything that must not be in a set of policies.

    Args:
        parsed: the set in Cedar's JSON form.
        schema: the schema's text.
        ids: the ids that must be there, in this order.

    Returns:
        What was found, one line each, with the policy's id; empty if nothing.
    """
    found = []
    policies = in_order(parsed)
    if parsed.get("templates") or parsed.get("templateLinks"):
        found.append("templates are not used here")
    if not policies:
        found.append("there is no policy")
    if re.search(r"\?\s*:", _without_comments(schema)):
        found.append("the schema has an optional attribute")
    names = [_name(policy) for policy in policies]
    if names != list(ids):
        found.append(f"the ids are not those of the packaged list: {_difference(names, ids)}")
    for policy in policies:
        found.extend(f"{_name(policy) or 'a policy'}: {fault}" for fault in _faults(policy))
    return found


def in_order(parsed: Node) -> list[Node]:
    """List the policies in the order of the text; Cedar names them policy0, policy1 …."""
    policies: Mapping[str, Node] = parsed.get("staticPolicies", {})
    return [policies[key] for key in sorted(policies, key=lambda key: int(key[len("policy") :]))]


def articles(annotation: str) -> tuple[str, ...]:
    """Split `@article`: several are parted by a semicolon, none is the empty text."""
    return tuple(part.strip() for part in annotation.split(";") if part.strip())


def _name(policy: Node) -> str:
    return str(policy.get("annotations", {}).get("id") or "")


def _difference(names: Sequence[str], ids: Sequence[str]) -> str:
    doubled = sorted({name for name in names if names.count(name) > 1})
    lost = sorted(set(ids) - set(names))
    extra = sorted(set(names) - set(ids))
    return f"doubled {doubled}, missing {lost}, unknown {extra}"


def _faults(policy: Node) -> Iterator[str]:
    annotations = policy.get("annotations", {})
    forbids = policy["effect"] == "forbid"
    must, may = (_FORBID_HAS, _FORBID_MAY) if forbids else (_PERMIT_HAS, _PERMIT_MAY)
    if not must <= set(annotations) <= must | may:
        yield f"annotations are {sorted(annotations)}, should be {sorted(must)}"
    elif forbids:
        yield from _gate_faults(annotations)
    name = _name(policy)
    if not _TOKEN.fullmatch(name) or name in {DEFAULT_DENY, ENGINE_DOUBT}:
        yield "its @id is no free token"
    yield from _article_faults(annotations.get("article") or "")
    yield from _scope_faults(policy)
    if not policy["conditions"]:
        yield "it has no condition"
    for condition in policy["conditions"]:
        yield from _condition_faults(condition["body"])


def _gate_faults(annotations: Mapping[str, str | None]) -> Iterator[str]:
    if annotations["basis"] not in _BASES:
        yield "its @basis is not law, practice or ours"
    if annotations["basis"] == Basis.LAW and not annotations["article"]:
        yield "its @basis is law, and it names no @article"
    if not _FACT.fullmatch(annotations["fact"] or ""):
        yield "its @fact is no token"
    if annotations["next"] not in ENDINGS:
        yield "its @next is no ending"
    if not annotations["zh"] or not annotations["en"]:
        yield "it says nothing in one of the languages"
    if annotations.get("hides", "document") != "document":
        yield "its @hides hides something else than a document"


def _article_faults(annotation: str) -> Iterator[str]:
    for article in articles(annotation):
        try:
            article_text(article, "en")
        except ValueError:
            yield "its @article is no citation"


def _scope_faults(policy: Node) -> Iterator[str]:
    if policy["principal"] != {"op": "All"}:
        yield "it names a person or a type of person"
    action = policy["action"]
    entities = action.get("entities", [action["entity"]] if "entity" in action else [])
    if any(each["type"] != "Action" or each["id"] not in ACTIONS for each in entities):
        yield "an act is not in the vocabulary"
    resource = policy["resource"]
    if resource["op"] not in {"All", "is"} or resource.get("entity_type", "Case") not in TYPES:
        yield "it names one thing, or a type that is not there"
    if policy["effect"] == "permit" and (action["op"] == "All" or resource["op"] == "All"):
        yield "it permits without naming act and type"


def _condition_faults(node: Node) -> Iterator[str]:
    """Walk a condition down to its facts."""
    [(operator, body)] = node.items()
    if operator in _JOINING:
        yield from _pair_faults(operator, body["left"], body["right"])
    elif operator == "!":
        yield from _condition_faults(body["arg"])
    elif operator in {".", "has"}:
        yield from _path_faults(node)
    elif operator == "contains" and "Set" in body["left"]:
        for literal in body["left"]["Set"]:
            yield from _literal_faults(body["right"], literal)
    else:
        yield f"{operator} is not used here"


def _pair_faults(operator: str, left: Node, right: Node) -> Iterator[str]:
    if operator in {"&&", "||"}:
        yield from _condition_faults(left)
        yield from _condition_faults(right)
    elif "Value" in right:
        yield from _literal_faults(left, right)
    else:
        yield from _path_faults(left)
        yield from _path_faults(right)


def _literal_faults(path: Node, literal: Node) -> Iterator[str]:
    yield from _path_faults(path)
    attribute = path["."]["attr"] if "." in path else ""
    value = literal.get("Value")
    if not isinstance(value, str) or value not in WORDS.get(attribute, frozenset()):
        yield f"a literal beside {attribute!r} is not in the vocabulary"


def _path_faults(node: Node) -> Iterator[str]:
    [(operator, body)] = node.items()
    if operator == "Var":
        if body not in {"principal", "resource"}:
            yield f"it reads {body}"
    elif operator in {".", "has"}:
        if body["attr"] not in ATTRIBUTES:
            yield "an attribute is not in the vocabulary"
        yield from _path_faults(body["left"])
    else:
        yield f"{operator} stands where a fact should"


def _without_comments(text: str) -> str:
    return re.sub(r"//[^\n]*", "", text)
