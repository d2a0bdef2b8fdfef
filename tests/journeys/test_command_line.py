"""The `evidence` command against a real service, and where something is not as it should be."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pysqlite3
import pytest

from evidence_service.demo.cast import DEMO_CASE
from evidence_service.demo.drawings import scene_photographs
from tests.journeys.running import begun, environment, evidence, free_port, serving, until

MIB = 1 << 20


@pytest.fixture(scope="session")
def large_picture(tmp_path_factory) -> Path:
    """A PDF of about 20 MiB that is taken: pages of noise, which do not compress."""
    import cv2
    import img2pdf
    import numpy as np

    pages = []
    for seed in range(5):
        noise = np.random.default_rng(seed).integers(0, 256, (1400, 1400, 3), np.uint8)
        pages.append(cv2.imencode(".jpg", noise, [cv2.IMWRITE_JPEG_QUALITY, 97])[1].tobytes())
    path = tmp_path_factory.mktemp("large") / "照片 合集.pdf"
    path.write_bytes(img2pdf.convert(pages))
    assert path.stat().st_size > 10 * MIB
    return path


def opened_case(service) -> tuple[str, str]:
    token = service.token("gao.minglan")
    answer = httpx.post(
        f"{service.url}/api/v1/cases",
        headers={"Authorization": f"Bearer {token}"},
        json={
            "case_no": "330899-2026-000999",
            "procedure": "general",
            "happened_at": "2026-01-01T00:00:00Z",
            "place": "云河市",
        },
        trust_env=False,
    )
    assert answer.status_code == 201, answer.text
    return token, answer.json()["id"]


def offset_of(memory: Path, token: str) -> int:
    """How many bytes the service has of the one upload that is remembered."""
    try:
        known = json.loads((memory / "accident-evidence" / "uploads.json").read_text())
    except (OSError, ValueError):
        return 0
    addresses = [text for text in known.values() if text.startswith("http")]
    if not addresses:
        return 0
    headers = {"Authorization": f"Bearer {token}", "Tus-Resumable": "1.0.0"}
    answer = httpx.head(addresses[0], headers=headers, trust_env=False)
    return int(answer.headers.get("Upload-Offset", 0))


def sending(service, case_id, path, *further) -> list[object]:
    stated = ("--kind", "scene_photo", "--json", "--url", service.url)
    return ["upload", case_id, path, *stated, *further]


def test_an_upload_goes_on_after_ctrl_c(data, tmp_path, large_picture):
    memory = tmp_path / "state"
    with serving(data) as service:
        token, case_id = opened_case(service)
        told = {"AEA_TOKEN": token, "XDG_STATE_HOME": str(memory)}
        process = begun(*sending(service, case_id, large_picture, "--limit-rate", "3"), **told)
        until(lambda: offset_of(memory, token), "a chunk has arrived")
        process.send_signal(signal.SIGINT)
        said, faults = process.communicate(timeout=60)
        assert process.returncode == 130, faults
        assert "the same command goes on" in faults
        assert "Traceback" not in faults
        before, remembered = offset_of(memory, token), memory / "accident-evidence/uploads.json"
        assert 0 < before < large_picture.stat().st_size
        addresses = set(json.loads(remembered.read_text()).values())
        second = begun(*sending(service, case_id, large_picture, "--limit-rate", "6"), **told)
        until(lambda: offset_of(memory, token) > before, "it goes on")
        assert addresses <= set(json.loads(remembered.read_text()).values()), "it began anew"
        said, faults = second.communicate(timeout=60)
        assert second.returncode == 0, faults
        assert json.loads(said)["files"][0]["size_bytes"] == large_picture.stat().st_size
        assert json.loads(remembered.read_text()) == {}, "what is finished is forgotten"


def test_an_upload_goes_on_by_itself_after_the_service_was_killed(data, tmp_path, large_picture):
    memory, port = tmp_path / "state", free_port()
    with serving(data, port) as service:
        token, case_id = opened_case(service)
        told = {"AEA_TOKEN": token, "XDG_STATE_HOME": str(memory)}
        process = begun(*sending(service, case_id, large_picture, "--limit-rate", "3"), **told)
        until(lambda: offset_of(memory, token), "a chunk has arrived")
        service.kill()
    with serving(data, port):
        said, faults = process.communicate(timeout=60)
        assert process.returncode == 0, faults
        assert json.loads(said)["files"][0]["size_bytes"] == large_picture.stat().st_size
    assert evidence("log", "verify", "--data", data).returncode == 0
    assert evidence("store", "verify", "--data", data).returncode == 0


def test_a_file_that_was_taken_already_is_named_not_taken_twice(data, tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(scene_photographs(DEMO_CASE, 1)[0])
    with serving(data) as service:
        token, case_id = opened_case(service)
        told = {"AEA_TOKEN": token, "XDG_STATE_HOME": str(tmp_path)}
        assert evidence(*sending(service, case_id, path), **told).returncode == 0
        again = evidence(*sending(service, case_id, path), **told)
        assert again.returncode == 1
        assert len(again.stderr.splitlines()) == 1, again.stderr
        human = evidence("upload", "3308 9920 2600 0999", path, "--kind", "scene_photo")
        assert human.returncode != 0


def test_who_is_not_signed_in_is_told_how(data, tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"\xff\xd8\xff")
    with serving(data) as service:
        refused = evidence(*sending(service, "case_" + 32 * "0", path), AEA_TOKEN="wrong")
    assert refused.returncode == 1
    assert "--sign-in" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_service_that_is_not_there_is_a_reason_to_try_again(tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"\xff\xd8\xff")
    url = f"http://127.0.0.1:{free_port()}"
    case = "case_" + 32 * "0"
    tried = evidence("upload", case, path, "--kind", "scene_photo", "--url", url, AEA_TOKEN="t")
    assert tried.returncode == 75
    assert len(tried.stderr.splitlines()) == 1


def test_sigterm_ends_the_service_gently(data):
    with serving(data) as service:
        assert service.stop() == 0
    assert not any("Traceback" in line for line in service.said), service.said


def test_a_port_that_is_taken_is_said_at_once(data):
    with serving(data) as service:
        port = service.url.rsplit(":", 1)[1]
        second = evidence("serve", "--data", data, "--port", port)
        assert second.returncode == 75
        assert second.stderr == (
            f"evidence: cannot listen on 127.0.0.1 port {port}: Address already in use\n"
        )


def test_the_service_does_not_start_on_a_log_that_was_rolled_back(data, tmp_path):
    shutil.copytree(data, tmp_path / "older")
    made = evidence("log", "checkpoint", "--data", data)
    assert made.returncode == 0
    added = evidence(
        *("people", "add", "--role", "officer", "--name", "某人", "--sign-in", "mou.ren"),
        *("--password", "a river under the old bridge 9", "--data", data),
    )
    assert added.returncode == 0, added.stderr
    shutil.rmtree(data)
    shutil.copytree(tmp_path / "older", data)
    refused = evidence("serve", "--data", data, "--port", 0)
    assert refused.returncode == 3, refused.stderr
    assert "rolled back" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_verify_finds_a_changed_byte_in_the_log(data):
    with pysqlite3.connect(data / "evidence.sqlite") as database:
        triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            database.execute(f'DROP TRIGGER "{name}"')  # whoever owns the file can
        changed = database.execute(
            "UPDATE log_entries SET body = CAST(replace(CAST(body AS TEXT), 'officer', 'officez')"
            " AS BLOB) WHERE CAST(body AS TEXT) LIKE '%officer%' RETURNING \"index\""
        ).fetchall()
        assert changed
    database.close()
    found = evidence("log", "verify", "--data", data)
    assert found.returncode == 1
    assert found.stdout == f"FAULT: entry_altered: entry {min(changed)[0]}\n"
    as_json = evidence("log", "verify", "--json", "--data", data)
    assert json.loads(as_json.stdout)["good"] is False


def test_an_export_verifies_without_the_installation_until_a_byte_is_changed(data, tmp_path):
    keys = tmp_path / "my.keys"
    keys.write_text(evidence("keys", "show", "--data", data).stdout)
    export = tmp_path / "export"
    assert evidence("log", "export", export, "--data", data).returncode == 0
    shutil.rmtree(data.parent)
    good = evidence("log", "verify", export, "--keys", keys)
    assert (good.returncode, good.stdout[:6]) == (0, "good: "), good.stderr
    known = tmp_path / "known"
    shutil.copy(export / "checkpoint", known)
    again = evidence("log", "verify", export, "--keys", keys, "--known", known)
    assert "extends the remembered checkpoint" in again.stdout
    bundle = next((export / "tile" / "entries").rglob("*.p/*"))
    body = bytearray(bundle.read_bytes())
    body[100] ^= 1
    bundle.write_bytes(body)
    bad = evidence("log", "verify", export, "--keys", keys)
    assert bad.returncode == 1
    assert bad.stdout.startswith("FAULT: ")


def test_a_public_export_holds_no_entry_and_verifies(data, tmp_path):
    keys = tmp_path / "my.keys"
    keys.write_text(evidence("keys", "show", "--data", data).stdout)
    export = tmp_path / "export"
    assert evidence("log", "export", export, "--public", "--data", data).returncode == 0
    assert not (export / "tile" / "entries").exists()
    verified = evidence("log", "verify", export, "--public", "--keys", keys)
    assert verified.returncode == 0, verified.stdout


def test_store_verify_finds_a_changed_byte(data, tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(scene_photographs(DEMO_CASE, 1)[0])
    with serving(data) as service:
        token, case_id = opened_case(service)
        taken = evidence(*sending(service, case_id, path), AEA_TOKEN=token)
        assert taken.returncode == 0, taken.stderr
    assert evidence("store", "verify", "--data", data).returncode == 0
    original = next(each for each in (data / "originals").rglob("*") if each.is_file())
    body = bytearray(original.read_bytes())
    body[1000] ^= 1
    original.chmod(0o600)
    original.write_bytes(body)
    found = evidence("store", "verify", "--json", "--data", data)
    assert found.returncode == 1
    [fault] = json.loads(found.stdout)["faults"]
    assert (fault["document"], fault["problem"]) == (json.loads(taken.stdout)["id"], "altered")


def test_a_closed_pipe_is_a_quiet_end(data):
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "evidence_service.cli", "log", "verify", "--data", data],
        check=False,
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    os.close(writing)
    assert done.returncode == 141
    assert done.stderr == ""


def test_a_demonstration_goes_on_with_its_data(data):
    """A second start finds what the first one made, and Ctrl-C ends it and its service."""
    (data.with_name("data-keys") / "demonstration-filled").touch()
    port = free_port()
    process = begun("demo", "--data", data, "--port", port)
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "--sign-in" in line:
            break
    assert any("gao.minglan" in line for line in lines)
    assert httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False).status_code == 200
    process.send_signal(signal.SIGINT)
    _, faults = process.communicate(timeout=60)
    assert process.returncode == 0, faults
    assert "Traceback" not in faults
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False)
