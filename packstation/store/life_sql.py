"""What an import writes over an order that this house has decided about, as SQL.

A file's word goes before what is here, but for what somebody here has answered: a wish to cancel
that was turned down stays turned down until the buyer asks again, and an order that this house
has cancelled is not brought back by a file that was made before.
"""

from __future__ import annotations

_SAME_WISH = "orders.answered_us IS excluded.cancel_requested_us"
_ENDED = (
    "(orders.ended IN ('accepted', 'seller') OR (orders.ended = 'expired'"
    f" AND excluded.why_not = 'cancel_requested' AND {_SAME_WISH}))"
)
_WAIVED = (
    "(orders.waived = excluded.why_not"
    f" AND (excluded.why_not <> 'cancel_requested' OR {_SAME_WISH}))"
)
OVER_IMPORT = {
    "why_not": f"CASE WHEN {_ENDED} THEN 'cancelled' WHEN {_WAIVED} THEN NULL"
    " ELSE excluded.why_not END",
    "ended": f"CASE WHEN {_ENDED} THEN orders.ended END",
    "waived": f"CASE WHEN {_WAIVED} THEN orders.waived END",
    "cancel_told_us": "CASE WHEN excluded.why_not = 'cancel_requested'"
    " THEN iif(orders.cancel_told_us IS NOT NULL"
    " AND orders.cancel_requested_us IS excluded.cancel_requested_us,"
    " orders.cancel_told_us, excluded.cancel_told_us) END",
}
"""Column → its value when an order that is there already is imported again."""
