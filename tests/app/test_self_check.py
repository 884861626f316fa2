"""``doctor``, the printers' names, and what a receipt claims."""

from __future__ import annotations

from pathlib import Path

import pytest

from packstation.app import outlets, paper
from packstation.app.receipts import Claim, claims_of
from packstation.app.self_check import findings
from packstation.app.start import has_display, speaking
from packstation.core.imports import MAIN_SHOP
from packstation.errors import DataFileError, PackStationError, StoreError
from packstation.paths import resources
from packstation.settings import Printers, Settings
from tests.app.shop import Station


def levels(data: Path) -> dict[str, str]:
    return {one.name: one.level for one in findings(data, "en")}


def test_a_sound_folder_has_no_error(data: Path) -> None:
    found = levels(data)
    assert "error" not in found.values(), found
    assert {"program", "settings", "labels", "label_printer", "receipt_printer"} <= set(found)


def test_an_empty_folder_is_told_and_not_filled(tmp_path: Path) -> None:
    assert levels(tmp_path)["data_folder"] == "warning"
    assert list(tmp_path.iterdir()) == []


def test_broken_settings_are_an_error_with_their_line(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('language = "en"\nstation_number = 0\n', "utf-8")
    last = list(findings(tmp_path, "en"))[-1]
    assert (last.name, last.level) == ("settings", "error")
    assert "station_number" in last.message
    assert speaking(tmp_path, None).language in ("en", "zh_CN")


def test_unknown_keys_and_printers_and_a_missing_sender_are_told(tmp_path: Path) -> None:
    text = 'colour = "red"\n[printers]\nlabel = "com1"\n[shops.main]\nname = "A"\n'
    (tmp_path / "settings.toml").write_text(text, "utf-8")
    told = {(one.name, one.level) for one in findings(tmp_path, "en")}
    assert {("settings", "warning"), ("label_printer", "error"), ("sender", "warning")} <= told
    assert ("receipt_printer", "ok") in told


def test_a_store_that_cannot_be_checked_is_an_error(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StoreError("store.corrupt", "The database is damaged.")

    monkeypatch.setattr("packstation.store.self_check.self_check", fail)
    assert levels(data)["data_folder"] == "error"
    (data / "packstation.db").write_bytes(b"no database at all" * 100)
    assert levels(data)["data_folder"] == "error"


def test_broken_layouts_are_an_error(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise DataFileError("data_file.not_toml", "waybill.toml is no TOML.")

    monkeypatch.setattr("packstation.printing.waybill_label.load_waybill_setup", fail)
    assert levels(data)["labels"] == "error"


def test_every_printer_and_layout_of_the_settings_is_looked_at(tmp_path: Path) -> None:
    text = (
        '[printer.spare]\naddress = "tcp://192.0.2.7:9100"\nstock = "9x9"\n'
        '[printer.bags]\naddress = "virtual"\n[printers]\nbag = "bags"\n'
        '[templates]\nSF = "waybill-1x1"\n'
    )
    (tmp_path / "settings.toml").write_text(text, "utf-8")
    told = [(one.name, one.level, one.message) for one in findings(tmp_path, "en")]
    assert ("printer", "ok", "bags: virtual") in told
    assert any(name == "printer" and level == "error" for name, level, _ in told)
    assert any("waybill-1x1" in message for _, level, message in told if level == "error")


@pytest.mark.parametrize(
    "name", ["", "lpt1", "tcp://", "tcp://host", "tcp://:9100", "tcp://host:0", "tcp://h:70000"]
)
def test_what_names_no_printer_is_refused(name: str) -> None:
    settings = Settings(printers=Printers(label=name))
    with pytest.raises(DataFileError, match="is no printer"):
        outlets.check(settings, name, resources())


def test_old_addresses_of_printers_stand_for_themselves() -> None:
    for name in ("/dev/usb/lp0", "tcp://10.0.0.7:9100", "virtual"):
        assert outlets.check(Settings(printers=Printers(label=name)), name, resources()) == name


def test_a_shop_without_a_sender_signs_with_its_name() -> None:
    head = paper.letterhead(Settings(), (), "en")
    sender = head.senders.get(MAIN_SHOP)
    assert sender is not None
    assert sender.name == Settings().shop_name(MAIN_SHOP, "en")
    assert head.words.language == "en"


def test_what_a_receipt_claims_is_read_from_bytes_picture_and_text(
    station: Station, tmp_path: Path
) -> None:
    from packstation.app.desk_rows import job_picture
    from tests.app.shop import HAND_OVER, MANIFEST, PACK

    station.scan(*PACK, *HAND_OVER)
    station.house.paper_done()
    (job,) = station.jobs("receipt")
    store = station.house.store
    payload = station.house.call(lambda: store.ledger.payload(job.job))
    picture = station.house.call(lambda: job_picture(store, job.job))
    assert payload is not None
    (tmp_path / "a.bin").write_bytes(payload)
    (tmp_path / "a.png").write_bytes(picture)
    (claim,) = claims_of(tmp_path / "a.bin")
    assert claim.manifest == MANIFEST
    assert claims_of(tmp_path / "a.png") == (claim,)
    (tmp_path / "a.txt").write_text(f"PSMANIFEST:{MANIFEST}:{claim.digest}", "utf-8")
    assert claims_of(tmp_path / "a.txt") == (Claim(MANIFEST, claim.digest),)


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n broken", b"\x1b@nothing", b"\xff" * 999])
def test_what_shows_no_receipt_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(PackStationError) as caught:
        claims_of(tmp_path / "x")
    assert caught.value.code == "receipt.unreadable"


def test_a_file_far_too_large_is_not_even_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("packstation.app.receipts.LARGEST_BYTES", 10)
    (tmp_path / "x").write_bytes(b"PSMANIFEST:" + b"x" * 100)
    with pytest.raises(PackStationError):
        claims_of(tmp_path / "x")


def test_a_screen_is_known_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":9")
    assert has_display()
    monkeypatch.delenv("DISPLAY")
    assert not has_display()
