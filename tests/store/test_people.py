from __future__ import annotations

import stat
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from packstation.core import store_facts
from packstation.core.masking import mask_address, mask_name, mask_phone
from packstation.core.orders import Person, RefusedRow
from packstation.errors import StoreError
from packstation.ports import Stamp
from packstation.store import keys, retention
from packstation.store.backup import back_up
from packstation.store.keys import KeyPlace, make_key, read_key
from packstation.store.opening import OpenStore, open_store
from tests.store.builders import (
    ADDRESS,
    MEMO,
    MESSAGE,
    NAME,
    PHONE,
    RULES,
    Clock,
    add_numbers,
    bag,
    hand_over,
    key,
    load,
    opened,
    order,
    parsed,
    person,
)

CANARIES = [NAME, PHONE, ADDRESS, MESSAGE, MEMO, "金丝雀", "司机金丝雀"]


def found_in_files(folder: Path) -> list[tuple[str, str]]:
    """Every file of the folder that holds a canary in one of the usual encodings."""
    return [
        (path.name, canary)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for canary in CANARIES
        for encoding in ("utf-8", "utf-16-le", "gb18030")
        if canary.encode(encoding) in path.read_bytes()
        or canary.encode("unicode_escape") in path.read_bytes()
    ]


def a_shift_with_people(store: OpenStore) -> None:
    store.imports.stage(
        parsed(
            [order(n) for n in range(1, 7)],
            refused=[RefusedRow(9, "bad_quantity", "orders.csv", "quantity: 0")],
        )
    )
    add_numbers(store, 9)
    store.ledger.name_driver("PSM1", "司机金丝雀", 30)
    bag(store, "PSBAG1", [1, 2])
    payload = f"TEXT 10,10 {NAME} {PHONE} {ADDRESS}".encode() * 3
    for job in store.ledger.queued():
        store.ledger.sending(job, payload)
        assert store.ledger.payload(job) == payload
    hand_over(store, "PSM1", {"PSBAG1": 2})
    store.imports.stage(parsed([order(1), order(4)], digest="d2", who=person("二")))


def test_no_file_of_the_folder_holds_people_data_in_clear(store: OpenStore) -> None:
    a_shift_with_people(store)
    assert found_in_files(store.data_dir) == []
    back_up(store, "nightly")
    store.db.checkpoint()
    assert found_in_files(store.data_dir) == []


def test_the_search_for_canaries_would_find_them(store: OpenStore) -> None:
    with store.db.tx():
        store.db.run("INSERT INTO meta VALUES ('leak', ?)", (NAME,))
    assert {name for name, _ in found_in_files(store.data_dir)} & {
        "packstation.db",
        "packstation.db-wal",
    }


def test_a_person_comes_back_whole(store: OpenStore) -> None:
    store.imports.stage(parsed([order(1)]))
    assert store.people.person(key(1)) == person()
    assert store.people.person("main/99") == Person()


def test_the_driver_stands_on_the_receipt_and_nowhere_else(store: OpenStore) -> None:
    a_shift_with_people(store)
    job = store.ledger.job_of("receipt", "PSM1")
    assert job is not None
    assert store.ledger.paper(job).driver == "司机金丝雀"  # type: ignore[union-attr]


def test_records_cannot_be_exchanged(store: OpenStore) -> None:
    store.imports.stage(parsed([order(1), order(2)]))
    with store.db.tx():
        store.db.run(
            "UPDATE people SET sealed = (SELECT sealed FROM people WHERE subject = ?)"
            " WHERE subject = ?",
            (key(2), key(1)),
        )
    with pytest.raises(StoreError) as caught:
        store.people.person(key(1))
    assert caught.value.code == "store.people_key"
    assert store.people.person(key(2)) == person()


def test_the_digest_of_a_person_says_nothing_without_the_key(tmp_path: Path) -> None:
    digests = []
    for name in ("one", "two"):
        store = opened(tmp_path / name)
        store.imports.stage(parsed([order(1)]))
        digests.append(store.db.rows("SELECT content FROM orders"))
        store.close()
    assert digests[0] != digests[1]


def test_a_rolled_back_day_leaves_no_key_behind(store: OpenStore) -> None:
    day = date(2026, 9, 9)

    def fail() -> None:
        with store.db.tx():
            store.people.put([("a", b"1")], day, 9)
            store.people.put([("b", b"2")], day, 9)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with store.db.tx():
        store.people.put([("a", b"1")], day, 9)
        store.people.put([("b", b"2")], day, 9)
    ((wrapped,),) = store.db.rows("SELECT wrapped FROM data_keys WHERE day = '2026-09-09'")
    store.people._ciphers.clear()
    assert wrapped
    assert (store.people.text("a"), store.people.text("b")) == (b"1", b"2")


class LaterClock:
    """A clock that can be put forward by days."""

    def __init__(self) -> None:
        self.clock, self.days = Clock(), 0

    def __call__(self) -> Stamp:
        stamp = self.clock()
        late = timedelta(days=self.days)
        return replace(
            stamp, at=stamp.at + late, monotonic_us=stamp.monotonic_us + late // timedelta(0, 0, 1)
        )


