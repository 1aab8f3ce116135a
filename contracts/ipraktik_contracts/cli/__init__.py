"""`ipraktik-events`: look at the event stream, prove it, rebuild from it, play a fictional one, and check a subscriber against it.

Everything here needs the extra `cli` (typer, rich, aiokafka); the rest of the package never imports it. `proof/` and `lives/` know
no broker and no terminal, `commands/` is what a person types, and the modules between them speak to Kafka.
"""
