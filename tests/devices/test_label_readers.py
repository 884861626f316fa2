"""The strict readers of ZPL, EPL and CPCL: what a label does not need is refused."""

from __future__ import annotations

import base64
import binascii
import contextlib
import random
import zlib

import pytest

from packstation.devices.cpcl_reader import read_cpcl
from packstation.devices.epl_reader import read_epl
from packstation.devices.tspl_reader import read_tspl
from packstation.devices.zpl_reader import read_zpl
from packstation.errors import DeviceError

ZPL = b"^XA\n^PW16\n^LL4\n^FO0,0^GFA,8,8,2,%s^FS\n^PQ1\n^XZ\n"
EPL = b"\nN\nq16\nQ4,16\nGW0,0,2,4,%s\nP1\n"
CPCL = b"! 0 200 200 4 1\r\nPAGE-WIDTH 16\r\nCG 2 4 0 0 %s\r\nFORM\r\nPRINT\r\n"


def z64(data: bytes) -> bytes:
    packed = base64.b64encode(zlib.compress(data))
    return b":Z64:" + packed + b":%04X" % binascii.crc_hqx(packed, 0)


@pytest.mark.parametrize(
    "body",
    [
        b"F00F0000F00F0000",
        b"F00F,:0000".replace(b":0000", b"F00F,"),
        b"FGGF".replace(b"GG", b"H0") + b",F00F,",
        z64(bytes.fromhex("F00F0000F00F0000")),
    ],
)
def test_zpl_codings_mean_the_same(body: bytes) -> None:
    (label,) = read_zpl(ZPL % body).labels
    assert label.bitmap.rows.tolist() == [[0xF0, 0x0F], [0, 0], [0xF0, 0x0F], [0, 0]]


def test_zpl_example_of_the_manual_repeats_as_it_says() -> None:
    # P1012728-008, Alternative Data Compression Scheme: M6 is seven sixes, hB 40 B, MhB is 47.
    body = b"M6,hB,"
    payload = b"^XA\n^PW400\n^LL2\n^FO0,0^GFA,100,100,50,%s^FS\n^PQ1\n^XZ\n" % body
    rows = read_zpl(payload).labels[0].bitmap.rows
    assert rows[0].tobytes().hex().rstrip("0") == "6" * 7
    assert rows[1].tobytes().hex().rstrip("0") == "b" * 40


GOOD = b"F00F,F00F,"
BAD_ZPL = [
    b"",
    b"SIZE 100 mm,150 mm\r\n",
    b"~JC\n" + ZPL % GOOD,
    b"~JR\n",
    b"^XA\n^JUS\n^XZ\n",
    b"^XA\n^KP1234\n^XZ\n",
    b"~DYR:A,B,P,1,,00\n",
    b"^XA\n^IDR:*.*^FS\n^XZ\n",
    b"^XA\n^FO0,0^A0N,9^FDhi^FS\n^XZ\n",
    b"^XA\n^PQ1\n^XZ\n",
    ZPL[:-5] % GOOD,
    ZPL % GOOD + b"\x00",
    ZPL % GOOD + b"~JA\n",
    ZPL % GOOD + b"^XA\n",
    ZPL % GOOD.replace(b",", b"!", 1),
    ZPL % b"",
    ZPL % b"F00F,",
    ZPL % b"F00F,F00F,F00F,",
    ZPL % b"F00F0000F00F000",
    ZPL % b"F00F0000F00F00000",
    ZPL % b":F00F,,,",
    ZPL % b"F0:0F,,",
    ZPL % b"H,,,,",
    ZPL % b"HHHHH0,,,",
    ZPL % b"Z0,,,,",
    ZPL % b"f00f,,,",
    ZPL % z64(bytes(7)),
    ZPL % z64(bytes(9)),
    ZPL % (z64(bytes(8))[:-4] + b"0000"),
    ZPL % b":Z64:AAAA:0000",
    ZPL % (b":Z64:AAAA:%04X" % binascii.crc_hqx(b"AAAA", 0)),
    ZPL.replace(b"GFA,8,8,2", b"GFA,9,8,2") % GOOD,
    ZPL.replace(b"GFA,8,8,2", b"GFA,8,8,3") % GOOD,
    ZPL.replace(b"GFA,8,8,2", b"GFA,8,8,0") % GOOD,
    ZPL.replace(b"GFA,8,8,2", b"GFB,8,8,2") % GOOD,
    ZPL.replace(b"^FO0,0", b"") % GOOD,
    ZPL.replace(b"^FO0,0", b"^FO0,0^FO0,0") % GOOD,
    ZPL.replace(b"^FO0,0", b"^FO0,1") % GOOD,
    ZPL.replace(b"^FO0,0", b"^FO8,0") % GOOD,
    ZPL.replace(b"^PW16", b"^PW0") % GOOD,
    ZPL.replace(b"^PW16\n", b"") % GOOD,
    ZPL.replace(b"^LL4", b"^LL99999\n^PW99999") % GOOD,
    ZPL.replace(b"^PQ1", b"^PQ999") % GOOD,
    ZPL.replace(b"^PQ1", b"^XA") % GOOD,
    ZPL.replace(b"^PQ1", b"~SD10") % GOOD,
    ZPL.replace(b"^PQ1", b"^FS") % GOOD,
    ZPL.replace(b"^FS\n", b"") % GOOD,
    b"^PQ1\n" + ZPL % GOOD,
    b"~SD31\n" + ZPL % GOOD,
    b"^XA" + b"x" * 40,
]
BAD_EPL = [
    b"",
    b"^XA^XZ",
    b"N\nP1\n",
    b"N\n",
    EPL % bytes(7),
    EPL % bytes(9),
    EPL.replace(b"%s\n", b"%sX") % bytes(8),
    EPL % bytes(8) + b"\x00",
    EPL % bytes(8) + b"N\n",
    EPL.replace(b"GW0,0", b"GW0,1") % bytes(8),
    EPL.replace(b"GW0,0", b"GW8,0") % bytes(8),
    EPL.replace(b"GW0,0", b"GW,0") % bytes(8),
    EPL.replace(b"Q4,16\n", b"") % bytes(8),
    EPL.replace(b"Q4,16\n", b"Q4,B24\n") % bytes(8),
    EPL.replace(b"P1", b"P100") % bytes(8),
    EPL.replace(b"N\n", b'N\nFS"A"\n') % bytes(8),
    EPL.replace(b"N\n", b"N\nOD\n") % bytes(8),
    EPL.replace(b"N\n", b"N\nxa\n") % bytes(8),
    EPL.replace(b"N\n", b"N\nD16\n") % bytes(8),
    EPL.replace(b"N\n", b"N\nS0\n") % bytes(8),
    b"q" * 80,
]
BAD_CPCL = [
    b"",
    b"^XA^XZ",
    b"! UTILITIES\r\nSETFF 1 1\r\nPRINT\r\n",
    b'! U1 setvar "a" "b"\r\n',
    b"PRINT\r\n",
    b"! 0 200 200 4 1\r\nPRINT\r\n",
    b"! 0 200 200 4 1\r\nPAGE-WIDTH 16\r\n",
    b"! 0 200 200 4 1\r\n! 0 200 200 4 1\r\n",
    b"! 0 100 200 4 1\r\nPAGE-WIDTH 16\r\nPRINT\r\n",
    b"! 0 200 200 4 1\r\nCG 2 4 0 0 " + bytes(8) + b"\r\nPRINT\r\n",
    CPCL % bytes(7),
    CPCL % bytes(9),
    CPCL.replace(b"%s\r\n", b"%sXY") % bytes(8),
    CPCL % bytes(8) + b"\x00",
    CPCL.replace(b"CG", b"EG") % bytes(16),
    CPCL.replace(b"0 0 %s", b"0 1 %s") % bytes(8),
    CPCL.replace(b"0 0 %s", b"8 0 %s") % bytes(8),
    CPCL.replace(b"CG 2", b"CG x") % bytes(8),
    CPCL.replace(b"FORM\r\n", b"FORM\r\nFORM\r\n") % bytes(8),
    CPCL.replace(b"FORM\r\n", b"TEXT 4 0 0 0 hi\r\n") % bytes(8),
    CPCL.replace(b"FORM\r\n", b"PAGE-WIDTH 8\r\n") % bytes(8),
    CPCL.replace(b"FORM\r\n", b"CONTRAST 9\r\n") % bytes(8),
    CPCL.replace(b"FORM\r\n", b"FORM" + b" " * 70) % bytes(8),
]


