"""Which installation a command means."""

import pytest

from evidence_service.cli import place
from evidence_service.cli.init import make
from evidence_service.errors import SettingsWrong
from evidence_service.settings import Mode


@pytest.fixture(autouse=True)
def no_variables(monkeypatch):
    import os

    for name in [name for name in os.environ if name.startswith("EVIDENCE_")]:
        monkeypatch.delenv(name)


def test_data_stands_for_three_places_beside_one_another(tmp_path):
    data = tmp_path / "一 处" / "data"
    make(data, "city.example/log/1", Mode.PRODUCTION)
    settings = place.settings(data)
    assert settings.mode is Mode.PRODUCTION
    assert settings.log_origin == "city.example/log/1"
    assert settings.data_dir == data
    assert settings.keyring == data.with_name("data-keys") / "keyring.json"
    assert settings.checkpoint_dir == data.with_name("data-checkpoints")


def test_a_variable_wins_over_data(tmp_path, monkeypatch):
    make(tmp_path / "data", "city.example/log/1", Mode.PRODUCTION)
    monkeypatch.setenv("EVIDENCE_CHECKPOINT_DIR", str(tmp_path / "elsewhere"))
    assert place.settings(tmp_path / "data").checkpoint_dir == tmp_path / "elsewhere"


def test_an_installation_that_was_moved_is_found_where_it_is(tmp_path):
    make(tmp_path / "here" / "data", "city.example/log/1", Mode.PRODUCTION)
    (tmp_path / "here").rename(tmp_path / "there")
    assert place.settings(tmp_path / "there" / "data").data_dir == tmp_path / "there" / "data"


def test_no_installation_is_said_in_one_sentence(tmp_path):
    with pytest.raises(SettingsWrong, match="no installation is named"):
        place.settings(None)
    with pytest.raises(SettingsWrong, match="no installation at"):
        place.settings(tmp_path / "nothing")


def test_keys_are_never_made_over_old_ones(tmp_path):
    make(tmp_path / "data", "city.example/log/1", Mode.PRODUCTION)
    before = (tmp_path / "data-keys" / "keyring.json").read_bytes()
    with pytest.raises(SettingsWrong, match="already"):
        make(tmp_path / "data", "city.example/log/1", Mode.PRODUCTION)
    assert (tmp_path / "data-keys" / "keyring.json").read_bytes() == before


def test_an_interrupted_making_is_finished_with_its_own_keys(tmp_path):
    make(tmp_path / "data", "city.example/log/1", Mode.PRODUCTION)
    (tmp_path / "data-keys" / place.SETTINGS_FILE).unlink()
    before = (tmp_path / "data-keys" / "keyring.json").read_bytes()
    make(tmp_path / "data", "city.example/log/1", Mode.PRODUCTION)
    assert (tmp_path / "data-keys" / "keyring.json").read_bytes() == before


def test_a_folder_that_is_in_use_is_left_alone(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(0o755)
    (tmp_path / "data" / "letter.txt").write_text("mine")
    with pytest.raises(SettingsWrong, match="not empty"):
        make(tmp_path / "data", "city.example/log/1", Mode.PRODUCTION)
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o755


def test_what_is_made_is_closed_to_others_but_the_checkpoints(tmp_path):
    make(tmp_path / "data", "city.example/log/1", Mode.PRODUCTION)
    for name in ("data", "data-keys"):
        assert (tmp_path / name).stat().st_mode & 0o077 == 0
    assert (tmp_path / "data-keys" / "keyring.json").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "data-checkpoints").stat().st_mode & 0o777 == 0o755
