"""Numbered schema steps, one history for the desk and one for the province."""
