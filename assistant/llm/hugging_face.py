"""A GGUF file named by its place on Hugging Face, fetched once."""

from __future__ import annotations

import logging
import re

from assistant.errors import ModelError

logger = logging.getLogger(__name__)

_PREFIX = "hf:"
_PLACE = re.compile(r"(?P<repository>[^/\s]+/[^/\s]+)/(?P<file>[^\s]+\.gguf)")
_INSTALL = "pip install 'abstract-assistant[local]'"


def locate_gguf(name: str) -> str:
    """Returns the path of a GGUF file: ``name`` itself, or of 'hf:OWNER/REPOSITORY/FILE' its copy.

    The copy is that in the cache of huggingface_hub. Where there is none yet, the file is fetched,
    and a warning is logged before.

    Raises:
        ModelError: the place is no place of a GGUF file, huggingface_hub is not installed, or the
            file cannot be fetched.
    """
    if not name.startswith(_PREFIX):
        return name
    place = _PLACE.fullmatch(name.removeprefix(_PREFIX))
    if place is None:
        raise ModelError(
            f"{name!r} is no file on Hugging Face; write hf:OWNER/REPOSITORY/FILE.gguf"
        )
    try:
        from huggingface_hub import errors, hf_hub_download
    except ImportError as exc:
        raise ModelError(
            f"fetching {name!r} needs huggingface_hub; install it with: {_INSTALL}"
        ) from exc
    repository, file = place["repository"], place["file"]
    try:
        return str(hf_hub_download(repository, file, local_files_only=True))
    except errors.LocalEntryNotFoundError:
        logger.warning(
            "fetching %s of %s from Hugging Face, once; it may take minutes", file, repository
        )
    try:
        return str(hf_hub_download(repository, file))
    except errors.GatedRepoError as exc:
        raise ModelError(
            f"Hugging Face gives out {name!r} only to those who accepted its terms; do so on its "
            "page, and set HF_TOKEN"
        ) from exc
    except Exception as exc:
        is_missing = isinstance(exc, errors.RepositoryNotFoundError | errors.EntryNotFoundError)
        if is_missing and not isinstance(exc, errors.LocalEntryNotFoundError):
            raise ModelError(
                f"Hugging Face has no file {name!r}; check its name, or set HF_TOKEN where it is "
                "not public"
            ) from exc
        raise ModelError(
            f"{name!r} cannot be fetched ({type(exc).__name__}); check the network and the space "
            "on the disk, or fetch the file yourself and name its path",
            retryable=True,
        ) from exc
