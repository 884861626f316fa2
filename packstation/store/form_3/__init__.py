"""What the third form of the database adds; edited until it is first shipped, then never again."""

from __future__ import annotations

from packstation.store.form_3.handovers import HANDOVERS
from packstation.store.form_3.label_pages import LABEL_PAGES
from packstation.store.form_3.orders import ORDERS
from packstation.store.form_3.print_jobs import PRINT_JOBS
from packstation.store.form_3.printers import PRINTERS

VERSION_3 = (*PRINT_JOBS, *LABEL_PAGES, *PRINTERS, *HANDOVERS, *ORDERS)
"""Every statement of the step, in order."""
