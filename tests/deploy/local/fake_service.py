"""A stand-in for a service: answers on its ops port, ends on SIGTERM, can be told to fail. Run as a program only.

It writes what it was started with to RECORD_DIR, one JSON file per start.
"""

import json
import os
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Ops(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


def main(service: str, verb: str) -> None:
    started = {"service": service, "verb": verb, "pid": os.getpid(), "env": dict(os.environ)}
    record = Path(os.environ["RECORD_DIR"], f"{service}-{verb}-{os.getpid()}.part")
    record.write_text(json.dumps(started))
    record.rename(
        record.with_suffix(".json")
    )  # whole or not at all: it may be read, or we be killed, at any moment
    if os.environ.get("FAIL") == f"{service} {verb}":
        sys.exit("this service was told to fail")
    if verb == "mint-coordinator":
        sys.stdout.write("a-token\n")
    if verb in {"serve", "work", "run"}:
        server = ThreadingHTTPServer((os.environ["OPS_HOST"], int(os.environ["OPS_PORT"])), Ops)
        signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
        server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
