"""Commands end with a sentence and a code that scripts can trust."""

import click
import pytest

from evidence_service.cli.output import Exit, Stop, run
from evidence_service.errors import (
    KeyringWrong,
    LogDown,
    LogRolledBack,
    SettingsWrong,
)


def ended(capsys, raises=None, result=None):
    @click.command()
    def command():
        if raises is not None:
            raise raises
        return result

    with pytest.raises(SystemExit) as end:
        run(command, [])
    return end.value.code, capsys.readouterr().err


def test_a_command_that_says_nothing_was_good(capsys):
    assert ended(capsys) == (0, "")


def test_a_commands_own_code_counts(capsys):
    assert ended(capsys, result=Exit.NO) == (1, "")


def test_wrong_settings_name_every_fault_and_end_with_2(capsys):
    code, said = ended(capsys, SettingsWrong(["one is missing", "two is bad"]))
    assert code == 2
    assert said == "evidence: one is missing\nevidence: two is bad\n"


@pytest.mark.parametrize("trouble", [LogRolledBack("rolled back"), KeyringWrong("is missing")])
def test_what_cannot_start_ends_with_its_own_code(capsys, trouble):
    code, said = ended(capsys, trouble)
    assert code == (3 if isinstance(trouble, LogRolledBack) else 2)
    assert said.count("\n") == 1


def test_a_fault_of_the_service_is_one_sentence(capsys):
    assert ended(capsys, LogDown("the log cannot be written")) == (
        1,
        "evidence: the log cannot be written\n",
    )


def test_a_fault_without_words_is_named(capsys):
    assert ended(capsys, LogDown()) == (1, "evidence: LogDown\n")


def test_stop_says_its_sentence_and_code(capsys):
    assert ended(capsys, Stop("later", Exit.TRY_AGAIN)) == (75, "evidence: later\n")


def test_ctrl_c_is_quiet(capsys):
    code, said = ended(capsys, KeyboardInterrupt())
    assert (code, said.strip()) == (130, "interrupted")
