"""The published report: as a page, as PDF, as CSV. All three are made of the same sections, from the frozen body alone."""
