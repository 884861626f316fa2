from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from packstation.app import urges
from packstation.app.clocks import deadline_book
from packstation.core import facts
from packstation.core.deadline_rules import Exempt
from packstation.core.imports import MAIN_SHOP
from packstation.core.life_facts import LabelVoided
from packstation.core.order_query import Group
from packstation.core.orders import WhyNot
from packstation.core.status import UrgeState
from packstation.core.urge_facts import UrgeTaskMoved
from packstation.core.urge_tasks import UrgeCause
from packstation.errors import StoreError
from packstation.settings import Settings, ShopSettings
from packstation.store import urge_reads
from packstation.store.opening import OpenStore
from packstation.store.replay import differences, rebuild
from tests.store.builders import YTO, hand_over, key, opened, order, parsed, record, seal
from tests.store.test_order_index import listed

BOOK = deadline_book(Settings(shops={MAIN_SHOP: ShopSettings(platform="tmall")}))
REPLY, ACTION, BUYER, STEPPED_IN, CLOSED = UrgeState
DUE = datetime.fromisoformat("2026-08-03T18:00:00.000001+08:00")
"""Of every order of the builders."""
LATE = DUE + timedelta(hours=1)


def opened_task(shop: OpenStore, number: int = 1, task: str = "T1") -> urges.UrgeOutcome:
    return urges.enter(shop, BOOK, key(number), at=LATE, task=task)


def state(shop: OpenStore, task: str = "main/T1") -> UrgeState:
    found = urge_reads.read_task(shop.db, task)
    assert found is not None
    return found.state


def closed_events(shop: OpenStore) -> list[str]:
    sql = "SELECT data FROM outbox WHERE type LIKE '%urge.closed' ORDER BY created_us"
    return [row[0] for row in shop.db.rows(sql)]


def test_urged_before_the_deadline_is_only_flagged(shop: OpenStore) -> None:
    assert urges.enter(shop, BOOK, key(1), at=DUE).word == "flagged"
    assert urge_reads.open_tasks(shop.db) == []
    assert urge_reads.urged_orders(shop.db) == {key(1)}
    assert urges.enter(shop, BOOK, key(2), at=DUE + timedelta(seconds=1)).word == "opened"
    assert urge_reads.urged_orders(shop.db) == {key(1), key(2)}


def test_a_task_is_due_24_hours_after_it_was_opened(shop: OpenStore) -> None:
    found = opened_task(shop)
    assert found.due_at == LATE + timedelta(hours=24)
    assert (found.task, found.state) == ("main/T1", REPLY)
    assert opened_task(shop).word == "known"
    assert len(urge_reads.open_tasks(shop.db)) == 1


def test_a_task_entered_by_hand_is_the_one_of_the_platforms_list(shop: OpenStore) -> None:
    assert urges.enter(shop, BOOK, key(1), at=LATE).task == "main/1.1"
    assert opened_task(shop).task == "main/1.1"
    found = urges.enter(shop, BOOK, key(1), at=LATE, task="T1", state=BUYER)
    assert (found.word, found.task, found.state) == ("moved", "main/1.1", BUYER)
    assert opened_task(shop, 2, "T2").task == "main/T2"


def test_a_reply_does_not_finish_and_shipping_does(shop: OpenStore) -> None:
    opened_task(shop)
    urges.move(shop, "main/T1", UrgeCause.REPLIED)
    assert state(shop) is ACTION
    assert urge_reads.urged_orders(shop.db) == {key(1)}
    seal(shop, 1)
    assert state(shop) is CLOSED
    assert urge_reads.urged_orders(shop.db) == frozenset()
    (event,) = closed_events(shop)
    assert '"task":"main/T1"' in event.replace(" ", "")


def test_a_parcel_that_does_not_travel_opens_the_task_again(shop: OpenStore) -> None:
    opened_task(shop)
    urges.enter(shop, BOOK, key(2), at=DUE)
    numbers = [seal(shop, 1), seal(shop, 2)]
    assert urge_reads.urged_orders(shop.db) == frozenset()
    with shop.recorder.tx():
        shop.recorder.write(
            [
                LabelVoided(key(n), number, YTO, "order_changed")
                for n, number in enumerate(numbers, 1)
            ],
            shop.clock(),
        )
    assert state(shop) is ACTION
    assert urge_reads.urged_orders(shop.db) == {key(1), key(2)}
    assert urges.sweep(shop, LATE + timedelta(hours=30)) == 0
    assert state(shop) is ACTION


