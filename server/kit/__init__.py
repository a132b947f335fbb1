"""What every package needs and no domain word belongs to: database, clock, ids, errors, structs, HTTP, jobs."""
