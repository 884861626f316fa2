"""A full or failing disk: NOT_SAVED instead of a yes, and nothing acknowledged is lost (F3, F4)."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from tests.campaign.audit import Audit, label_is_out
from tests.campaign.ledger import Ledger
from tests.campaign.process import SYNC, EndedError, Injection, Station, run, why_not_traceable
from tests.campaign.shift import Operator
from tests.campaign.shop import Shop, invent
from tests.campaign.storm import prepare

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(why_not_traceable() is not None, reason=str(why_not_traceable())),
]

SEED = 20260802
TROUBLE = [
    Injection("pwrite64", 12, "error=ENOSPC"),
    Injection("pwrite64", 15, "error=ENOSPC", forever=True),
    Injection("pwrite64", 13, "error=EIO"),
    Injection(SYNC, 5, "error=EIO"),
    Injection(SYNC, 4, "error=EIO", forever=True),
    Injection(SYNC, 6, "error=ENOSPC", forever=True),
]


@pytest.fixture(scope="module")
def shop() -> Shop:
    return invent(SEED, orders=4)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory, shop: Shop) -> Path:
    return prepare(tmp_path_factory.mktemp("prepared"), shop)


@pytest.mark.parametrize("trouble", TROUBLE, ids=str)
def test_a_disk_that_refuses_stops_the_station_and_loses_nothing(
    prepared: Path, shop: Shop, tmp_path: Path, trouble: Injection
) -> None:
    data = Path(shutil.copytree(prepared, tmp_path / "data"))
    operator = Operator(random.Random(SEED), lambda order_id: label_is_out(data, order_id))
    ledger = Ledger(shop)
    audit = Audit(data, ledger)
    station = Station(data, injection=trouble)
    last = None
    scan = "NO-SUCH-CODE"
    for _ in range(200):
        scan = operator.next_scan(ledger.state) or "NO-SUCH-CODE"
        station.send(scan)
        try:
            last = station.answer()
        except EndedError:
            break
        if last["verdict"] == "NOT_SAVED":
            break
        finding = ledger.acknowledge(last)
        assert finding is None, finding
    done = station.close()
    assert last is not None, done.err
    assert (last["verdict"], last["reason"]) == ("NOT_SAVED", "cannot_save"), done.err
    assert last["scan"] == scan
    assert done.code == 1
    assert "Traceback" not in done.err

    ledger.cut_off(scan)
    assert audit.look() == []
    again = Station(data)
    cut_off = [scan]
    for _ in range(30):
        following = ledger.probe(cut_off) or operator.next_scan(ledger.state)
        if following is None:
            break
        finding = ledger.acknowledge(again.ask(following))
        assert finding is None, finding
    assert again.close().code == 0
    assert audit.look() == []


def test_an_import_on_a_full_disk_says_so_and_leaves_nothing_behind(
    prepared: Path, tmp_path: Path
) -> None:
    from tests.campaign.shop import write_orders
    from tests.campaign.storm import order_ids

    data = Path(shutil.copytree(prepared, tmp_path / "data"))
    before = order_ids(data)
    path = write_orders(invent(7, orders=40, first=500), tmp_path / "more.csv")
    full = Injection("pwrite64", 3, "error=ENOSPC", forever=True)
    done = run("import", path, "--json", "--data", data, injection=full)
    assert done.code == 1
    assert done.err.strip()
    assert "Traceback" not in done.err
    assert order_ids(data) == before
    assert run("import", path, "--json", "--data", data).code == 0
    assert len(order_ids(data)) == len(before) + 40
