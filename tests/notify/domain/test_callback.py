"""The address of a webhook is read strictly: two readers cannot understand two hosts by it."""

import pytest

from ipraktik_notify.domain.callback import BadCallback, Callback


@pytest.mark.parametrize(
    ("url", "host", "port", "target", "authority"),
    [
        ("https://events.example.dk/in", "events.example.dk", 443, "/in", "events.example.dk"),
        ("https://Events.Example.DK", "events.example.dk", 443, "/", "events.example.dk"),
        (
            "https://events.example.dk.:8443/a?b=c&d",
            "events.example.dk",
            8443,
            "/a?b=c&d",
            "events.example.dk:8443",
        ),
        ("https://events.example.dk?x=1", "events.example.dk", 443, "/?x=1", "events.example.dk"),
        ("http://10.20.1.2:8080/in", "10.20.1.2", 8080, "/in", "10.20.1.2:8080"),
        ("https://[2a00:1450::1]/in", "2a00:1450::1", 443, "/in", "[2a00:1450::1]"),
        ("https://[2A00:1450:0:0::1]:444/in", "2a00:1450::1", 444, "/in", "[2a00:1450::1]:444"),
        (
            "https://xn--rdbyhavn-k8a.example.dk/",
            "xn--rdbyhavn-k8a.example.dk",
            443,
            "/",
            "xn--rdbyhavn-k8a.example.dk",
        ),
    ],
)
def test_an_address_is_taken_apart(url: str, host: str, port: int, target: str, authority: str) -> None:
    made = Callback.parse(url)
    assert (made.host, made.port, made.target, made.authority) == (host, port, target, authority)
    assert made.encrypted is url.startswith("https")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "events.example.dk",
        "//events.example.dk/in",
        "ftp://events.example.dk/in",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_x",
        "https://",
        "https:///in",
        "https://events.example.dk/in#x",
        "https://events.example.dk/#",
        "https://user@events.example.dk/",
        "https://user:word@events.example.dk/",
        "https://public.example@127.0.0.1/",
        "https://events.example.dk\\@127.0.0.1/",
        "https://events.example.dk:0/",
        "https://events.example.dk:65536/",
        "https://events.example.dk:x/",
        "https://events example.dk/",
        "https://events.example.dk/\r\nHost: x",
        "https://events.example.dk/\x00",
        "https://rødby.example.dk/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://127.0.0.01/",
        "https://127.0.0.1.1/",
        "https://0/",
        "https://256.1.1.1/",
        "https://x.0x1/",
        "https://[::1/",
        "https://[::1%25eth0]/",
        "https://[fe80::1%eth0]/",
        "https://[v1.x]/",
        "https://-a.example.dk/",
        "https://a..example.dk/",
        "https://" + "a" * 64 + ".dk/",
        "https://" + "a." * 130 + "dk/",
        "https://events.example.dk/" + "a" * 1000,
    ],
)
def test_what_is_no_plain_address_is_refused_with_the_mend_and_not_repeated(url: str) -> None:
    with pytest.raises(BadCallback) as refused:
        Callback.parse(url)
    assert str(refused.value).endswith(".")
    assert len(url) < 12 or url not in str(refused.value)
