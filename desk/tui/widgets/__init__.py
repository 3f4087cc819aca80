"""The small set of widgets every screen is made of."""
