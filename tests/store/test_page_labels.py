"""Labels from platforms' files and components: which page, which number, whether with a code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from packstation.core import facts
from packstation.core.events import LabelQueued, LabelRefused
from packstation.core.imports import MAIN_SHOP
from packstation.core.policy import ShopRules
from packstation.core.status import LabelSource, PrintOutcome, Reason, Verdict
from packstation.errors import StoreError
from packstation.ports import LabelJob
from packstation.store.label_files import NewPage
from packstation.store.numbers import blocks
from packstation.store.opening import OpenStore
from packstation.store.people import KEEP_DAYS
from packstation.store.replay import differences, rebuild
from packstation.store.reprints import reprint_label
from packstation.store.retention import forget_due
from tests.store.builders import (
    RULES,
    START,
    YTO,
    add_numbers,
    key,
    line,
    load,
    opened,
    order,
    parsed,
    print_label,
    record,
    seal,
    verify,
)

RULES_OF_PAGES = replace(
    RULES, shops={MAIN_SHOP: ShopRules(label_source=LabelSource.FILE, carrier=YTO)}
)
NUMBERS = {n: f"YT77000000000{n:02d}" for n in range(1, 6)}


@pytest.fixture
def paged(folder: Path) -> Iterator[OpenStore]:
    """A shop whose orders have numbers of the platform, with a page for four of five."""
    store = opened(folder, rules=RULES_OF_PAGES)
    store.imports.stage(parsed([order(n, tracking_number=NUMBERS[n]) for n in NUMBERS]))
    add_numbers(store, 10)
    take(store, "f1", "pdf", 1, 2, mark=(5.0, 5.0, 40.0, 8.0))
    take(store, "f2", "pdf", 3)
    take(store, "f3", "component", 4)
    yield store
    store.close()


def take(
    store: OpenStore, file: str, kind: str, *numbers: int, mark: tuple[float, ...] = ()
) -> None:
    pages = [
        NewPage(at, kind, b"PAGE OF %d" % n, 100.0, 150.0, (NUMBERS[n],), mark)
        for at, n in enumerate(numbers, 1)
    ]
    files = store.label_files
    files.take(file, f"{file}.{kind}", MAIN_SHOP, kind, files.seal(pages))


def the_label(store: OpenStore, number: int, version: int = 1) -> LabelQueued:
    (queued,) = verify(store, number, version)
    assert isinstance(queued, LabelQueued), queued
    return queued


def test_a_label_is_the_page_with_the_platforms_number(paged: OpenStore, tmp_path: Path) -> None:
    queued = the_label(paged, 1)
    assert (queued.tracking_number, queued.copy, queued.coded) == (NUMBERS[1], 1, False)
    paper = paged.ledger.paper(queued.job)
    assert isinstance(paper, LabelJob)
    assert paper.source is LabelSource.FILE
    assert paper.page is not None
    assert (paper.page.content, paper.page.format) == (b"PAGE OF 1", "pdf")
    assert b"PAGE OF" not in repr(paper).encode()
    assert blocks(paged.db)[0].used == 0, "prepaid numbers are not touched"
    rebuilt = rebuild(paged.db, paged.journal, tmp_path / "rebuilt.db")
    assert differences(paged.db, rebuilt) == []
    rebuilt.close()


@pytest.mark.parametrize(
    ("number", "coded", "source"),
    [
        (1, True, LabelSource.FILE),
        (3, False, LabelSource.FILE),
        (4, False, LabelSource.COMPONENT),
    ],
)
def test_a_copy_is_coded_where_there_is_a_place_for_it(
    paged: OpenStore, number: int, coded: bool, source: LabelSource
) -> None:
    queued = the_label(paged, number)
    print_label(paged, queued, PrintOutcome.SENT)
    (second,) = record(paged, facts.LabelRequested(key(number), 1, 2, "operator_asked", YTO))
    assert isinstance(second, LabelQueued)
    assert (second.copy, second.coded) == (2, coded)
    paper = paged.ledger.paper(second.job)
    assert isinstance(paper, LabelJob)
    assert (paper.source, bool(paper.copy_code)) == (source, coded)
    print_label(paged, second, PrintOutcome.SENT)
    third = reprint_label(paged, key(number), "damaged", paged.clock())
    assert paged.ledger.job(third).coded is coded
    assert paged.ledger.job(third).page == paged.ledger.job(queued.job).page


def test_without_a_page_there_is_no_label(paged: OpenStore) -> None:
    (answer,) = verify(paged, 5)
    assert answer == LabelRefused(key(5), Verdict.NOT_ELIGIBLE, Reason.NO_LABEL_PAGE)
    assert paged.ledger.jobs() == []
    take(paged, "f9", "pdf", 5)
    (queued,) = record(paged, facts.LabelRequested(key(5), 1, 1, "verified", YTO))
    assert isinstance(queued, LabelQueued)


def test_one_number_gets_onto_one_parcel(paged: OpenStore) -> None:
    record(paged, facts.OrderOpened(key(5), 1), facts.OrderVerified(key(5), 1))
    number = the_label(paged, 2).tracking_number
    with paged.recorder.tx():  # as if another parcel had it: no way leads there
        paged.db.run("UPDATE parcels SET tracking_number = NULL, carrier = NULL")
        paged.db.run(
            "UPDATE parcels SET tracking_number = ?, carrier = ? WHERE order_key = ?",
            (number, "ZTO", key(5)),
        )
    (answer,) = record(paged, facts.LabelRequested(key(2), 1, 1, "verified", YTO))
    assert answer == LabelRefused(key(2), Verdict.NOT_ELIGIBLE, Reason.OTHER_PARCEL_HAS_IT)


def test_changed_goods_keep_the_platforms_label(paged: OpenStore) -> None:
    seal(paged, 1)
    changed = order(1, lines=[line("B-1")], tracking_number=NUMBERS[1])
    paged.imports.stage(parsed([changed], digest="d2"))
    assert paged.db.rows("SELECT * FROM voided_labels") == [], "nobody could make another one"
    loaded = load(paged, 1)
    assert loaded.parcel is not None
    assert loaded.parcel.stale
    assert loaded.label is None, "it is verified anew, and its label printed as a copy"


def test_another_number_of_the_platform_voids_the_label(paged: OpenStore) -> None:
    number = the_label(paged, 1).tracking_number
    paged.imports.stage(parsed([order(1, tracking_number="YT7700000000099")], digest="d2"))
    assert paged.db.rows("SELECT tracking_number FROM voided_labels") == [(number,)]
    (answer,) = verify(paged, 1, version=2)
    assert answer == LabelRefused(key(1), Verdict.NOT_ELIGIBLE, Reason.NO_LABEL_PAGE)


def test_a_label_whose_page_was_forgotten_is_not_spoiled_for_a_copy_that_cannot_come(
    paged: OpenStore,
) -> None:
    queued = the_label(paged, 1)
    print_label(paged, queued, PrintOutcome.SENT)
    forget_due(paged, START.date() + timedelta(days=KEEP_DAYS + 1))
    with pytest.raises(StoreError) as caught:
        reprint_label(paged, key(1), "damaged", paged.clock())
    assert caught.value.code == "store.people_purged"
    assert [job.spoiled for job in paged.ledger.jobs()] == [""], "what is on the box stays good"