def test_a_purged_day_is_gone_and_the_orders_stay(folder: Path) -> None:
    clock = LaterClock()
    store = open_store(
        folder, RULES, holder="test", key_place=KeyPlace.FILE, clock=clock, keep_days=30
    )
    a_shift_with_people(store)
    clock.days = 20
    store.imports.stage(parsed([order(7)], digest="d7"))
    today = clock().at.date()
    assert store.people.due(today) == []
    assert store.people.due(today + timedelta(days=20)) == []
    late = today + timedelta(days=75)
    first, second = sorted({day for (day,) in store.db.rows("SELECT day FROM data_keys")})
    assert store.people.due(late) == [first, second]
    job = store.ledger.jobs()[0].job
    assert retention.forget(store, first) == 7
    assert store.people.person(key(1)) == Person()
    assert store.people.person(key(7)) == person()
    assert store.ledger.payload(job) is None
    loaded = load(store, 1)
    assert loaded.order.lines
    assert loaded.messages == ()
    facts = [e.fact for e in store.journal.entries()]
    assert store_facts.PeoplePurged(first, 7) in facts
    assert store.journal.verify().clean
    assert retention.forget_due(store, late) == {second: 1}
    assert store.db.rows("SELECT count(*) FROM people") == [(0,)]
    store.close()


def test_a_purge_leaves_no_copy_of_the_sealed_bytes(store: OpenStore) -> None:
    store.imports.stage(parsed([order(n) for n in range(1, 40)]))
    sealed = [row for (row,) in store.db.rows("SELECT sealed FROM people")]
    wrapped = [row for (row,) in store.db.rows("SELECT wrapped FROM data_keys")]
    store.db.checkpoint()
    assert any(wrapped[0] in p.read_bytes() for p in store.data_dir.iterdir() if p.is_file())
    ((day,),) = store.db.rows("SELECT day FROM data_keys")
    retention.forget(store, day)
    for path in store.data_dir.iterdir():
        data = path.read_bytes()
        assert not [one for one in (*sealed, *wrapped) if one in data], path.name


# Keys


def test_a_key_file_is_for_its_user_alone_and_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    made = make_key(tmp_path, "people", KeyPlace.FILE)
    assert made.made
    assert "key file made" in caplog.text
    assert stat.S_IMODE((tmp_path / "people.key").stat().st_mode) == 0o600
    again = read_key(tmp_path, "people")
    assert (again.secret, again.made, again.place) == (made.secret, False, KeyPlace.FILE)
    assert made.secret.hex() not in repr(made)


def test_a_key_store_that_is_not_allowed_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "backend_name", lambda: "keyrings.alt.file.PlaintextKeyring")
    assert make_key(tmp_path, "people", KeyPlace.KEYRING).place is KeyPlace.FILE


def test_an_allowed_key_store_leaves_no_key_in_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keyring

    kept: dict[tuple[str, str], str] = {}
    monkeypatch.setattr(keys, "backend_name", lambda: "keyring.backends.macOS.Keyring")
    monkeypatch.setattr(keyring, "set_password", lambda s, a, text: kept.update({(s, a): text}))
    monkeypatch.setattr(keyring, "get_password", lambda s, a: kept.get((s, a)))
    made = make_key(tmp_path, "people", KeyPlace.KEYRING)
    assert made.place is KeyPlace.KEYRING
    assert read_key(tmp_path, "people").secret == made.secret
    (text,) = kept.values()
    assert all(text not in path.read_text() for path in tmp_path.iterdir())
    kept.clear()
    with pytest.raises(StoreError) as caught:
        read_key(tmp_path, "people")
    assert caught.value.code == "store.key_missing"


def test_a_store_whose_key_is_gone_is_not_opened_with_a_new_one(folder: Path) -> None:
    opened(folder).close()
    (folder / "people.key").unlink()
    with pytest.raises(StoreError) as caught:
        opened(folder)
    assert caught.value.code == "store.key_missing"
    assert not (folder / "people.key").exists()


def test_a_damaged_key_is_named(folder: Path) -> None:
    opened(folder).close()
    (folder / "people.key").write_text("???", encoding="ascii")
    with pytest.raises(StoreError) as caught:
        opened(folder)
    assert caught.value.code == "store.key_damaged"


# Masks


@pytest.mark.parametrize(
    ("name", "masked"), [("王小明", "王**"), ("欧阳", "欧*"), ("Maximilian", "M***"), (" ", "")]
)
def test_a_name_keeps_its_first_character(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [("13900007777", "139****7777"), ("+84 912-345-678", "849****5678"), ("123456", "******")],
)
def test_a_phone_keeps_three_and_four_digits_at_most(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


def test_an_address_keeps_its_district_at_most() -> None:
    assert mask_address(ADDRESS) == "浙江省杭州市西湖区***"
    assert mask_address("浙江省杭州市某街1号") == "浙江省杭州市***"
    assert mask_address("") == ""
