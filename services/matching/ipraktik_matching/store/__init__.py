"""All SQL of matching, in named functions, connection first."""
