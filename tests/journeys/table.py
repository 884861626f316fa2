"""A packing table for stories: a data folder, the program's commands, and what was answered."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.campaign.process import Done, Station, run
from tests.campaign.storm import DOUBLE_TRIGGER_S
from tests.conftest import ROOT

FILES = ROOT / "tests" / "data" / "journeys"

MUG, MUGS = "2000000001012", "A-01"
SPOON = "2100000002023"
STICKER, STICKERS_OF_SIX = "2200000003034", "2900000003064"
TOWEL = "2300000004045"
TWO_MUGS_AND_A_SPOON = "PJ26080101"
SIX_STICKERS = "PJ26080102"
WITH_MESSAGES = "PJ26080103"
BY_ZTO = "PJ26080104"
MASKED = "PJ26080105"
WITHOUT_CARRIER = "PJ26080106"
WITHOUT_NUMBERS = "PJ26080107"
ONE_SPOON = "PJ26080108"

FIRST_YTO, FIRST_ZTO = "YT7700000000101", "77000000000101"

Answer = dict[str, Any]


LOOK_ONLY = {"orders", "print-jobs", "manifests", "journal", "doctor"}
LOOK_ONLY_PAIRS = {("numbers", "list"), ("receipt", "verify")}


class Table:
    """One data folder and the people around it.

    The station runs on between scans, and ends in order before a command that changes something;
    commands that only look run beside it.
    """

    def __init__(self, data: Path) -> None:
        self.data = data
        self._station: Station | None = None
        self._sealed = ("", 0.0)

    @property
    def station(self) -> Station:
        """The running station, started when it is needed."""
        if self._station is None:
            self._station = Station(self.data)
        return self._station

    def close(self) -> None:
        """End the station in order."""
        station, self._station = self._station, None
        if station is not None:
            done = station.close()
            assert (done.code, done.out) == (0, ""), done.err

    def cut_power(self) -> None:
        """Kill -9 the station; the next scan starts another."""
        station, self._station = self.station, None
        station.kill()
        assert station.close().killed

    def run(self, *arguments: str | Path) -> Done:
        """Run a command on the folder."""
        if arguments[0] not in LOOK_ONLY and arguments[:2] not in LOOK_ONLY_PAIRS:
            self.close()
        return run(*arguments, "--data", self.data)

    def ask(self, *arguments: str | Path) -> list[dict[str, Any]]:
        """Run a command that has to succeed; return its JSON rows."""
        done = self.run(*arguments, "--json")
        assert done.code == 0, done.err
        return done.rows()

    def bring(self, name: str, *more: str) -> Done:
        """Import one of the stories' files."""
        done = self.run("import", FILES / name, "--json", *more)
        assert done.code == 0, done.err
        return done

    def scan(self, *codes: str) -> list[Answer]:
        """Scan codes without waiting for the answers; return an answer for each, in order.

        A label that has just sealed its parcel is looked at for half a second before it is
        scanned again, as a person would.
        """
        if self._sealed[0] in codes:
            time.sleep(max(0.0, self._sealed[1] + DOUBLE_TRIGGER_S - time.monotonic()))
        for code in codes:
            self.station.send(code)
        answers = [self.station.answer() for _ in codes]
        assert [row["scan"] for row in answers] == list(codes)
        if "SEALED" in said(answers[-1:]):
            self._sealed = (codes[-1], time.monotonic())
        return answers

    def pack(self, order: str, *codes: str) -> str:
        """Open an order, scan its units, put the label on; return the tracking number."""
        label = self.scan(order, *codes)[-1]
        assert label["verdict"] == "ORDER_COMPLETE", label
        number = str(label["effects"][0]["tracking_number"])
        assert said(self.scan(number)) == ["SEALED"]
        return number

    def bag(self, *numbers: str) -> str:
        """Gather sealed parcels in a new bag and seal it; return its code."""
        answers = self.scan("PSCMDBAG", *numbers, "PSCMDSEAL")
        assert said(answers) == ["BAG_OPENED", *["BAGGED"] * len(numbers), "BAG_SEALED"]
        return str(answers[0]["bag"])

    def hand_over(self, *bags: str) -> str:
        """Count bags and close the handover; return the manifest's number."""
        answers = self.scan("PSCMDHANDOVER", *bags, "PSCMDCLOSE")
        assert said(answers)[-1] == "HANDED_OVER", answers[-1]
        return str(answers[-1]["manifest"])

    def journal_is_clean(self) -> bool:
        """Tell whether the chain holds."""
        return self.run("journal", "verify").code == 0


def said(answers: Sequence[Answer]) -> list[str]:
    """Return the verdicts."""
    return [answer["verdict"] for answer in answers]


def why(answers: Sequence[Answer]) -> list[tuple[str, str | None]]:
    """Return verdicts with their reasons."""
    return [(answer["verdict"], answer["reason"]) for answer in answers]
