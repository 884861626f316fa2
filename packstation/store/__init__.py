"""SQLite: the journal, its projections, the outbox and the people vault."""
