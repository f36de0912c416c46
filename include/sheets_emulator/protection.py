"""Who may change which cells: protected ranges of a tab against the person who calls."""

from dataclasses import dataclass

from .errors import ApiError
from .model import Area, Json, Spreadsheet, Tab

REFUSAL = (
    "You are trying to edit a protected cell or object. "
    "Please contact the spreadsheet owner to remove protection if you need to edit."
)


@dataclass(frozen=True, slots=True)
class Guard:
    """Checks one caller's changes; `owner` may change everything."""

    book: Spreadsheet
    person: str
    owner: bool

    def check(self, tab: Tab, area: Area) -> None:
        """Raises ApiError (400, Google's sentence) when the area touches a range the caller may not edit."""
        if self.owner:
            return
        for protected in tab.parts.get("protectedRanges", []):
            if not protected.get("warningOnly") and not self.may_edit(protected) and self._covers(tab, protected, area):
                raise ApiError(400, REFUSAL)

    def check_tab(self, tab: Tab) -> None:
        """`check` for the whole grid: structural changes."""
        self.check(tab, tab.whole())

    def may_edit(self, protected: Json) -> bool:
        """Whether the caller made the protection or is among its editors."""
        editors = [name.lower() for name in protected.get("editors", {}).get("users", [])]
        me = self.person.lower()
        return self.owner or bool(protected.get("warningOnly")) or me in editors or me == protected.get("creator", "")

    def _covers(self, tab: Tab, protected: Json, area: Area) -> bool:
        if "namedRangeId" in protected:
            named = next((item for item in self.book.named_ranges
                          if item["namedRangeId"] == protected["namedRangeId"]), None)  # fmt: skip
            limits = tab.area(named["range"]) if named else tab.whole()
        else:
            limits = tab.area(protected.get("range", {}))
        if not limits.overlaps(area):
            return False
        free = [tab.area(item) for item in protected.get("unprotectedRanges", [])]
        return not any(
            hole.top <= area.top and area.bottom <= hole.bottom and hole.left <= area.left and area.right <= hole.right
            for hole in free
        )
