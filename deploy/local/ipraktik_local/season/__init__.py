"""A whole season of the programme, played over the public interfaces only, and then reconciled to the last event.

The people are made up from a seed, and so is what each of them does; the same seed plays the same season. What the driver
knows it has from answers over HTTP and from the mails that arrived, as the people would.
"""
