"""Deadlines, urge tasks and the score as the command line tells them."""

from __future__ import annotations

from pathlib import Path

import pytest

from packstation.core.deadline_rules import Exempt
from tests.cli.conftest import Done, Run

SETTINGS = """[shops.main]
platform = "tmall"

[shops.abroad]
platform = "tiktok_shop"
region = "US"
timezone = "America/Los_Angeles"
"""
ROWS = """订单号,订单状态,付款时间,收件人,电话,地址,商品编码,数量
A1,待发货,2026-02-02 10:00:00,甲,13900000000,某地1号,S1,1
A2,待发货,2026-02-03 10:00:00,乙,13900000001,某地2号,S1,1
"""
LIST = """订单编号,任务编号,创建时间,状态
A2,T2,2026-02-06 10:00:00,待卖家回复
ZZ,T3,2026-02-06 10:00:00,待卖家回复
"""


@pytest.fixture
def folder(tmp_path: Path, run: Run) -> Path:
    """Two shops with two orders each."""
    made = tmp_path / "time"
    made.mkdir()
    (made / "settings.toml").write_text(SETTINGS, "utf-8")
    file = tmp_path / "orders.csv"
    for shop in ("main", "abroad"):
        file.write_text(ROWS.replace("Example", shop.title()) + "\n" * (shop == "main"), "utf-8")
        assert run("import", file, "--shop", shop, folder=made).code == 0
    return made


def test_a_deadline_is_told_with_every_step(run: Run, folder: Path) -> None:
    (ship,) = run("deadline", "main/A1", "--json", folder=folder).rows()
    assert (ship["clock"], ship["at"]) == ("ship", "2026-02-04T02:00:00+00:00")
    assert [step["word"] for step in ship["steps"]] == ["started", "rule", "hours", "due"]
    told = run("deadline", "main/A1", folder=folder)
    assert told.out.startswith("Ship  2026-02-04 10:00:00 +0800\n")
    assert "tmall-ship" in told.out


def clocks(done: Done) -> dict[str, str]:
    return {row["clock"]: row["rule"] for row in done.rows()}


def test_what_if_it_had_been_paid_before_the_rules_changed(run: Run, folder: Path) -> None:
    now = clocks(run("deadline", "abroad/A1", "--json", folder=folder))
    assert now["in_transit"] == "tiktok-us-in-transit"
    then = run("deadline", "abroad/A1", "--what-if", "2025-11-26T09:00", "--json", folder=folder)
    assert "in_transit" not in clocks(then)
    (ship,) = [row for row in then.rows() if row["clock"] == "ship"]
    assert ship["at"] == "2025-12-02T07:59:59+00:00"
    old = run("deadline", "abroad/A1", "--rules-of", "2025-11-26T09:00", "--json", folder=folder)
    assert clocks(old)["ship"] == "tiktok-us-ship"


def test_an_order_or_a_time_that_is_none_is_told(run: Run, folder: Path) -> None:
    assert run("deadline", "ZZ", folder=folder).code == 1
    assert "more than one shop" in run("deadline", "A1", folder=folder).err.lower()
    bad = run("deadline", "main/A1", "--what-if", "soon", folder=folder)
    assert (bad.code, "soon" in bad.err) == (1, True)


def test_urges_are_entered_moved_and_listed(run: Run, folder: Path) -> None:
    early = run("urge", "main/A1", "--at", "2026-02-03T10:00+08:00", "--json", folder=folder)
    assert early.rows()[0]["word"] == "flagged"
    late = run("urge", "main/A1", "--task", "T1", "--json", folder=folder)
    assert (late.rows()[0]["word"], late.rows()[0]["task"]) == ("opened", "main/T1")
    told = run("urge", "main/A1", "--tell", "replied", "--json", folder=folder)
    assert told.rows()[0]["state"] == "awaiting_seller_action"
    (open_task,) = run("urge", "--json", folder=folder).rows()
    assert 0 < open_task["left_s"] <= 86_400
    assert "main/T1" in run("urge", folder=folder).out
    wrong = run("urge", "main/A1", "--tell", "refund_finished", folder=folder)
    assert (wrong.code, "urge.no_move" in wrong.err) == (1, True)
    nobody = run("urge", "abroad/A1", "--task", "T9", folder=folder)
    assert (nobody.code, "urge.no_rule" in nobody.err) == (1, True)


def test_a_list_of_tasks_is_taken_row_by_row(run: Run, folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "tasks.csv"
    path.write_text(LIST, "utf-8")
    done = run("urge", "--file", path, "--shop", "main", "--json", folder=folder)
    assert done.code == 1
    assert [(row["row"], row["word"]) for row in done.rows()] == [
        (2, "opened"),
        (3, "unknown_order"),
    ]
    # Nobody answered for a day: the platform has stepped in, and the broken rule is named.
    (task,) = run("urge", "--json", folder=folder).rows()
    assert (task["state"], task["risk"]) == ("platform_stepped_in", "《天猫物流时效管理规范》")
    path.write_text("订单编号\nA1\n", "utf-8")
    assert run("urge", "--file", path, folder=folder).code == 1


def test_the_score_is_told_in_full(run: Run, folder: Path) -> None:
    (card,) = run("score", "--json", folder=folder).rows()
    assert (card["percent"], card["score"], card["bands"]) == ("-", None, [0, 0, 0])
    assert len(run("score", "--by", "day", "--json", folder=folder).rows()) == 15
    ahead = run("score", "--pickup", "17:30", "--shop", "main", "--json", folder=folder)
    assert set(ahead.rows()[-1]) == {"pickup", "after"}
    assert run("score", "--hours", "--day", "2026-02-05", folder=folder).code == 0
    assert run("score", "--day", "yesterday", folder=folder).code == 2


def test_every_exemption_that_can_be_told_is_known() -> None:
    from packstation.cli.time_words import EXEMPT, TOLD
    from packstation.core.urge_tasks import UrgeCause

    assert {Exempt(word) for word in EXEMPT} == set(Exempt) - {Exempt.KIND}
    assert all(UrgeCause(word) for word in TOLD)
