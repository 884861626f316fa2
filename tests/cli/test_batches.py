"""``packstation print-batch``: printed ahead, listed, stopped and gone on with."""

from __future__ import annotations

from pathlib import Path

from tests.app.shop import ONE, TWO, Station
from tests.cli.conftest import Run


def test_named_orders_are_printed_and_listed(run: Run, data: Path) -> None:
    done = run("print-batch", "start", TWO, ONE, "--json")
    assert done.code == 0, done.err
    batches = done.rows()
    jobs = [job for batch in batches for job in batch["jobs"]]
    assert [job["order"].partition("/")[2] for job in jobs] == [TWO, ONE]
    assert {job["outcome"] for job in jobs} == {"CONFIRMED"}
    assert len(list((data / "virtual-label-printer").glob("job-*.bin"))) == 2
    listed = run("print-batch", "list", "--json").rows()
    assert [one["state"] for one in listed] == ["done"]
    said = run("print-batch", "list").out
    assert "Done: 2 of 2 labels are out." in said
    assert ONE in said
    again = run("print-batch", "start", ONE)
    assert (again.code, "[batch.nothing_to_print]" in again.err) == (1, True)
    assert f"{ONE} was left out: Has a label already" in again.err


def test_all_that_is_to_be_packed_needs_a_clear_yes(run: Run) -> None:
    done = run("print-batch", "start", "--all")
    assert (done.code, "[batch.not_confirmed]" in done.err) == (1, True)
    assert "batch.which_orders" in run("print-batch", "start").err
    assert "batch.which_orders" in run("print-batch", "start", ONE, "--all").err
    assert run("print-batch", "list", "--json").rows() == []
    done = run("print-batch", "start", "--all", "--shop", "main", "--yes", "--json")
    assert done.code == 0, done.err
    printed = [job["order"] for one in done.rows() for job in one["jobs"]]
    to_pack = run("orders", "--group", "to_pack", "--printed", "--shop", "main", "--json").rows()
    assert {one["key"] for one in to_pack} == set(printed)
    assert "batch.nothing_to_print" in run("print-batch", "start", "--all", "--yes").err


def test_a_batch_that_stands_goes_on_behind_its_last_good_label(run: Run, data: Path) -> None:
    from packstation.core.status import PrintOutcome

    station = Station(data, start=False)
    house = station.house

    def jam() -> str:
        keys = [key for (key,) in house.store.db.rows(
            "SELECT order_key FROM orders WHERE order_id IN (?, ?) ORDER BY order_id DESC",
            (ONE, TWO),
        )]  # fmt: skip
        batch = house.store.batches.start(keys[0].partition("/")[0], "virtual", keys).batch
        for outcome in (PrintOutcome.SENT, PrintOutcome.UNKNOWN):
            found = house.store.batches.next_job("virtual")
            assert found is not None
            house.store.ledger.sending(found.job, b"x " + found.job.encode(), "virtual")
            house.store.batches.ended(found.job, outcome, "printer.gone")
        return batch

    batch = house.call(jam)
    station.close()
    listed = run("print-batch", "list").out
    assert "Stopped: scan the last good label: 2 of 2 labels are out.  printer.gone" in listed
    (told,) = run("print-batch", "list", "--json").rows()
    good = told["jobs"][0]["tracking_number"]
    done = run("print-batch", "resume", batch)
    assert (done.code, "[batch.scan_missing]" in done.err) == (1, True)
    done = run("print-batch", "resume", batch, "nothing")
    assert (done.code, "[batch.not_in_batch]" in done.err) == (1, True)
    done = run("print-batch", "resume", batch, good, "--json")
    assert done.code == 0, done.err
    (told,) = done.rows()
    assert [(job["copy"], job["outcome"], job["spoiled"]) for job in told["jobs"]] == [
        (1, "CONFIRMED", ""),
        (1, "UNKNOWN", "jam"),
        (2, "CONFIRMED", ""),
    ]
    done = run("print-batch", "stop", batch)
    assert (done.code, "[batch.not_running]" in done.err) == (1, True)
    done = run("print-batch", "cancel", "none")
    assert (done.code, "[batch.unknown]" in done.err) == (1, True)


def test_a_stopped_batch_is_cancelled_and_what_stands_behind_it_is_told(
    run: Run, data: Path
) -> None:
    station = Station(data, start=False)
    house = station.house

    def begin() -> str:
        row = house.store.db.row("SELECT order_key FROM orders WHERE order_id = ?", (ONE,))
        assert row is not None
        batch = house.store.batches.start(row[0].partition("/")[0], "virtual", [row[0]]).batch
        house.store.batches.stop(batch)
        return batch

    batch = house.call(begin)
    station.close()
    done = run("print-batch", "start", TWO, "--json")
    assert done.code == 1
    assert done.rows()[0]["batch"] == batch, "it stands before the new one"
    assert [one["state"] for one in done.rows()] == ["stopped", "running"]
    done = run("print-batch", "cancel", batch)
    assert done.code == 0
    assert "Cancelled: 0 of 1 labels are out." in done.out
    waiting = next(
        one["batch"]
        for one in run("print-batch", "list", "--json").rows()
        if one["state"] == "stopped"
    )
    assert run("print-batch", "resume", waiting).code == 0, "nothing of it was printed"
