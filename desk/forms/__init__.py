"""The official slips."""
