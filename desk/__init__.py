"""The work: rules, counter, daily file, province and screens of a commune's one-stop desk."""
