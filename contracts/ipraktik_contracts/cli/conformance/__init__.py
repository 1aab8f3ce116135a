"""What a subscriber must do with a hostile but legal stream, what it shows of it, and the verdict."""
