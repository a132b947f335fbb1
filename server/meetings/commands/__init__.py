"""What can be done with a meeting, one file for each act; import the act from its file."""
