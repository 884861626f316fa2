"""A shop whose labels are printed elsewhere: the scan-back proves or binds the number."""

from __future__ import annotations

import pytest

from tests.journeys.table import MUG, SPOON, Table, why

PROVED, UNBOUND, OTHER = "EX26080101", "EX26080102", "EX26080103"
SETTINGS = '[shops.elsewhere]\nlabel_source = "external"\ncarrier = "YTO"\n'


@pytest.fixture
def shop(empty_table: Table) -> Table:
    empty_table.data.mkdir(mode=0o700)
    (empty_table.data / "settings.toml").write_text(SETTINGS, encoding="utf-8")
    empty_table.bring("labels-elsewhere.csv", "--shop", "elsewhere")
    return empty_table


def test_the_number_of_the_file_proves_the_label_and_nothing_is_printed(shop: Table) -> None:
    answers = shop.scan(PROVED, MUG, "YT7700000000099", "PSCMDOK", "YT7700000000011")
    assert why(answers) == [
        ("ORDER_OPENED", None),
        ("ORDER_COMPLETE", None),
        ("WRONG_LABEL", "not_this_parcel"),
        ("ACKNOWLEDGED", None),
        ("SEALED", None),
    ]
    assert answers[1]["phase"] == "CONFIRMING"
    assert answers[1]["effects"] == []
    assert shop.ask("print-jobs") == []


def test_a_number_that_fits_the_carrier_is_bound_to_an_order_without_one(shop: Table) -> None:
    answers = shop.scan(UNBOUND, SPOON, SPOON, "770000", "PSCMDOK", "YT7700000000555")
    assert why(answers)[2:] == [
        ("OVER_QUANTITY", "line_full"),
        ("WRONG_LABEL", "does_not_fit_carrier"),
        ("ACKNOWLEDGED", None),
        ("SEALED", None),
    ]
    bagged = shop.scan("PSCMDBAG", "YT7700000000555")[-1]
    assert (bagged["verdict"], bagged["order"]) == ("BAGGED", UNBOUND)


def test_a_number_that_belongs_to_another_order_is_never_bound(shop: Table) -> None:
    answers = shop.scan(UNBOUND, SPOON, "YT7700000000033", "PSCMDOK")
    assert why(answers)[2:] == [("WRONG_LABEL", "other_parcel_has_it"), ("ACKNOWLEDGED", None)]
    shop.scan("YT7700000000555")
    again = shop.scan(OTHER, SPOON, "YT7700000000555", "PSCMDOK", "YT7700000000033")
    assert why(again)[2:] == [
        ("WRONG_LABEL", "other_parcel_has_it"),
        ("ACKNOWLEDGED", None),
        ("SEALED", None),
    ]
