"""The proxies before the page: what they say of a visitor's address is believed."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass

from assistant_ui.server.origins import hostname

from assistant import SettingsError


@dataclass(frozen=True, slots=True)
class Proxies:
    """Addresses, or networks such as 10.0.0.0/8, that requests are forwarded from."""

    texts: tuple[str, ...] = ()

    def __contains__(self, address: object) -> bool:
        if not self.texts:
            return False
        try:
            found = ipaddress.ip_address(str(address))
        except ValueError:
            return False
        return any(found in ipaddress.ip_network(text) for text in self.texts)

    def __bool__(self) -> bool:
        return bool(self.texts)


def read_proxies(texts: Iterable[str]) -> Proxies:
    """Returns the proxies of these addresses and networks.

    Raises:
        SettingsError: one is neither.
    """
    for text in texts:
        try:
            ipaddress.ip_network(text)
        except ValueError:
            raise SettingsError(
                f"--behind-proxy {text!r} is no address or network; give the one that the proxy "
                "sends from, such as 127.0.0.1 or 10.0.0.0/8"
            ) from None
    return Proxies(tuple(texts))


def read_names(texts: Iterable[str]) -> tuple[str, ...]:
    """Returns the names, lower case, by which a proxy is known.

    Raises:
        SettingsError: one is no name.
    """
    names = []
    for text in texts:
        name = hostname(text)
        if name is None:
            raise SettingsError(
                f"--name {text!r} is no name of a server; give one such as papers.example.org"
            )
        names.append(name)
    return tuple(names)
