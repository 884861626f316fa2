"""What platforms say about cancelling is data of their profile files, checked on load."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from packstation.core.life import Consequence, Instead, PlatformRules
from packstation.errors import DataFileError
from packstation.exchange.platform_rules import load_platform_rules
from packstation.exchange.profile_files import load_profile
from tests.conftest import ROOT

HEAD = 'name = "moon"\nfamily = "moonmarket"\n'


def test_the_shipped_files_say_what_the_documents_say() -> None:
    found = load_platform_rules(ROOT / "resources" / "shops")
    (rules,) = (one for one in found.values() if one.consequence is not None)
    assert rules.answer_within("TH") == timedelta(hours=48)
    assert rules.answer_within("US") == timedelta(hours=24)
    assert rules.consequence is Consequence.STOCK_ZERO_DELISTED
    assert (rules.cancel_needs, rules.instead) == ("supervisor", tuple(Instead))
    assert rules.print_batch_limit == 50


def test_a_platform_that_says_half_gets_the_rest_by_default(tmp_path: Path) -> None:
    (tmp_path / "moon.toml").write_text(HEAD + "[cancellation]\nanswer_within_h = 12\n")
    (tmp_path / "sun.toml").write_text('name = "sun"\nfamily = "sun"\n')
    found = load_platform_rules(tmp_path)
    assert found == {"moonmarket": PlatformRules(answer_within_h=12)}
    assert found["moonmarket"].answer_within("") == timedelta(hours=12)


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("[cancellation]\nanswer_within_hours = 3\n", "answer_within_hours", 4),
        ("[cancellation]\nanswer_within_h = 0\n", "answer_within_h", 4),
        ('[cancellation]\nanswer_within_h = "2"\n', "answer_within_h", 4),
        ("[cancellation]\nanswer_within_h_in = { US = 0 }\n", "US", 1),
        ('[seller_cancel]\nneeds = "anybody"\n', "needs", 4),
        ('[seller_cancel]\nconsequence = "rain"\n', "consequence", 4),
        ('[seller_cancel]\ninstead = ["hold", "pray"]\n', "instead", 4),
        ("[printing]\nbatch_limit = 0\n", "batch_limit", 4),
        ("[printing]\nbatch_limit = 501\n", "batch_limit", 4),
        ('[printing]\nbatch_limit = "many"\n', "batch_limit", 4),
        ("[printing]\nbatch = 3\n", "batch", 4),
    ],
)
def test_a_wrong_word_is_told_with_file_key_and_line(
    tmp_path: Path, text: str, key: str, line: int
) -> None:
    path = tmp_path / "moon.toml"
    path.write_text(HEAD + text)
    for load in (lambda: load_platform_rules(tmp_path), lambda: load_profile(path)):
        with pytest.raises(DataFileError) as caught:
            load()
        assert caught.value.facts == {"file": "moon.toml", "key": key, "line": line}


def test_the_most_labels_of_one_batch_are_data(tmp_path: Path) -> None:
    (tmp_path / "moon.toml").write_text(HEAD + "[printing]\nbatch_limit = 20\n")
    assert load_platform_rules(tmp_path) == {"moonmarket": PlatformRules(print_batch_limit=20)}


def test_two_files_of_one_platform_do_not_both_say_it(tmp_path: Path) -> None:
    for name in ("moon", "moon2"):
        (tmp_path / f"{name}.toml").write_text(HEAD + "[cancellation]\nanswer_within_h = 12\n")
    with pytest.raises(DataFileError, match="another file"):
        load_platform_rules(tmp_path)
