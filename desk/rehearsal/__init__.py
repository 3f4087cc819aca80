"""Practice centres and made-up dossiers."""
