"""Use cases at the counter: each one unit of work, one journal event, one frozen result."""
