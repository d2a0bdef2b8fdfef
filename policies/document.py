"""Prints `docs/policies.md`: every policy, its article, whose rule it is, and its cases.

    python -m policies.document > docs/policies.md

The text is made from the policies themselves, so that it cannot say something else than they do.
A test compares the file with what this prints.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path

from policies.decision import DEFAULT_DENY, ENGINE_DOUBT, Gate
from policies.engine import PolicyEngine
from policies.explain import ENDINGS, whose_rule
from policies.packaged import POLICIES, SCHEMA_FILE

CASES = Path(__file__).resolve().parents[1] / "tests" / "cases"

HEAD = f"""\
# Policies

Who may do what with which evidence. Made by `python -m policies.document`; do not edit.

The policies are the `*.cedar` files in `policies/`, written in [Cedar](https://www.cedarpolicy.com):
a `permit` says who may, a `forbid` is a gate in the way, a gate beats every permit, and what
nobody permits is refused. `{SCHEMA_FILE}` lists every fact that they can read.

- **A permit is a relation**: an officer to an assigned case, a party to its own. Without one, the
  answer is `{DEFAULT_DENY}`, with no reasons: a stranger learns nothing.
- **A gate names what is missing.** All gates that are closed are told at once, each with its
  article, whose rule it is (the law's, the practice of online offices, or our own), and what to
  do next.
- **Some gates hide.** Behind them a document is not listed, and asking for it by its address is
  answered as if it were not there. The log keeps the reason.
- **Any doubt refuses**: a fact that is not there, an error, an answer that is not understood. The
  deciding policy is then `{ENGINE_DOUBT}`, and an alarm is raised.

## Choices that a reader may question

- **Release and examination are two locks.** A second officer releases (ours, on the model of
  article 27(1)); the head examines a report (article 55(1)). Either may come first; outside, a
  report is seen or told of only when both were done. Release does not wait for the examination,
  because neither of the two persons should be able to stand in for the other. A report that was
  rejected cannot be released.
- **The head does not release.** Whoever examines a report, and is the superior of the officer who
  uploaded it, is no second pair of eyes. The head reads, examines, assigns, records.
- **Withdrawn and superseded documents stay listed, closed, with the reason**: whoever saw one
  yesterday should learn why it is closed today. No content leaks.
- **A kind that is not online and a criminal case close the list, but explain themselves** to a
  party who asks for the document by its address: the counter, or criminal procedure, is the way.
- **After a case is closed nothing is added to it**; viewing, service, release and withdrawal go
  on, because the parties' right to view has no end.
- **Before the determination is made, a party is told that**, and not sent to the unit to collect
  a paper that does not exist yet. Once it is made, service on this party is what counts.
"""

TAIL = """\

## Check the digest

Every entry in the log names the SHA-256 of the texts that decided. In `policies/`:

```
cat {files} | sha256sum
```
"""


def document(cases: Path = CASES) -> str:
    """Write the whole of `docs/policies.md`.

    Raises:
        PoliciesBroken: the packaged policies are not complete and sound.
    """
    engine = PolicyEngine.start(alarm=lambda _: None)
    deciding = _cases_by_policy(cases)
    lines = [HEAD]
    for name, ids in POLICIES.items():
        text = resources.files("policies").joinpath(name).read_text(encoding="utf-8")
        lines.append(f"## {_title(text)}\n\n`policies/{name}`\n")
        for policy_id in ids:
            lines.extend(_policy(policy_id, text, engine.gates.get(policy_id)))
            lines.extend(_cases(deciding.get(policy_id, [])))
    lines.append("## Nothing permits it\n\nWhat no policy permits is refused, and tells nothing.\n")
    lines.extend(_cases(deciding.get(DEFAULT_DENY, [])))
    return "\n".join(lines).rstrip() + "\n" + TAIL.format(files=" ".join([*POLICIES, SCHEMA_FILE]))


def _title(text: str) -> str:
    return text.splitlines()[0].removeprefix("// ").capitalize()


def _policy(policy_id: str, text: str, gate: Gate | None) -> Iterator[str]:
    comment, rule = _parts(policy_id, text)
    yield f"### `{policy_id}`\n"
    yield f"{comment}\n"
    if gate is not None:
        hides = "; the document reads as not there" if gate.hides else ""
        yield f"- Rule: {whose_rule(gate, 'en')}"
        yield f"- Missing: `{gate.missing}`{hides}"
        yield f"- {gate.zh} {ENDINGS[gate.next_step].zh}"
        yield f"- {gate.en} {ENDINGS[gate.next_step].en}"
        yield ""
    yield f"```cedar\n{rule}\n```\n"


def _parts(policy_id: str, text: str) -> tuple[str, str]:
    """Find the comment above a policy, and its rule without the annotations."""
    before, _, after = text.partition(f'@id("{policy_id}")')
    comment = re.split(r"\n(?!//)", before.rstrip("\n"))[-1]
    rule = re.split(r"^(?=permit|forbid)", after, maxsplit=1, flags=re.MULTILINE)[1]
    words = " ".join(line.removeprefix("//").strip() for line in comment.splitlines())
    return words.strip(), rule.partition(";\n")[0] + ";"


def _cases(names: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield f"Cases ({len(names)}):\n"
    for folder, name in names:
        sentence = name.replace("_", " ")
        yield f"- {folder}: [{sentence}](../tests/cases/{folder}/{name}.json)"
    yield ""


def _cases_by_policy(folder: Path) -> Mapping[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for path in sorted(folder.glob("*/*.json")):
        for policy_id in json.loads(path.read_text(encoding="utf-8"))["policies"]:
            found.setdefault(policy_id, []).append((path.parent.name, path.stem))
    return found


if __name__ == "__main__":
    sys.stdout.write(document())
