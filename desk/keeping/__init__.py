"""Backups of a centre, and bringing one back."""
