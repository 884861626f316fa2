"""What the second form of the database adds; shipped: never changed again."""

from __future__ import annotations

from packstation.store.form_2.life import LIFE
from packstation.store.form_2.order_index import ORDER_INDEX
from packstation.store.form_2.pools import POOLS
from packstation.store.form_2.scores import SCORES
from packstation.store.form_2.sheets import SHEETS
from packstation.store.form_2.shipments import SHIPMENTS
from packstation.store.form_2.staging import STAGING
from packstation.store.form_2.urges import URGES

VERSION_2 = (*LIFE, *SHIPMENTS, *POOLS, *URGES, *SCORES, *SHEETS, *ORDER_INDEX, *STAGING)
"""Every statement of the step, in order."""
