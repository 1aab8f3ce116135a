"""What a person types, one module a command. Their docstrings are the help, and the documentation."""
