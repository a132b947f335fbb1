"""What can be done with an item, one file for each phase; import the act from its file."""
