"""The imperative shell: engine, rooms and what carries effects out."""
