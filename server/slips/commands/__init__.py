"""What can be done with a slip and with the tasks it gives, one file for each phase."""
