"""What the coordinators' board reads: set-based, a page at a time, never a row in a loop. Nothing is written from here."""