@pytest.mark.parametrize("payload", BAD_ZPL)
def test_zpl_reader_refuses_what_it_does_not_know(payload: bytes) -> None:
    with pytest.raises(DeviceError, match=r"ZPL at byte \d+"):
        read_zpl(payload)


@pytest.mark.parametrize("payload", BAD_EPL)
def test_epl_reader_refuses_what_it_does_not_know(payload: bytes) -> None:
    with pytest.raises(DeviceError, match=r"EPL at byte \d+"):
        read_epl(payload)


@pytest.mark.parametrize("payload", BAD_CPCL)
def test_cpcl_reader_refuses_what_it_does_not_know(payload: bytes) -> None:
    with pytest.raises(DeviceError, match=r"CPCL at byte \d+"):
        read_cpcl(payload)


@pytest.mark.parametrize(
    "line",
    [
        b"BLINE 0 mm,0 mm", b"SPEED 99", b"DENSITY 16", b"SET CUTTER 1", b"GAPDETECT", b"CUT",
        b"OFFSET 1 mm", b"~!T", b"SELFTEST",
    ],
)  # fmt: skip
def test_tspl_reader_refuses_settings_beyond_their_range(line: bytes) -> None:
    job = b"SIZE 10 mm,10 mm\r\n%s\r\nCLS\r\nPRINT 1,1\r\n"
    assert read_tspl(job.replace(b"%s\r\n", b"")).labels
    with pytest.raises(DeviceError):
        read_tspl(job % line)


def test_good_jobs_are_read() -> None:
    assert read_zpl(ZPL % GOOD).commands[-1] == "^XZ"
    assert not read_epl(EPL % (b"\xff" * 8)).labels[0].bitmap.rows.any()
    assert read_cpcl(CPCL % (b"\xff" * 8)).labels[0].bitmap.rows.all()


def test_random_bytes_never_crash_a_reader() -> None:
    rng = random.Random(7)
    starts = (b"", b"^XA\n^PW9\n^LL9\n^FO0,0^GFA,1,1,1,", b"\nN\nq9\nQ9,16\nGW0,0,1,", CPCL[:40])
    for _ in range(1500):
        junk = rng.randbytes(rng.randint(0, 60))
        for start in starts:
            for read in (read_zpl, read_epl, read_cpcl):
                with contextlib.suppress(DeviceError):
                    read(start + junk)
