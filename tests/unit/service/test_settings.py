"""Settings are read whole or not at all."""

from pathlib import Path

import pytest

from evidence_service.errors import SettingsWrong
from evidence_service.settings import Mode, Settings

GOOD = {
    "EVIDENCE_MODE": "demo",
    "EVIDENCE_DATA_DIR": "/srv/evidence",
    "EVIDENCE_KEYRING": "/etc/evidence/keyring.json",
    "EVIDENCE_CHECKPOINT_DIR": "/mnt/outside",
    "EVIDENCE_LOG_ORIGIN": "evidence.example/log/1",
    "PATH": "/bin",
}


def test_good_settings_are_read():
    settings = Settings.from_env(GOOD)
    assert settings.mode is Mode.DEMO
    assert settings.database == Path("/srv/evidence/evidence.sqlite")


def test_all_faults_are_named_at_once():
    given = GOOD | {
        "EVIDENCE_MODE": "prod",
        "EVIDENCE_DATADIR": "/x",
        "EVIDENCE_RENDER_WORKERS": "０2",
        "EVIDENCE_LOG_ORIGIN": "https://evidence.example/",
    }
    del given["EVIDENCE_KEYRING"]
    with pytest.raises(SettingsWrong) as caught:
        Settings.from_env(given)
    assert [fault.split(" ")[0] for fault in caught.value.faults] == [
        "EVIDENCE_DATADIR",
        "EVIDENCE_MODE",
        "EVIDENCE_KEYRING",
        "EVIDENCE_LOG_ORIGIN",
        "EVIDENCE_RENDER_WORKERS",
    ]


@pytest.mark.parametrize("text", ["", "0", "-1", "1e3", "65", " 2", "٣", "2.0", "9" * 30])
def test_a_number_out_of_range_or_form_is_refused(text):
    with pytest.raises(SettingsWrong, match="whole number from 1 to 64"):
        Settings.from_env(GOOD | {"EVIDENCE_RENDER_WORKERS": text})
