"""What a data folder says of itself after a restart, read by the commands that only read."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packstation.cli import main
from tests.campaign.ledger import Finding, Ledger
from tests.campaign.shop import CARRIERS

PAPER_MAY_BE_OUT = {"SENDING", "SENT", "CONFIRMED", "UNKNOWN"}
PAPER_IS_OUT = {"SENT", "CONFIRMED"}
NOT_PRINTED = {"FAILED", "CANCELLED"}

Row = dict[str, Any]


@dataclass(frozen=True)
class Said:
    """What a read-only command answered."""

    code: int
    out: str
    err: str

    def rows(self) -> list[Row]:
        return [json.loads(line) for line in self.out.splitlines()]


def say(data: Path, *arguments: str) -> Said:
    """Run a read-only command in this process, which is quick."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([*arguments, "--data", str(data)])
    return Said(code, out.getvalue(), err.getvalue())


def print_jobs(data: Path) -> list[Row]:
    """Return the print journal, oldest first or not."""
    return say(data, "print-jobs", "--json").rows()


def paper_out(data: Path) -> Counter[str]:
    """Return the SHA-256 of every piece of paper that the virtual printers have put out."""
    files = data.glob("virtual-*-printer/job-*.bin")
    return Counter(hashlib.sha256(path.read_bytes()).hexdigest() for path in files)


def label_is_out(data: Path, order_id: str) -> bool:
    """Look at the printer: did the newest label of an order come out?"""
    jobs = [job for job in print_jobs(data) if job["kind"] == "label" and job["order"] == order_id]
    return bool(jobs) and paper_out(data)[jobs[-1]["digest"]] > 0


def copy_code(job: str) -> str:
    """Return what stands on a copy of a label: ``PSP`` and ten digits of its job's SHA-256."""
    digest = hashlib.sha256(job.encode()).digest()
    return f"PSP{int.from_bytes(digest[:8], 'big') % 10_000_000_000:010d}"


def copies_of(jobs: list[Row]) -> dict[str, tuple[str, int]]:
    """Return order and copy by copy code, of each label job that was not given up unprinted."""
    return {
        copy_code(str(job["job"])): (str(job["order"]), int(job["copy"]))
        for job in jobs
        if job["kind"] == "label" and job["outcome"] not in NOT_PRINTED
    }


def numbers_of(jobs: list[Row]) -> dict[str, str]:
    """Return the tracking number of each order that has a label."""
    return {
        str(job["order"]): str(job["tracking_number"])
        for job in jobs
        if job["kind"] == "label" and job.get("tracking_number")
    }


class Audit:
    """Looks at one data folder again and again; what it has seen once must stay."""

    def __init__(self, data: Path, ledger: Ledger) -> None:
        self._data = data
        self._ledger = ledger
        self._manifests: dict[str, Row] = {}

    def look(self) -> list[Finding]:
        """Return everything that is not as it was acknowledged."""
        findings = [*self._journal(), *self._papers(), *self._numbers(), *self._handovers()]
        return findings

    def learn_copies(self) -> Finding | None:
        """Read the codes of new copies off their labels, as a packer would."""
        return self._ledger.teach_copies(copies_of(print_jobs(self._data)))

    def _journal(self) -> list[Finding]:
        said = say(self._data, "journal", "verify")
        if said.code:
            return [Finding("wrong", f"journal verify: {(said.out + said.err).strip()[-200:]}")]
        return []

    def _papers(self) -> list[Finding]:
        jobs = print_jobs(self._data)
        labels = [job for job in jobs if job["kind"] == "label"]
        originals = Counter(
            str(job["tracking_number"])
            for job in labels
            if job["copy"] == 1 and job["outcome"] in PAPER_MAY_BE_OUT
        )
        found = [
            Finding("doubled", f"{count} original labels of {number} may be out")
            for number, count in originals.items()
            if count > 1
        ]
        owners: dict[str, set[str]] = {}
        for job in labels:
            if job.get("tracking_number"):
                owners.setdefault(str(job["tracking_number"]), set()).add(str(job["order"]))
        found += [
            Finding("doubled", f"{number} is on the parcels {sorted(orders)}")
            for number, orders in owners.items()
            if len(orders) > 1
        ]
        out = paper_out(self._data)
        may_be = Counter(str(it["digest"]) for it in jobs if it["outcome"] in PAPER_MAY_BE_OUT)
        found += [
            Finding("doubled", f"paper {digest[:8]} came out {count} times")
            for digest, count in out.items()
            if count > may_be[digest]
        ]
        found += [
            Finding("lost", f"{job['kind']} {job['key']} copy {job['copy']} is not on paper")
            for job in jobs
            if job["outcome"] in PAPER_IS_OUT and not out[str(job["digest"])]
        ]
        receipts = Counter(
            str(it["key"]) for it in jobs if it["kind"] == "receipt" and it["copy"] == 1
        )
        found += [
            Finding("doubled", f"{count} original receipts of {number}")
            for number, count in receipts.items()
            if count > 1
        ]
        taught = self._ledger.teach_numbers(numbers_of(jobs))
        taught = taught or self._ledger.teach_copies(copies_of(jobs))
        return [*found, taught] if taught else found

    def _numbers(self) -> list[Finding]:
        used = {str(row["carrier"]): int(row["used"]) for row in blocks(self._data)}
        jobs = numbers_of(print_jobs(self._data))
        known = Counter(
            order.carrier for order in self._ledger.state.shop.orders if order.order_id in jobs
        )
        return [
            Finding("doubled", f"{carrier}: {used.get(carrier, 0)} used for {known[carrier]}")
            for carrier in CARRIERS
            if used.get(carrier, 0) != known[carrier]
        ]

    def _handovers(self) -> list[Finding]:
        rows = {str(row["manifest"]): row for row in say(self._data, "manifests", "--json").rows()}
        found = [
            Finding("lost", f"manifest {number} has changed or gone")
            for number, row in self._manifests.items()
            if fixed(rows.get(number)) != fixed(row)
        ]
        self._manifests |= rows
        told = {len(state.manifests) for state in self._ledger.beliefs}
        if len(rows) not in told:
            kind = "lost" if len(rows) < min(told) else "doubled"
            found.append(Finding(kind, f"{len(rows)} manifests, {sorted(told)} acknowledged"))
        return found


def fixed(manifest: Row | None) -> Row:
    """Return what may never change of a manifest; its receipt may be printed again."""
    return {k: v for k, v in (manifest or {}).items() if not k.startswith("receipt")}


def blocks(data: Path) -> list[Row]:
    """Return the blocks of prepaid numbers."""
    return say(data, "numbers", "list", "--json").rows()
