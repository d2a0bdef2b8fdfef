"""Files that must not be taken: a clear reason in the sender's language, and nothing kept."""

import io
import json
import tracemalloc

import pytest

from tests.house import jpeg
from tests.shared_material import SHARED

SAMPLES = SHARED / "samples"
BAD = json.loads((SAMPLES / "bad" / "EXPECT.json").read_text(encoding="utf-8"))["files"]
GOOD = json.loads((SAMPLES / "good" / "EXPECT.json").read_text(encoding="utf-8"))["files"]
REFUSED = [each for each in BAD if each["verdict"] == "refuse" and "also_acceptable" not in each]
MEDIA = {
    "PDF": "application/pdf",
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "TIFF": "image/tiff",
}


@pytest.fixture(scope="module")
def case(house):
    return house.fresh_case()


def sent(house, case, data, name, language="en"):
    """Send one file. The body is made here: the test client leaves its temporary files open."""
    disposition = f'Content-Disposition: form-data; name="files"; filename="{name}"'
    body = b"".join(
        (
            b'--cut\r\nContent-Disposition: form-data; name="kind"\r\n\r\nscene_photo\r\n',
            f"--cut\r\n{disposition}\r\n".encode(),
            b"Content-Type: application/octet-stream\r\n\r\n",
            data,
            b"\r\n--cut--\r\n",
        )
    )
    return house.as_("lead").send(
        "POST",
        f"cases/{case}/documents",
        data=body,
        content_type="multipart/form-data; boundary=cut",
        headers={"Accept-Language": language},
    )


def named(each):
    return each["file"]


@pytest.mark.parametrize("expected", BAD, ids=named)
def test_a_bad_sample_is_refused_with_its_reason_and_nothing_is_kept(house, case, expected):
    if expected["verdict"] != "refuse":
        reasons = None
    else:
        also = [text.removeprefix("refuse: ") for text in expected.get("also_acceptable", [])]
        reasons = {expected["refuse_reason"], *also}
    data = (SAMPLES / "bad" / expected["file"]).read_bytes()
    before, size = house.stored(), house.log_size()
    answer = sent(house, case, data, expected["file"])
    if answer.status_code == 201:
        flags = answer.get_json()["files"][0]["flags"]
        wanted = [text for text in (reasons or ()) if text.startswith("accept_with_flag: ")]
        assert reasons is None or any(text.split(": ")[1] in flags for text in wanted)
        return
    assert answer.status_code in (413, 422)
    assert answer.mimetype == "application/problem+json"
    problem = answer.get_json()
    assert problem["detail"]
    assert problem["next"][0]["text"]
    if problem["type"].endswith("file_refused"):
        assert reasons is None or problem["reason"] in reasons, problem
    assert house.stored() == before
    assert house.log_size() == size


@pytest.mark.parametrize("expected", GOOD, ids=named)
def test_a_good_sample_is_taken_as_what_it_is(house, case, expected):
    data = (SAMPLES / "good" / expected["file"]).read_bytes()
    if len(data) > house.settings.multipart_max_bytes:
        assert sent(house, case, data, expected["file"]).status_code == 413
        return
    answer = sent(house, case, data, expected["file"])
    if answer.status_code == 409:  # two samples with the same bytes
        assert answer.get_json()["type"].endswith("already_there")
        return
    if answer.status_code == 422 and expected["verdict"] != "accept":
        return  # "either": tests of the first look say which
    told = answer.get_json()
    if answer.status_code == 422:
        assert told["reason"] == "unsupported_variant", told
        return
    assert answer.status_code == 201, told
    file = told["files"][0]
    assert file["media"] == MEDIA[expected["true_type"]]
    assert file["page_count"] == expected["pages"]
    assert (file["sha256"], file["size_bytes"]) == (expected["sha256"], len(data))


