from __future__ import annotations

import pytest
from assistant_ui.server.proxies import Proxies, read_names, read_proxies

from assistant import SettingsError


def test_only_a_named_proxy_is_believed() -> None:
    proxies = read_proxies(["127.0.0.1", "10.0.0.0/8", "fd00::/8"])
    for address in ("127.0.0.1", "10.1.2.3", "fd00::1"):
        assert address in proxies
    for address in ("127.0.0.2", "11.0.0.1", "", "unix:", None):
        assert address not in proxies
    assert "127.0.0.1" not in Proxies()
    assert not Proxies()


@pytest.mark.parametrize("text", ["", "proxy", "10.0.0.1/8", "*", "127.0.0.1:80"])
def test_what_is_no_proxy_is_one_sentence(text: str) -> None:
    with pytest.raises(SettingsError, match="is no address or network"):
        read_proxies([text])


def test_names() -> None:
    assert read_names(["Papers.Example.org", "papers.local:8000"]) == (
        "papers.example.org",
        "papers.local",
    )
    with pytest.raises(SettingsError, match="is no name of a server"):
        read_names(["https://papers.example.org/"])
