"""The `desk` command, one file per group of subcommands."""
