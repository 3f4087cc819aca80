"""The record: what a dossier is, how it is kept, found and protected."""
