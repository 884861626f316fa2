"""Labels, lists and receipts: from words and millimetres to printer bytes."""
