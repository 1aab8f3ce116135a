"""Waiting for a fact with a bound, and asking asynchronous clients from ordinary functions."""

import asyncio
import socket
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def in_own_loop(question: Coroutine[object, object, T]) -> T:
    """Run a coroutine to its end, also when the caller is itself inside a running loop (an asynchronous test)."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, question).result()


def is_listening(address: str) -> bool:
    """Does anything accept connections at `host:port`?"""
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=1):
            return True
    except OSError:
        return False