ODD = [
    (b"PK\x03\x04" + bytes(90), "report.pdf", "type_mismatch"),
    (b"<html><body>hello</body></html>", "report.pdf", "type_mismatch"),
    (b"%PDF-1.7\n", "photo.jpg", None),
    (b"", "photo.jpg", "empty_file"),
    (b"\xff\xd8\xff", "photo.jpg", None),
    (b"BM" + bytes(90), "drawing.bmp", "unsupported_format"),
    (b"GIF89a" + bytes(90), "moving.gif", "unsupported_format"),
    (b"AC1027" + bytes(90), "scene.dwg", "unsupported_format"),
    (b"\x00\x00\x00\x18ftypmp42" + bytes(90), "film.mp4", "unsupported_format"),
]


@pytest.mark.parametrize(("data", "name", "reason"), ODD)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_what_poses_or_is_of_another_format_is_said_so(house, case, data, name, reason, language):
    before = house.stored()
    answer = sent(house, case, data, name, language)
    assert answer.status_code == 422
    problem = answer.get_json()
    assert problem["reason"] == reason or reason is None
    chinese = any("\u4e00" <= sign <= "\u9fff" for sign in problem["detail"])
    assert chinese == (language == "zh-CN")
    if reason == "unsupported_format":
        assert all(word in problem["detail"] for word in ("PDF", "JPEG", "PNG", "TIFF"))
    assert house.stored() == before


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("a\u202egpj.jpg", "agpj.jpg"),
        ("照片 一.jpg", "照片 一.jpg"),
        ("x" * 300 + ".jpg", None),
    ],
)
def test_a_sent_name_is_shown_never_used(house, case, name, shown):
    size = house.log_size()
    answer = sent(house, case, jpeg(), name)
    assert answer.status_code == 201, answer.text
    kept = answer.get_json()["files"][0]["name"]
    assert kept == shown or (shown is None and len(kept) <= 200)
    assert not any(path.endswith(".jpg") for path in house.stored()[1])
    assert all(kept not in str(entry) for entry in house.entries_since(size))


def test_controls_in_a_name_are_not_kept(house, case):
    answer = sent(house, case, jpeg(), "a\x01b\x7fc.jpg")
    assert answer.status_code == 201
    assert answer.get_json()["files"][0]["name"] == "abc.jpg"


def test_the_same_bytes_twice_in_a_case_name_the_first_and_elsewhere_nothing(house, case):
    data = jpeg()
    first = sent(house, case, data, "a.jpg").get_json()
    before = house.stored()
    again = sent(house, case, data, "b.jpg")
    assert again.status_code == 409
    assert first["id"] in again.get_data(as_text=True)
    assert house.stored() == before
    assert sent(house, house.fresh_case(), data, "a.jpg").status_code == 201


def test_one_bad_file_of_a_set_leaves_none_of_it(house, case):
    files = [(io.BytesIO(jpeg()), "1.jpg"), (io.BytesIO(b"no picture"), "2.jpg")]
    before = house.stored()
    form = {"kind": "scene_photo", "files": files}
    answer = house.as_("lead").post(f"cases/{case}/documents", data=form)
    assert answer.status_code == 422
    assert house.stored() == before


def test_over_the_limit_is_refused_before_it_is_read(house, case):
    before = house.stored()
    tracemalloc.start()
    try:
        answer = sent(house, case, bytes(house.settings.multipart_max_bytes + 1), "a.jpg")
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert answer.status_code == 413
    assert peak < 8 * house.settings.multipart_max_bytes
    assert house.stored() == before


# The form parser leaves its own temporary file to the garbage collector here.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_cut_multipart_body_keeps_nothing(house, case):
    whole = (
        b'--cut\r\nContent-Disposition: form-data; name="kind"\r\n\r\nscene_photo\r\n'
        b'--cut\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n'
        b"Content-Type: image/jpeg\r\n\r\n"
    ) + jpeg()
    before = house.stored()
    answer = house.as_("lead").send(
        "POST",
        f"cases/{case}/documents",
        data=whole,
        content_type="multipart/form-data; boundary=cut",
    )
    assert answer.status_code in (400, 415, 422)
    assert house.stored() == before
