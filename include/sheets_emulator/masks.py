"""Field masks: `a,b.c,d(e,f/g)` as a tree; selecting from an answer, copying into an object."""

from typing import Any

from .errors import ApiError, Refused

Tree = dict[str, "Tree"]  # an empty tree means: everything below
WILDCARD = "*"


def parse(text: str) -> Tree:
    """The tree of a mask. Raises ValueError on unbalanced parentheses or an empty name."""
    tree, position = _parse_list(text.replace(" ", ""), 0)
    if position != len(text.replace(" ", "")):
        raise ValueError(f"unexpected character at {position} in {text!r}")
    return tree


def _parse_list(text: str, position: int) -> tuple[Tree, int]:
    tree: Tree = {}
    while True:
        position = _parse_path(text, position, tree)
        if position < len(text) and text[position] == ",":
            position += 1
            continue
        return tree, position


def _parse_path(text: str, position: int, tree: Tree) -> int:
    start = position
    while position < len(text) and text[position] not in ",()./":
        position += 1
    name = text[start:position]
    if not name:
        raise ValueError(f"a name is missing at {start} in {text!r}")
    name = camel(name)
    known = name in tree
    whole = known and not tree[name]
    branch = tree.setdefault(name, {})
    if position < len(text) and text[position] in "./":
        position = _parse_path(text, position + 1, branch)
    elif position < len(text) and text[position] == "(":
        inner, position = _parse_list(text, position + 1)
        if position >= len(text) or text[position] != ")":
            raise ValueError(f"a parenthesis is not closed in {text!r}")
        _merge(branch, inner)
        position += 1
    else:
        whole = True
    if whole:
        tree[name] = {}
    return position


def _merge(into: Tree, other: Tree) -> None:
    for name, branch in other.items():
        if name in into and (not into[name] or not branch):
            into[name] = {}
        else:
            _merge(into.setdefault(name, {}), branch)


def camel(name: str) -> str:
    """`user_entered_value` → `userEnteredValue`; camelCase stays."""
    head, *rest = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


def select(value: Any, tree: Tree) -> Any:
    """What the mask leaves of an answer; lists are looked through, absent fields stay absent."""
    if not tree or WILDCARD in tree:
        return value
    if isinstance(value, list):
        return [select(item, tree) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: select(value[name], branch) for name, branch in tree.items() if name in value}


def wants(tree: Tree | None, *path: str) -> bool:
    """Whether an answer under this mask (None: everything) contains anything at the path."""
    for name in path:
        if not tree or WILDCARD in tree:
            return True
        if name not in tree:
            return False
        tree = tree[name]
    return True


def branch_of(tree: Tree | None, *path: str) -> Tree | None:
    """The part of the mask below the path; None when everything is wanted."""
    for name in path:
        if not tree or WILDCARD in tree:
            return None
        tree = tree.get(name)
    return tree or None


def answer_tree(text: str, schema: str, known: Any) -> Tree:
    """The tree of a `fields` parameter, checked by `known(schema, tree)` → first unknown path or None."""
    try:
        tree = parse(text)
    except ValueError:
        raise _bad_mask(text) from None
    unknown = known(schema, tree)
    if unknown:
        raise _bad_mask(unknown)
    return tree


def _bad_mask(path: str) -> ApiError:
    text = f"Error expanding 'fields' parameter. Cannot find matching fields for path '{path}'."
    return ApiError(400, "Request contains an invalid argument.", violations=[(path, text)])


def update_tree(text: str | None, schema: str, known: Any) -> Tree:
    """The tree of a request's `fields`; the wildcard becomes an empty tree. Raises Refused."""
    if not text:
        raise Refused("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    if text == WILDCARD:
        return {}
    try:
        tree = parse(text)
    except ValueError:
        raise Refused(f"Invalid field mask: {text}") from None
    unknown = known(schema, tree)
    if unknown:
        raise Refused(f"Invalid field: {unknown}")
    return tree


def assign(old: dict[str, Any], new: dict[str, Any], tree: Tree) -> dict[str, Any]:
    """A copy of `old` in which the masked fields are those of `new` (absent there: removed)."""
    if not tree or WILDCARD in tree:
        return dict(new)
    result = dict(old)
    for name, branch in tree.items():
        value = new.get(name)
        if branch and WILDCARD not in branch and isinstance(value or old.get(name), dict):
            value = assign(old.get(name) or {}, value or {}, branch)
        if value is None or value == {}:
            result.pop(name, None)
        else:
            result[name] = value
    return result
