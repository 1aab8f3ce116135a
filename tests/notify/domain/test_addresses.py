"""Whom a webhook may call: public addresses and named networks, in whatever form an address is written."""

import pytest

from ipraktik_notify.domain.addresses import networks, standing


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - nothing listens there, it is refused
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:a9fe:a9fe",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:c0a8:101::1",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
    ],
)
def test_what_is_not_public_is_refused(address: str) -> None:
    assert standing(address, named=()) == "refused"


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "9.255.255.255",
        "100.128.0.1",
        "172.32.0.1",
        "192.169.0.1",
        "223.255.255.255",
        "::ffff:1.1.1.1",
        "64:ff9b::101:101",
        "2606:4700::1111",
        "2a00:1450:400f::1",
    ],
)
def test_what_is_public_may_be_called(address: str) -> None:
    assert standing(address, named=()) == "public"


def test_a_named_network_may_be_called_in_every_form_of_its_addresses() -> None:
    named = networks(" 10.20.0.0/16, fd00:1::/32 ,")
    assert standing("10.20.3.4", named=named) == "named"
    assert standing("::ffff:10.20.3.4", named=named) == "named"
    assert standing("fd00:1:2::3", named=named) == "named"
    assert standing("10.21.0.1", named=named) == "refused"
    assert standing("fd00:2::1", named=named) == "refused"
    assert standing("1.1.1.1", named=named) == "public"


@pytest.mark.parametrize("text", ["10.20.0.1/16", "intranet", "10.0.0.0/33", "fd00::/200"])
def test_a_network_that_is_none_is_named_with_the_mend(text: str) -> None:
    with pytest.raises(ValueError, match="write one as"):
        networks(f"10.0.0.0/8,{text}")


def test_no_network_is_named_where_nothing_is_set() -> None:
    assert networks("") == networks(" , ") == ()