def test_nobody_answers_and_the_platform_steps_in(shop: OpenStore) -> None:
    opened_task(shop)
    assert urges.sweep(shop, LATE + timedelta(hours=24)) == 0
    assert urges.sweep(shop, LATE + timedelta(hours=24, seconds=1)) == 1
    assert state(shop) is STEPPED_IN
    (task,) = urge_reads.open_tasks(shop.db)
    assert urges.risk_of(BOOK, task, LATE + timedelta(hours=25)) == "《天猫物流时效管理规范》"


def test_the_broken_rule_is_that_of_the_shops_platform(shop: OpenStore) -> None:
    book = deadline_book(Settings(shops={MAIN_SHOP: ShopSettings(platform="taobao")}))
    urges.enter(shop, book, key(1), at=LATE, task="T1")
    (task,) = urge_reads.open_tasks(shop.db)
    assert urges.risk_of(book, task, LATE) == ""
    assert urges.risk_of(book, task, LATE + timedelta(hours=25)) == "《淘宝网发货管理规范》"


@pytest.mark.parametrize("why_not", [WhyNot.REFUNDED, WhyNot.SHIPPED])
def test_what_the_platform_has_settled_is_closed(shop: OpenStore, why_not: WhyNot) -> None:
    opened_task(shop)
    shop.imports.stage(parsed([order(1, why_not=why_not)], digest="settled"))
    assert urges.sweep(shop, LATE) == 1
    assert state(shop) is CLOSED
    assert len(closed_events(shop)) == 1


def test_a_refund_does_not_end_a_complaint(shop: OpenStore) -> None:
    opened_task(shop)
    urges.sweep(shop, LATE + timedelta(hours=25))
    shop.imports.stage(parsed([order(1, why_not=WhyNot.REFUNDED)], digest="refund"))
    assert urges.sweep(shop, LATE + timedelta(hours=26)) == 0
    assert state(shop) is STEPPED_IN
    urges.move(shop, "main/T1", UrgeCause.REFUND_FINISHED)
    assert state(shop) is CLOSED


def test_an_illegal_move_is_refused_by_the_store(shop: OpenStore) -> None:
    opened_task(shop)
    with pytest.raises(StoreError, match="cannot become"), shop.recorder.tx():
        shop.recorder.write((UrgeTaskMoved("main/T1", BUYER, "proposed"),), shop.clock())
    with pytest.raises(StoreError, match="unknown"), shop.recorder.tx():
        shop.recorder.write((UrgeTaskMoved("main/T9", CLOSED, "shipped"),), shop.clock())
    assert state(shop) is REPLY


def test_an_exempt_task_is_kept_with_its_reason_and_does_not_count(shop: OpenStore) -> None:
    flags = frozenset({Exempt.REPORTED})
    found = urges.enter(shop, BOOK, key(1), at=LATE, task="T1", flags=flags)
    assert (found.word, found.exempt) == ("exempt", "reported")
    assert urge_reads.open_tasks(shop.db) == []
    assert urge_reads.urged_orders(shop.db) == frozenset()
    (task,) = urge_reads.exempt_tasks(shop.db)
    assert task.exempt == "reported"
    assert urges.sweep(shop, LATE + timedelta(days=3)) == 0


def test_reminders_are_counted_over_restarts_and_for_each_person(folder: Path) -> None:
    day = date(2026, 8, 3)
    for _ in range(2):
        store = opened(folder)
        shown = sum(urge_reads.remind(store.db, "op7", day, 10) for _ in range(6))
        store.close()
    store = opened(folder)
    assert shown == 4
    assert urge_reads.remind(store.db, "op8", day, 10)
    assert urge_reads.remind(store.db, "", day, 10)
    assert not urge_reads.remind(store.db, "op7", day, 10)
    assert urge_reads.remind(store.db, "op7", day + timedelta(days=1), 10)
    store.close()


LIST = """任务编号,订单编号,创建时间,任务状态,豁免原因
T1,1,2026-08-03 19:00:00,待卖家回复,
T2,2,2026-08-03 19:00:00,待买家确认,
T3,3,2026-08-03 19:00:00,待卖家回复,已报备
T4,99,2026-08-03 19:00:00,待卖家回复,
T5,4,gestern,待卖家回复,
T6,5,2026-08-03 19:00:00,奇怪,
T7,5.79E+17,2026-08-03 19:00:00,待卖家回复,
"""


