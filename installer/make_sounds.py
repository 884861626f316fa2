"""Draws the sound of each kind of answer into resources/sounds: run it after changing a pattern.

    python installer/make_sounds.py            write the WAV files
    python installer/make_sounds.py --check    change nothing; fail when a file differs

Yes rises or stays high; no falls or is low and rough, so that the two are told apart in a noisy
hall and by someone who hears only half of the tones. Numbers and rhythms differ as well as pitch.
"""

from __future__ import annotations

import array
import io
import math
import sys
import wave
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "sounds"
RATE = 44_100
LOUDEST = 0.8
"""Of full scale: loud, and no clipping in a small loudspeaker."""
FADE_S = 0.006
"""Rise and fall of a tone, against clicks."""

SMOOTH = (1.0, 0.25, 0.1)
"""Strength of the first overtones: friendly."""
ROUGH = (1.0, 0.0, 0.6, 0.0, 0.45, 0.0, 0.3)
"""Odd overtones: a buzzer."""

Tone = tuple[float, float, tuple[float, ...]]
"""Pitch in hertz (0 = silence), length in seconds, overtones."""

PATTERNS: dict[str, tuple[Tone, ...]] = {
    "ok": ((1568, 0.07, SMOOTH),),
    "line": ((1175, 0.07, SMOOTH), (1760, 0.10, SMOOTH)),
    "complete": ((1047, 0.08, SMOOTH), (1319, 0.08, SMOOTH), (2093, 0.16, SMOOTH)),
    "wrong": ((220, 0.13, ROUGH), (0, 0.05, SMOOTH), (165, 0.16, ROUGH)),
    "over": (
        (880, 0.06, ROUGH),
        (0, 0.03, SMOOTH),
        (880, 0.06, ROUGH),
        (0, 0.03, SMOOTH),
        (880, 0.06, ROUGH),
    ),
    "unknown": ((587, 0.09, SMOOTH), (415, 0.20, SMOOTH)),
    "wait": ((494, 0.06, SMOOTH), (0, 0.08, SMOOTH), (494, 0.06, SMOOTH)),
    "stop": ((131, 0.34, ROUGH),),
    "info": ((784, 0.05, SMOOTH),),
}
"""One pattern for each ``verdict_words.Kind``; a test keeps them different."""


def samples(pattern: tuple[Tone, ...]) -> list[float]:
    """Return a pattern as amplitudes from -1 to 1."""
    drawn: list[float] = []
    for pitch, seconds, overtones in pattern:
        count = round(seconds * RATE)
        total = sum(overtones)
        for index in range(count):
            edge = min(index, count - 1 - index) / (FADE_S * RATE)
            angle = 2 * math.pi * pitch * index / RATE
            wave_sum = sum(part * math.sin(n * angle) for n, part in enumerate(overtones, 1))
            drawn.append(min(1.0, edge) * wave_sum / total)
    peak = max(abs(value) for value in drawn)
    return [value / peak * LOUDEST for value in drawn]


def wav_bytes(pattern: tuple[Tone, ...]) -> bytes:
    """Return a pattern as a WAV file: 16 bit, one channel."""
    values = array.array("h", (round(value * 32_767) for value in samples(pattern)))
    if sys.byteorder == "big":
        values.byteswap()
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(values.tobytes())
    return out.getvalue()


def main(arguments: list[str]) -> int:
    """Write or check every sound."""
    stale = False
    for name, pattern in PATTERNS.items():
        path, drawn = FOLDER / f"{name}.wav", wav_bytes(pattern)
        if "--check" not in arguments:
            FOLDER.mkdir(parents=True, exist_ok=True)
            path.write_bytes(drawn)
        elif not path.exists() or path.read_bytes() != drawn:
            sys.stderr.write(f"{path.name} is not up to date: run installer/make_sounds.py\n")
            stale = True
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
