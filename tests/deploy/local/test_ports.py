"""A reserved port is nobody else's, yet open to the server it is for."""

import socket

import pytest

from ipraktik_local.ports import HOST, reserve_port


def test_a_reserved_port_can_be_listened_on_by_a_server_that_reuses_addresses() -> None:
    with reserve_port() as port, socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((HOST, port.number))
        server.listen()
        socket.create_connection((HOST, port.number), timeout=5).close()


def test_nobody_answers_at_a_port_that_is_only_reserved() -> None:
    with reserve_port() as port, pytest.raises(ConnectionRefusedError):
        socket.create_connection((HOST, port.number), timeout=5)


def test_reserved_ports_differ() -> None:
    ports = [reserve_port() for _ in range(50)]
    try:
        assert len({port.number for port in ports}) == 50
    finally:
        for port in ports:
            port.release()


def test_a_released_port_is_free_for_anybody() -> None:
    port = reserve_port()
    port.release()
    port.release()

    with socket.socket() as anybody:
        anybody.bind((HOST, port.number))
