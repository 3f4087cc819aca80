"""The screens, 80x24 and keyboard only."""
