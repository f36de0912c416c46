"""What differs between locales when people type and read: separators, date order, words."""

from dataclasses import dataclass

MONTHS_EN = tuple(
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
MONTHS_FR = tuple(
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()  # noqa: SIM905
)
DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAYS_FR = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


@dataclass(frozen=True, slots=True)
class Locale:
    """Typing and display rules of one locale."""

    decimal: str
    thousands: str
    day_first: bool
    date_pattern: str
    true: str
    false: str
    months: tuple[str, ...]
    days: tuple[str, ...]
    argument: str  # what separates a formula's arguments when typed


ENGLISH_US = Locale(".", ",", False, "m/d/yyyy", "TRUE", "FALSE", MONTHS_EN, DAYS_EN, ",")
ENGLISH = Locale(".", ",", True, "dd/mm/yyyy", "TRUE", "FALSE", MONTHS_EN, DAYS_EN, ",")
FRENCH = Locale(",", "\u202f", True, "dd/mm/yyyy", "VRAI", "FAUX", MONTHS_FR, DAYS_FR, ";")


def locale_of(name: str) -> Locale:
    """Rules of "fr_FR", "en_GB"…; anything unknown reads as US English, Google's default."""
    if name.startswith("fr"):
        return FRENCH
    return ENGLISH if name.startswith("en") and name != "en_US" else ENGLISH_US
