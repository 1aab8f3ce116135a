"""Evaluation: question sets, the answers of three parties in two waves, indicators and the report."""
