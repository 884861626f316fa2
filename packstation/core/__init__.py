"""Pure rules of the trade: events in, verdicts and effects out; standard library only."""
