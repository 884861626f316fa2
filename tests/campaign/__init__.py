"""The campaign: kill the real process at every kind of write and ask a model what must be true."""
