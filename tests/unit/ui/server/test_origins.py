from __future__ import annotations

import socket

import pytest
from assistant_ui.server.origins import hostname, is_own_name, is_same_origin
from starlette.datastructures import Headers


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("localhost:7860", "localhost"),
        ("LOCALHOST.", "localhost"),
        ("[::1]:7860", "::1"),
        ("127.0.0.1", "127.0.0.1"),
        ("", None),
        ("a b", None),
        ("localhost:7860:1", None),
        ("user@localhost", None),
        ("localhost/..", None),
        ("localhost:99999999", None),
    ],
)
def test_a_host_header_is_a_name_and_perhaps_a_port(host: str, name: str | None) -> None:
    assert hostname(host) == name


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:7860", "[::1]:7860", "localhost:9000"])
def test_this_machine_goes_by_its_loopback_names_behind_any_port(host: str) -> None:
    assert is_own_name(host, "127.0.0.1")


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:7860", "localhost.evil.example", "127.0.0.1.nip.io", ""]
)
def test_borrowed_names_are_refused_on_every_address(host: str) -> None:
    for served_on in ("127.0.0.1", "0.0.0.0", "::", "papers.lab"):
        assert not is_own_name(host, served_on)


def test_the_name_that_is_served_on_is_its_own() -> None:
    assert is_own_name("papers.lab:7860", "papers.lab")
    assert not is_own_name("10.0.0.7:7860", "papers.lab")


def test_on_all_addresses_any_address_and_the_name_of_the_machine_will_do() -> None:
    assert is_own_name("10.0.0.7:7860", "0.0.0.0")
    assert is_own_name("[fe80::1]:7860", "::")
    assert is_own_name(f"{socket.gethostname()}:7860", "0.0.0.0")


def same(method: str, **headers: str) -> bool:
    sent = {"host": "localhost:7860"} | {k.replace("_", "-"): v for k, v in headers.items()}
    return is_same_origin(Headers(sent), method)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_scripts_send_no_origin(method: str) -> None:
    assert same(method)


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_the_page_may_read_and_write(method: str) -> None:
    assert same(method, origin="http://localhost:7860", sec_fetch_site="same-origin")


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "http://localhost:3000",
        "http://localhost",
        "http://127.0.0.1:7860",
        "null",
        "http://[",
        "http://localhost:7860.evil.example",
    ],
)
def test_other_origins_may_neither_read_nor_write(origin: str) -> None:
    assert not same("POST", origin=origin)
    assert not same("GET", origin=origin)


def test_a_foreign_referrer_may_not_write() -> None:
    assert not same("POST", referer="http://evil.example/form")
    assert same("POST", referer="http://localhost:7860/")
    assert same("GET", referer="http://evil.example/links")


@pytest.mark.parametrize("site", ["cross-site", "same-site", "something-new"])
def test_a_link_from_elsewhere_opens_the_page_and_does_nothing_else(site: str) -> None:
    opens = {"sec_fetch_mode": "navigate", "sec_fetch_dest": "document"}
    assert same("GET", sec_fetch_site=site, **opens)
    assert not same("POST", sec_fetch_site=site, **opens)
    assert not same("GET", sec_fetch_site=site, sec_fetch_mode="no-cors", sec_fetch_dest="image")
    assert not same("GET", sec_fetch_site=site, sec_fetch_mode="navigate", sec_fetch_dest="iframe")
