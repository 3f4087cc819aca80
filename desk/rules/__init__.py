"""The rules of law and office: pure functions, no clock, no I/O, no ORM."""
