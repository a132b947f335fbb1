"""What can be done with a programme: its versions, and the items put under its entries."""
