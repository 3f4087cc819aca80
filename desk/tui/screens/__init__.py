"""The screens of screens.md, each with its style sheet beside it."""
