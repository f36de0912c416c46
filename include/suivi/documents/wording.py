"""Characters as the rest of the road expects them: NFC, plain spaces, no ligatures, one bullet marker."""

from __future__ import annotations

import re
import unicodedata

_REPLACED = {
    0x00A0: " ",
    0x2007: " ",
    0x202F: " ",
    0x2009: " ",
    0x200A: " ",
    0x2002: " ",
    0x2003: " ",
    0x3000: " ",
    0x0009: "\t",
    0x000B: "\n",
    0x000C: "\n",
    0x0085: "\n",
    0x2028: "\n",
    0x2029: "\n",
    0x2010: "-",
    0x2011: "-",
    0x00AD: None,
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "st",
    0xFB06: "st",
    # Wingdings and Symbol, as Word stores them in the private-use area
    0xF0E0: "→",
    0xF0E8: "→",
    0xF0DE: "→",
    0xF0AE: "→",
    0xF0FE: "☑",
    0xF052: "☑",
    0xF0FD: "☒",
    0xF054: "☒",
    0xF0FC: "✓",
    0xF02A: "*",
    0xF02B: "+",
    0xF028: "(",
    0xF029: ")",
    0xF02F: "/",
    0xF03A: ":",
    0xF0B0: "°",
    0xF0B3: "≥",
    0xF0A3: "≤",
    0xFFFC: None,
    0xFFFE: None,
    0xFFFF: None,
}
for _code in (*range(0x0E), *range(0x0E, 0x20), 0x7F, *range(0x86, 0xA0), *range(0x80, 0x85)):
    _REPLACED.setdefault(_code, None)  # controls
for _code in (0x200B, 0x200C, 0x200D, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF):
    _REPLACED[_code] = None  # zero-width and direction marks
_REPLACED[0x000A] = "\n"
_REPLACED[0x000D] = "\n"

_SURROGATES = re.compile("[\ud800-\udfff]")
_ODD = re.compile(
    "[" + "".join(re.escape(chr(code)) for code, sign in _REPLACED.items() if sign != chr(code)) + "\ud800-\udfff]"
)
_SPACES = re.compile(r"[ \t]+")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_ITEM_SIGNS = "•●○◦▪▫■□◆◇❖➢➤►▶▸‣⁃∙·⦁✓✔❑❒✗–—−"
_BULLET = re.compile(
    rf"^(?:[{_ITEM_SIGNS}\ue000-\uf8ff*](?:\s+|(?=[^\s\d*{_ITEM_SIGNS}]))|[o§Ø-]\s+|-(?=[^\W\d_]))(?=\S)"
)
_NUMBER = re.compile(
    r"""^(?:\(?(?:\d{1,2}(?:\.\d{1,2}){0,3}|[a-k]|[ivx]{1,4}|[IVX]{2,4})[.)]  # 1. 2.3) (a) iv. II.
    |[A-Z]\)|\d{1,2}(?:\.\d{1,2}){1,3}|\d{1,2}[°/-])\s+(?=\S)""",  # A) 2.3 1° 1/ 1-
    re.VERBOSE,
)
_ONE_SIGN = re.compile(rf"^[{_ITEM_SIGNS}\ue000-\uf8ff-]$")


def characters(text: str) -> str:
    """Normalised characters; spaces, tabs and newlines as they stand."""
    if text.isascii() and text.isprintable():
        return text
    if _ODD.search(text):
        text = _SURROGATES.sub("\ufffd", text.replace("\r\n", "\n").translate(_REPLACED))
    return unicodedata.normalize("NFC", text)


def line(text: str) -> str:
    """One line: normalised characters, runs of white space as one space."""
    return " ".join(characters(text).split())


def lines(text: str) -> str:
    """Several lines, each as `line` makes it; empty ones dropped."""
    folded = (" ".join(part.split()) for part in characters(text).split("\n"))
    return "\n".join(part for part in folded if part)


def bulleted(text: str) -> str | None:
    """The line with its bullet sign as "- ", or `None` when it opens with none."""
    match = _BULLET.match(text)
    return "- " + plain_signs(text[match.end() :]) if match else None


def numbered(text: str) -> bool:
    """Whether a line opens with a list number: "1. ", "a) ", "2.3 "."""
    return bool(_NUMBER.match(text))


def plain_signs(text: str) -> str:
    """Private-use signs that no table of ours knows, dropped."""
    return _PRIVATE.sub("", text).strip()


def marked(text: str) -> str:
    """Every line with its bullet as "- "; a bullet that stands alone on its line is joined to the next line."""
    done: list[str] = []
    held = False
    for part in text.split("\n"):
        if held:
            part, held = "- " + part, False
        elif _ONE_SIGN.match(part):
            held = True
            continue
        done.append(bulleted(part) or plain_signs(part))
    return "\n".join(part for part in done if part)
