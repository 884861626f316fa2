"""Pages of label files find their orders: by number, once, only in their own shop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from packstation.core.imports import MAIN_SHOP
from packstation.core.orders import Order, ShopKey
from packstation.core.paper_facts import PageTaken
from packstation.core.policy import ShopRules
from packstation.core.status import LabelSource, PageState
from packstation.errors import StoreError
from packstation.store.label_binding import numbers_among
from packstation.store.label_file_reads import label_file, label_files, label_pages
from packstation.store.label_files import NewPage
from packstation.store.label_pages import page_for, read_content
from packstation.store.opening import OpenStore
from packstation.store.order_rows import read_order
from packstation.store.people import KEEP_DAYS
from packstation.store.replay import differences, rebuild
from packstation.store.retention import forget_due
from packstation.store.shipments import Shipments
from tests.store.builders import RULES, START, YTO, ZTO, key, opened, order, parsed
from tests.store.test_long_barcodes import CARRIERS, FEDEX, LONG, SF, SHORT

OTHER = ShopKey("other")
PAGES = replace(
    RULES,
    shops={
        MAIN_SHOP: ShopRules(label_source=LabelSource.FILE, carrier=YTO),
        OTHER: ShopRules(label_source=LabelSource.FILE, carrier=YTO),
    },
)
PERSON = "张伟 13812345678"


@pytest.fixture
def shelf(folder: Path) -> Iterator[OpenStore]:
    store = opened(folder, rules=PAGES)
    yield store
    store.close()


def number(n: int) -> str:
    return f"YT8800000000{n:03d}"


def bring(store: OpenStore, *orders: Order, digest: str) -> None:
    store.imports.stage(parsed(list(orders), digest=digest))


def page(at: int, *codes: str, blank: bool = False) -> NewPage:
    content = f"%PDF page {at} for {PERSON}".encode()
    return NewPage(at, "pdf", content, 100, 150, codes, (), blank, b"dots", "8:800x1200")


def take(
    store: OpenStore, file: str, *pages: NewPage, shop: ShopKey = MAIN_SHOP
) -> tuple[PageTaken, ...]:
    files = store.label_files
    return files.take(file, f"{file}.pdf", shop, "pdf", files.seal(pages))


def states(pages: tuple[PageTaken, ...]) -> list[tuple[str, str | None]]:
    return [(one.state.value, one.order or one.why or None) for one in pages]


def bound_to(store: OpenStore, n: int) -> str | None:
    found = read_order(store.db, key(n))
    assert found is not None
    bound = page_for(store.db, found, PAGES)
    return bound.tracking_number if bound else None


def test_a_page_is_the_label_of_the_order_with_its_number(shelf: OpenStore) -> None:
    bring(shelf, *(order(n, tracking_number=number(n)) for n in (1, 2)), digest="a")
    taken = take(shelf, "f", page(1, number(2), "SORT-1234"), page(2, number(1).lower()))
    assert states(taken) == [("bound", "main/2"), ("bound", "main/1")]
    assert bound_to(shelf, 1) == number(1)
    content = read_content(shelf.db, shelf.people, taken[0].page)
    assert content.content.startswith(b"%PDF page 1")
    assert (content.format, content.dots, content.dots_key) == ("pdf", b"dots", "8:800x1200")


def test_an_order_without_a_number_is_found_by_its_order_number(shelf: OpenStore) -> None:
    bring(shelf, order(577123), order(577124), order(577125, carrier=ZTO), digest="a")
    taken = take(
        shelf,
        "f",
        page(1, "577123", number(1)),
        page(2, "577124"),
        page(3, "577125", number(3)),
    )
    assert states(taken) == [
        ("bound", "main/577123"),
        ("unreadable", "no_number"),
        ("unreadable", "no_number"),
    ]
    assert bound_to(shelf, 577123) == number(1)


def test_another_number_than_the_orders_own_binds_nothing(shelf: OpenStore) -> None:
    bring(shelf, order(577123, tracking_number=number(1)), digest="a")
    taken = take(shelf, "f", page(1, "577123", number(2)))
    assert states(taken) == [("unmatched", None)]
    assert bound_to(shelf, 577123) is None


def test_two_orders_on_one_page_bind_neither(shelf: OpenStore) -> None:
    bring(shelf, *(order(n, tracking_number=number(n)) for n in (1, 2)), digest="a")
    assert states(take(shelf, "f", page(1, number(1), number(2)))) == [("unreadable", "several")]
    assert bound_to(shelf, 1) is None


def test_pages_without_a_code_are_listed(shelf: OpenStore) -> None:
    taken = take(shelf, "f", page(1), page(2, blank=True), page(3, number(9)))
    assert states(taken) == [
        ("unreadable", "no_code"),
        ("unreadable", "blank"),
        ("unmatched", None),
    ]


def test_the_first_page_of_a_number_counts(shelf: OpenStore) -> None:
    bring(shelf, order(1, tracking_number=number(1)), digest="a")
    taken = take(shelf, "f", page(1, number(1)), page(2, number(1)), page(3, number(5)))
    more = take(shelf, "g", page(1, number(1)), page(2, number(5)))
    assert [one.state for one in (*taken, *more)] == [
        PageState.BOUND,
        PageState.DUPLICATE,
        PageState.UNMATCHED,
        PageState.DUPLICATE,
        PageState.DUPLICATE,
    ]


def test_the_very_same_file_is_refused_in_words(shelf: OpenStore) -> None:
    take(shelf, "f", page(1, number(1)))
    with pytest.raises(StoreError) as caught:
        take(shelf, "f", page(1, number(1)))
    assert caught.value.code == "labels.taken_already"
    assert len(label_files(shelf.db, 10)) == 1


def test_only_orders_of_the_files_shop_count(shelf: OpenStore) -> None:
    bring(shelf, order(1, tracking_number=number(1)), digest="a")
    taken = take(shelf, "f", page(1, number(1)), shop=OTHER)
    assert states(taken) == [("unmatched", None)]
    assert bound_to(shelf, 1) is None
    assert shelf.label_files.rebind() == 0


def test_an_order_that_comes_later_finds_its_page(shelf: OpenStore) -> None:
    take(shelf, "f", *(page(n, number(n)) for n in (1, 2)), page(3, "577123", number(3)))
    bring(shelf, order(1, tracking_number=number(1)), order(577123), digest="a")
    assert (bound_to(shelf, 1), bound_to(shelf, 577123)) == (number(1), number(3))
    assert shelf.label_files.rebind() == 2
    assert shelf.label_files.rebind() == 0
    (line,) = label_files(shelf.db, 10)
    assert (line.pages, line.bound, line.unmatched) == (3, 2, 1)


def test_a_new_number_of_an_order_makes_the_new_page_its_label(shelf: OpenStore) -> None:
    bring(shelf, order(1, tracking_number=number(1)), digest="a")
    take(shelf, "f", page(1, number(1)))
    bring(shelf, order(1, tracking_number=number(7)), digest="b")
    assert bound_to(shelf, 1) is None, "the old label must not be printed"
    (new,) = take(shelf, "g", page(1, number(7)))
    assert new.state is PageState.BOUND
    assert bound_to(shelf, 1) == number(7)
    assert [one.state for one in label_pages(shelf.db, "f")] == [PageState.DUPLICATE]


def test_a_long_barcode_is_read_as_its_carrier_reads_it(folder: Path) -> None:
    fedex = replace(PAGES, carriers=CARRIERS, shops={MAIN_SHOP: ShopRules(carrier=FEDEX)})
    store = opened(folder, rules=fedex)
    bring(
        store,
        order(1, tracking_number=SHORT, carrier=FEDEX),
        order(2, tracking_number=SHORT, carrier=SF),
        digest="a",
    )
    (taken,) = take(store, "f", page(1, LONG))
    assert states((taken,)) == [("bound", "main/1")]
    assert taken.tracking_number == SHORT
    store.close()


def test_a_shared_parcel_has_the_page_of_its_orders(shelf: OpenStore) -> None:
    bring(shelf, *(order(n, tracking_number=number(1)) for n in (1, 2)), digest="a")
    (taken,) = take(shelf, "f", page(1, number(1)))
    assert taken.state is PageState.UNMATCHED, "two orders that nobody has put together"
    shipments = Shipments(shelf.recorder, shelf.people, PAGES)
    (merged,) = shipments.merge([key(1), key(2)], shelf.clock()).shipments
    bound = page_for(shelf.db, merged, PAGES)
    assert bound is not None
    assert (bound.tracking_number, bound.bound) == (number(1), False)


def test_a_page_bound_before_goes_with_its_order_into_a_shared_parcel(shelf: OpenStore) -> None:
    bring(shelf, order(577123), order(577124), digest="a")
    (taken,) = take(shelf, "f", page(1, "577123", number(1)))
    assert taken.state is PageState.BOUND
    shipments = Shipments(shelf.recorder, shelf.people, PAGES)
    (merged,) = shipments.merge([key(577123), key(577124)], shelf.clock()).shipments
    bound = page_for(shelf.db, merged, PAGES)
    assert bound is not None
    assert (bound.page, bound.tracking_number, bound.bound) == (taken.page, number(1), False)


def test_a_file_can_be_taken_back_until_it_was_printed(shelf: OpenStore) -> None:
    bring(shelf, order(1, tracking_number=number(1)), digest="a")
    taken = take(shelf, "f", page(1, number(1)))
    again = take(shelf, "g", page(1, number(1)))
    assert again[0].state is PageState.DUPLICATE
    shelf.label_files.remove("f")
    assert shelf.people.text(f"page:{taken[0].page}") is None
    assert shelf.people.text(f"page-dots:{taken[0].page}") is None
    assert label_file(shelf.db, "g").bound == 1, "the other page counts now"
    with pytest.raises(StoreError) as caught:
        shelf.label_files.remove("f")
    assert caught.value.code == "labels.no_such_file"
    assert take(shelf, "f", page(1, number(1)))[0].state is PageState.DUPLICATE


def test_what_is_kept_of_codes_is_no_persons_data(shelf: OpenStore) -> None:
    codes = ("13812345678", "张伟", "ZHANG WEI", "No. 5 Sample Road, Hangzhou 310000", number(1))
    (taken,) = take(shelf, "f", page(1, *codes))
    assert taken.codes == (number(1),)
    words = " ".join(str(row) for row in shelf.db.rows("SELECT body FROM journal"))
    tables = str(shelf.db.rows("SELECT * FROM label_pages, label_page_codes, label_files"))
    for secret in (*codes[:4], "张伟"):
        assert secret not in words + tables


def test_pages_are_forgotten_with_all_other_peoples_data(shelf: OpenStore) -> None:
    (taken,) = take(shelf, "f", page(1, number(1)))
    day = START.date()
    assert forget_due(shelf, day + timedelta(days=KEEP_DAYS)) == {}
    assert forget_due(shelf, day + timedelta(days=KEEP_DAYS + 1)) != {}
    with pytest.raises(StoreError) as caught:
        read_content(shelf.db, shelf.people, taken.page)
    assert caught.value.code == "store.people_purged"
    assert isinstance(day, date)


def test_replaying_the_journal_gives_the_same_pages(shelf: OpenStore, tmp_path: Path) -> None:
    bring(shelf, *(order(n, tracking_number=number(n)) for n in (1, 2)), digest="a")
    take(shelf, "f", page(1, number(1)), page(2, number(3)), page(3))
    take(shelf, "g", page(1, number(2)))
    bring(shelf, order(3, tracking_number=number(3)), digest="b")
    shelf.label_files.rebind()
    shelf.label_files.remove("g")
    take(shelf, "g", page(1, number(2)))
    rebuilt = rebuild(shelf.db, shelf.journal, tmp_path / "rebuilt.db")
    assert differences(shelf.db, rebuilt) == []
    rebuilt.close()


def test_a_person_agrees_to_fitting_a_file_until_it_is_taken_back(
    shelf: OpenStore, tmp_path: Path
) -> None:
    (one,) = take(shelf, "f", page(1, number(1)))
    files, key_fitted = shelf.label_files, "8:800x1200:fitted"
    assert not read_content(shelf.db, shelf.people, one.page).fitted
    files.keep_drawn([(one.page, b"smaller", key_fitted)])
    assert not read_content(shelf.db, shelf.people, one.page).fitted, "drawn is not agreed to"
    files.fit("f")
    files.fit("f")
    found = read_content(shelf.db, shelf.people, one.page)
    assert (found.fitted, found.dots, found.dots_key) == (True, b"smaller", key_fitted)
    assert found.number == number(1)
    facts = shelf.db.rows("SELECT count(*) FROM journal WHERE kind = 'label_file_fitted'")
    assert facts == [(1,)]
    assert [line.fitted for line in label_files(shelf.db, 9)] == [True]
    rebuilt = rebuild(shelf.db, shelf.journal, tmp_path / "rebuilt.db")
    assert differences(shelf.db, rebuilt) == []
    rebuilt.close()
    files.remove("f")
    with pytest.raises(StoreError) as caught:
        files.fit("f")
    assert caught.value.code == "labels.no_such_file"
    take(shelf, "f", page(1, number(1)))
    assert [line.fitted for line in label_files(shelf.db, 9)] == [False], "asked anew"


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_one_order_has_one_page_whatever_comes_in(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    store = opened(tmp_path_factory.mktemp("any") / "data", rules=PAGES)
    try:
        for step in range(data.draw(st.integers(1, 6))):
            match data.draw(st.sampled_from(["orders", "file", "remove", "rebind"])):
                case "orders":
                    chosen = data.draw(st.lists(st.integers(1, 4), min_size=1, unique=True))
                    numbers = st.sampled_from([None, *map(number, range(1, 5))])
                    rows = [order(n, tracking_number=data.draw(numbers)) for n in chosen]
                    bring(store, *rows, digest=f"o{step}")
                case "file":
                    codes = st.sampled_from([*map(number, range(1, 6)), "1", "2", "3"])
                    lists = data.draw(st.lists(st.lists(codes, max_size=3), min_size=1, max_size=4))
                    take(store, f"f{step}", *(page(n, *c) for n, c in enumerate(lists, 1)))
                case "remove":
                    for line in label_files(store.db, 1):
                        store.label_files.remove(line.file)
                case _:
                    store.label_files.rebind()
        for n in range(1, 5):
            found = read_order(store.db, key(n))
            bound = page_for(store.db, found, PAGES) if found else None
            if found and bound and found.tracking_number:
                assert bound.tracking_number == found.tracking_number
        owners = store.db.rows("SELECT order_key FROM label_pages WHERE state = 'bound'")
        assert len(owners) == len(set(owners))
    finally:
        store.close()


@pytest.mark.parametrize(
    "code",
    [
        "13812345678",
        "+8613812345678",
        "008613812345678",
        "TEL:13812345678",
        "13812345678-4821",
        "YT8800000000001/13812345678",
    ],
)
def test_phone_numbers_among_the_codes_of_a_page_are_never_kept(
    shelf: OpenStore, code: str
) -> None:
    (one,) = take(shelf, "phones", page(1, number(1), code))
    assert one.codes == (number(1),)
    written = shelf.db.rows("SELECT body FROM journal")
    assert not any("13812345678" in str(body) for (body,) in written)


@pytest.mark.parametrize("code", ["AB13812345678", "13812345678901", "JDX013812345678-1-1-"])
def test_numbers_that_only_look_a_little_like_phone_numbers_are_kept(code: str) -> None:
    assert code in numbers_among((code,), PAGES)
