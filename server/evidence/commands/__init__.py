"""What people and phones do with evidence; one command is one transaction."""
