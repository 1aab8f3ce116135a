"""A subscriber to Innovationspraktik's events, made for copying: `intake.py` is its heart, the two others bring it records."""
