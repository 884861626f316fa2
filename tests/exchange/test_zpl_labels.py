"""Labels in ZPL: taken apart, and never more than drawing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packstation.errors import ImportFileError
from packstation.exchange.label_zpl import ZplSource
from tests.exchange.made_labels import zpl
from tests.exchange.test_label_files import read, refusal


def test_labels_in_zpl_are_taken_apart(tmp_path: Path) -> None:
    text = zpl("YT8800000000001") + zpl(">:YT8800000000002", width=1200, height=1800)
    found = read(tmp_path, text.encode(), "labels.zpl")
    assert [one.codes for _, one in found] == [("YT8800000000001",), ("YT8800000000002",)]
    assert [one.key for _, one in found] == ["8:800x1200", "12:1200x1800"]
    assert [(one.width_mm, one.height_mm) for _, one in found] == [(100, 150), (100, 150)]
    assert all(one.content.count(b"^XA") == one.content.count(b"^XZ") == 1 for _, one in found)


def test_zpl_codes_are_said_as_a_scanner_says_them() -> None:
    text = (
        "^XA^FO1,1^BCN,90^FH^FD>;YT88_30_30000001^FS^FO1,9^BQN,2,4^FDQA,5001^FS"
        "^FO9,9^B7N,4,4^FDWang Xiaoming^FS^FO2,2^FDplain^FS^XZ"
    )
    ((_, (found,)),) = ZplSource(text.encode(), "a.zpl").labels(None)
    assert found.codes == ("YT8800000001", "5001")


def test_zpl_prints_once_and_leaves_the_printers_set_up_alone() -> None:
    text = zpl("YT8800000000001", more="^PQ7,0,1,Y^MMC^MNM~SD30^PR14")
    ((_, (found,)),) = ZplSource(text.encode(), "a.zpl").labels(None)
    for command in (b"^PQ", b"^MM", b"^MN", b"~SD", b"^PR"):
        assert command not in found.content
    assert b"^BCN" in found.content


PREAMBLE = (
    "CT~~CD,~CC^~CT~\r\n^XA~TA000~JSN^LT0^MNW^MTT^PON^PMN^LH8,0^JMA^PR6,6~SD15^JUS^LRN^CI28^XZ\r\n"
)


def test_the_set_up_of_label_design_programs_is_left_out(tmp_path: Path) -> None:
    text = PREAMBLE + zpl("YT8800000000001", more="~JSN\r\n^JMA") + zpl("YT8800000000002")
    found = [one for _, one in read(tmp_path, text.encode(), "labels.zpl")]
    assert [one.codes for one in found] == [("YT8800000000001",), ("YT8800000000002",)]
    for one in found:
        assert not any(word in one.content for word in (b"J", b"~", b"CT"))
        assert one.content.startswith(b"^XA"), "its own signs are the usual ones"
        assert b"^LH8,0" in one.content, "what holds for the labels behind it goes with each"
        assert b"^CI28" in one.content
        assert one.content.count(b"^XA") == one.content.count(b"^XZ") == 1


def test_pictures_in_working_memory_go_with_each_label() -> None:
    text = "~DGR:LOGO.GRF,2,1,FFFF" + zpl("YT8800000000001") + zpl("YT8800000000002")
    for _, (found,) in ZplSource(text.encode(), "a.zpl").labels(None):
        assert found.content.startswith(b"~DGR:LOGO.GRF")


FORBIDDEN = [
    ("^XA^JUF^XZ", "^JU"),
    ("^XA^JUN^XZ", "^JU"),
    ("^XA^JUSX^XZ", "^JU"),
    ("^XA^JU^XZ", "^JU"),
    ("^XA^JMB^XZ", "^JM"),
    ("^XA~JSB^XZ", "~JS"),
    ("^XA~JSN,1^XZ", "~JS"),
    ("^XA~JSN\x10^XZ", "0x10"),
    ("^XA^JSN^XZ", "^JS"),
    ("^XA~JUS^XZ", "~JU"),
    ("^XA^JZY^XZ", "^JZ"),
    ("~JSF^XA^XZ", "~JS"),
    ("CT~~CD,~CC+~CT~^XA^XZ", "~"),
    ("~CC^~CT~^XA^XZ", "~CC"),
    ("~JR^XA^XZ", "~JR"),
    ("^XA^KPab^XZ", "^KP"),
    ("~DYE:FONT,B,T,2,,ABCD^XA^XZ", "~DY"),
    ("~DGE:LOGO.GRF,2,1,FFFF^XA^XZ", "~DG"),
    ("^XA^IDR:*.*^XZ", "^ID"),
    ("^XA^ND2,A^XZ", "^ND"),
    ("^XA^DFR:X.ZPL^FS^XZ", "^DF"),
    ("^XA^CC!^XZ", "^CC"),
    ("^XA^MCN^FDx^FS^XZ", "^MC"),
    ("^XA^FDx~JA^FS^XZ", "~JA"),
    ("^XA^FDx\x10JA^FS^XZ", "0x10"),
    ("^XA^FO1,1^GFB,2,2,1,ab^FS^XZ", "^GF"),
    ("^XA^SXF,D,Y,Y^XZ", "^SX"),
    ("~WC^XA^XZ", "~WC"),
]


@pytest.mark.parametrize(("text", "command"), FORBIDDEN)
def test_zpl_that_does_more_than_draw_is_refused_by_name(
    tmp_path: Path, text: str, command: str
) -> None:
    error = refusal(tmp_path, (zpl("YT8800000000001") + text).encode(), "labels.zpl")
    assert error.code == "labels.forbidden_command"
    assert command in error.message


@settings(max_examples=300)
@given(st.text(alphabet="^~XAZFDSJUBCGQP01,:R_>\n", max_size=120))
def test_no_zpl_gets_through_with_a_command_that_is_not_on_the_list(text: str) -> None:
    allowed = {"^XA", "^XZ", "^FD", "^FS", "^BC", "^GB", "^PA", "^FP", "^GS", "^FB", "^GC", "^GD"}
    try:
        labels = [
            one for _, found in ZplSource(text.encode(), "a.zpl").labels(None) for one in found
        ]
    except ImportFileError:
        return
    for one in labels:
        content = one.content.decode()
        for place, sign in enumerate(content):
            if sign in "^~":
                name = content[place : place + 3].upper()
                known = name in allowed or name[:2] == "^A" or (sign == "~" and name == "~DG")
                assert known or name[1] in "BFGXP", name
                assert not name.startswith(("^J", "~J", "^Q", "^D", "^X_", "^Z")), name
