"""The daily summary file: build, seal, read, verify."""
