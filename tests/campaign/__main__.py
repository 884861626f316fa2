"""The long form: ``python -m tests.campaign --kills 1000 --seed N``."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.campaign.process import why_not_traceable
from tests.campaign.storm import Tally, campaign


def part(seed: int, kills: int) -> Tally:
    """Run one worker's share; its folder is kept where something is wrong."""
    folder = Path(tempfile.mkdtemp(prefix=f"campaign-{seed}-"))
    tally = campaign(folder, kills=kills, seed=seed)
    if tally.findings:
        print(f"kept for looking at: {folder}", file=sys.stderr)
    else:
        import shutil

        shutil.rmtree(folder)
    return tally


def main() -> int:
    """Run the campaign; 1 where anything acknowledged was lost or doubled."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaign", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2, help="shifts at a time")
    given = parser.parse_args()
    problem = why_not_traceable()
    if problem:
        print(problem, file=sys.stderr)
        return 2
    total, started = Tally(given.seed), time.monotonic()
    chunk = max(1, min(50, -(-given.kills // given.workers)))
    shares = [min(chunk, given.kills - done) for done in range(0, given.kills, chunk)]
    with ProcessPoolExecutor(given.workers) as pool:
        seeds = [given.seed * 1000 + place for place in range(len(shares))]
        for tally in pool.map(part, seeds, shares):
            total.add(tally)
            for finding in tally.findings:
                print(f"seed {tally.seed}: {finding.kind}: {finding.text}", file=sys.stderr)
            print(f"{total.killed} kills, {len(total.findings)} findings", file=sys.stderr)
    total.seconds = time.monotonic() - started
    print("\n".join(total.lines()))
    return 1 if total.findings else 0


if __name__ == "__main__":
    sys.exit(main())
