"""What changed between two readings of one order, as a packer must hear it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.core.difference import Difference, difference
from packstation.core.orders import ImportedOrder, Order, Person, Recipient
from tests.builders import a_line, an_order, yt

SOMEBODY = Person(name="A B", phone="1", address="Canary Street 8", zip_code="2")


def told(old: Order, new: Order, who: Person = SOMEBODY, then: Person = SOMEBODY) -> Difference:
    return difference(ImportedOrder(old, then), ImportedOrder(new, who))


def test_less_is_taken_out_and_more_is_put_in_by_product() -> None:
    old = an_order("1", a_line("A-01", 3), a_line("B-02", 1), a_line("C-03", 1))
    new = an_order("1", a_line("C-03", 1), a_line("A-01", 1), a_line("D-04", 2))
    found = told(old, new)
    assert found.take_out == (("A-01", 2), ("B-02", 1))
    assert found.add == (("D-04", 2),)
    assert found.on_paper


def test_goods_in_other_lines_are_the_same_goods() -> None:
    old = an_order("1", a_line("A-01", 3, line_key="1"))
    new = an_order("1", a_line("A-01", 2, line_key="1"), a_line("A-01", 1, line_key="2"))
    assert told(old, new) == Difference(lines=True)
    assert told(old, new).to_pack
    assert not told(old, new).on_paper


@pytest.mark.parametrize(
    "more", [{"title": "Another"}, {"bin": "Z-9"}, {"spec": "red"}, {"gift": True}]
)
def test_words_beside_a_product_are_no_change(more: dict[str, object]) -> None:
    new = an_order("1", a_line("A-01", 1, **more))
    assert told(an_order("1", a_line("A-01", 1)), new) == Difference()


def test_without_a_sku_the_barcode_and_then_the_title_name_the_product() -> None:
    old = an_order("1", a_line("", 1, line_key="1", barcode="690", title="T", spec="red"))
    new = an_order("1", a_line("", 2, line_key="1", barcode="", title="U", spec="blue"))
    assert told(old, new).take_out == (("690", 1),)
    assert told(old, new).add == (("U", 2),)
    assert told(old, an_order("1", replace(old.lines[0], spec="blue"))).lines


@pytest.mark.parametrize(
    ("who", "changed"),
    [
        (replace(SOMEBODY, name=" a  Ｂ "), False),
        (replace(SOMEBODY, nick="other"), False),
        (replace(SOMEBODY, address="Canary Street 9"), True),
        (replace(SOMEBODY, phone=None), True),
    ],
)
def test_only_another_recipient_is_another_recipient(who: Person, changed: bool) -> None:
    assert told(an_order(), an_order(), who).recipient is changed


@pytest.mark.parametrize("kind", [Recipient.MASKED, Recipient.MISSING])
def test_stars_say_nothing_but_the_platforms_own_id_does(kind: Recipient) -> None:
    starred, star = an_order(recipient=kind), Person(name="A*")
    assert not told(an_order(), starred, star).recipient
    assert not told(starred, an_order(), then=star).recipient
    one, two = replace(star, platform_hash="1"), replace(star, platform_hash="2")
    assert told(starred, starred, one, two).recipient
    assert not told(starred, starred, one, one).recipient
    assert not told(starred, starred, one, star).recipient


def test_a_silent_file_changes_neither_carrier_nor_number() -> None:
    named = an_order(tracking_number=yt(1))
    assert told(named, an_order(carrier=None)) == Difference()
    assert told(named, an_order(tracking_number=yt(2))).number
    assert told(named, an_order(tracking_number=yt(1), carrier="SF")).carrier


def test_the_number_on_the_label_comes_back_from_the_platform() -> None:
    old, new = an_order(carrier=None), an_order(tracking_number=yt(7))
    both = ImportedOrder(old, SOMEBODY), ImportedOrder(new, SOMEBODY)
    assert new.carrier is not None
    assert difference(*both, number=yt(7), carrier=new.carrier) == Difference()
    assert difference(*both, number=yt(8)).number


def test_new_words_of_the_buyer_only_need_reading() -> None:
    found = told(an_order(), an_order(), replace(SOMEBODY, buyer_message="two boxes"))
    assert found == Difference(notes=True)
    assert found.to_pack
    assert not found.on_paper


LINES = st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 5)), min_size=1, max_size=4).map(
    lambda found: tuple(a_line(s, n, line_key=str(i)) for i, (s, n) in enumerate(found))
)


@given(LINES, LINES)
def test_what_is_taken_out_and_put_in_makes_the_new_order(old: tuple, new: tuple) -> None:  # type: ignore[type-arg] # lines
    found = told(an_order("1", *old), an_order("1", *new))
    box: dict[str, int] = {}
    for line in old:
        box[line.sku] = box.get(line.sku, 0) + line.quantity
    for name, units in found.take_out:
        box[name] -= units
        assert units > 0
    for name, units in found.add:
        box[name] = box.get(name, 0) + units
    wanted: dict[str, int] = {}
    for line in new:
        wanted[line.sku] = wanted.get(line.sku, 0) + line.quantity
    assert {name: n for name, n in box.items() if n} == wanted