def test_a_list_of_tasks_comes_in_and_comes_in_again(shop: OpenStore, tmp_path: Path) -> None:
    path = tmp_path / "tasks.csv"
    path.write_text(LIST, "utf-8")
    rows = urges.read_list(path, Settings(), MAIN_SHOP)
    words = {o.row: o.word for o in urges.take_list(shop, BOOK, MAIN_SHOP, rows)}
    assert words == {
        2: "opened",
        3: "opened",
        4: "exempt",
        5: "unknown_order",
        6: "bad_time",
        7: "unknown_status",
        8: "damaged_id",
    }
    assert (state(shop, "main/T1"), state(shop, "main/T2")) == (REPLY, BUYER)
    again = urges.take_list(shop, BOOK, MAIN_SHOP, rows)
    assert {o.word for o in again if o.row < 5} == {"known"}
    # What was just shipped here is not opened again by an older list.
    seal(shop, 1)
    urges.take_list(shop, BOOK, MAIN_SHOP, rows)
    assert state(shop) is CLOSED
    path.write_text(
        LIST.replace("T2,2,2026-08-03 19:00:00,待买家确认", "T2,2,2026-08-03 19:00:00,平台介入中"),
        "utf-8",
    )
    moved = urges.take_list(shop, BOOK, MAIN_SHOP, urges.read_list(path, Settings(), MAIN_SHOP))
    assert {o.row: o.word for o in moved}[3] == "moved"


def test_lists_know_who_urges_and_forget_it_when_it_is_shipped(shop: OpenStore) -> None:
    opened_task(shop)
    urges.enter(shop, BOOK, key(2), at=DUE)
    urges.enter(shop, BOOK, key(3), at=LATE, task="T3", flags=frozenset({Exempt.AREA}))
    assert listed(shop, Group.URGED) == {key(1), key(2)}
    number = seal(shop, 1)
    assert listed(shop, Group.URGED) == {key(2)}
    with shop.recorder.tx():
        shop.recorder.write((LabelVoided(key(1), number, YTO, "order_changed"),), shop.clock())
    assert {key(1), key(2)} - listed(shop) == set()


@pytest.fixture
def busy(shop: OpenStore) -> OpenStore:
    """A shop in which urge tasks were opened, moved, closed and taken up again."""
    opened_task(shop)
    opened_task(shop, 2, "T2")
    opened_task(shop, 3, "T3")
    urges.enter(shop, BOOK, key(4), at=DUE)
    urges.move(shop, "main/T1", UrgeCause.REPLIED)
    number = seal(shop, 1)
    record(shop, facts.BagOpened("PSBAG001"), facts.ParcelBagged("PSBAG001", key(1), number, YTO))
    record(shop, facts.BagSealed("PSBAG001", YTO, 1))
    hand_over(shop, "PSM001", {"PSBAG001": 1})
    number = seal(shop, 2)
    with shop.recorder.tx():
        shop.recorder.write((LabelVoided(key(2), number, YTO, "order_changed"),), shop.clock())
    seal(shop, 4)
    urges.sweep(shop, LATE + timedelta(days=2))
    return shop


def test_replaying_the_journal_gives_equal_tasks(busy: OpenStore, tmp_path: Path) -> None:
    rebuilt = rebuild(busy.db, busy.journal, tmp_path / "rebuilt.db")
    assert differences(busy.db, rebuilt) == []
    assert rebuilt.rows("SELECT count(*) FROM urge_tasks") == [(3,)]
    rebuilt.close()


def test_open_tasks_are_found_by_their_index(busy: OpenStore) -> None:
    (row,) = busy.db.rows(
        f"EXPLAIN QUERY PLAN SELECT task FROM urge_tasks WHERE {urge_reads.OPEN}"
        " ORDER BY due_us, task LIMIT 50"
    )
    assert "urge_tasks_open" in row[3]


def test_utc_is_what_the_tables_hold(shop: OpenStore) -> None:
    opened_task(shop)
    (task,) = urge_reads.open_tasks(shop.db)
    assert task.opened_at.tzinfo is UTC
