"""Reading a QR code back from its squares, or from a PDF that draws one: by the standard, not by its maker.

Nothing is mended: a code whose check words do not fit what it says is refused, so that a single wrong
square is found. Versions 1 to 8 with text in bytes, which holds every address of ours (ISO/IEC 18004).
"""

import re
import zlib
from collections.abc import Iterator

Squares = list[list[bool]]  # dark ones, without the quiet zone

# Check words of a block, and how many data words its blocks have, by version and level.
BLOCKS: dict[int, dict[str, tuple[int, list[int]]]] = {
    1: {"L": (7, [19]), "M": (10, [16]), "Q": (13, [13]), "H": (17, [9])},
    2: {"L": (10, [34]), "M": (16, [28]), "Q": (22, [22]), "H": (28, [16])},
    3: {"L": (15, [55]), "M": (26, [44]), "Q": (18, [17] * 2), "H": (22, [13] * 2)},
    4: {"L": (20, [80]), "M": (18, [32] * 2), "Q": (26, [24] * 2), "H": (16, [9] * 4)},
    5: {"L": (26, [108]), "M": (24, [43] * 2), "Q": (18, [15, 15, 16, 16]), "H": (22, [11, 11, 12, 12])},
    6: {"L": (18, [68] * 2), "M": (16, [27] * 4), "Q": (24, [19] * 4), "H": (28, [15] * 4)},
    7: {"L": (20, [78] * 2), "M": (18, [31] * 4), "Q": (18, [14] * 2 + [15] * 4), "H": (26, [13] * 4 + [14])},
    8: {
        "L": (24, [97] * 2),
        "M": (22, [38] * 2 + [39] * 2),
        "Q": (22, [18] * 4 + [19] * 2),
        "H": (26, [14] * 4 + [15] * 2),
    },
}
ALIGNED = {1: (), 2: (6, 18), 3: (6, 22), 4: (6, 26), 5: (6, 30), 6: (6, 34), 7: (6, 22, 38), 8: (6, 24, 42)}
LEVELS = {0b01: "L", 0b00: "M", 0b11: "Q", 0b10: "H"}
MASKS = (
    lambda y, x: (y + x) % 2 == 0,
    lambda y, _x: y % 2 == 0,
    lambda _y, x: x % 3 == 0,
    lambda y, x: (y + x) % 3 == 0,
    lambda y, x: (y // 2 + x // 3) % 2 == 0,
    lambda y, x: y * x % 2 + y * x % 3 == 0,
    lambda y, x: (y * x % 2 + y * x % 3) % 2 == 0,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2 == 0,
)
IN_BYTES = 0b0100
STREAM = re.compile(rb"<<[^>]*/FlateDecode[^>]*>>\s*stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
STROKE = re.compile(rb"(-?[\d.]+) (-?[\d.]+) m\s+(-?[\d.]+) (-?[\d.]+) l\s+")
STROKES = re.compile(
    rb"(?:-?[\d.]+ -?[\d.]+ m\s+-?[\d.]+ -?[\d.]+ l\s+){99,}[BS]"
)  # the smallest code has more


def text_in_pdf(pdf: bytes) -> str:
    """What the one QR code says that the PDF draws, in lines of dark squares."""
    found = [squares for stream in STREAM.findall(pdf) if (squares := _drawn(zlib.decompress(stream)))]
    assert len(found) == 1, f"{len(found)} pictures that could be a QR code"
    return text_of(found[0])


def _drawn(content: bytes) -> Squares | None:
    path = STROKES.search(content)
    if path is None:
        return None
    flat = [(x, y, until) for x, y, until, _end in (map(float, found) for found in STROKE.findall(path[0]))]
    left, top = min(x for x, _y, _until in flat), min(y for _x, y, _until in flat)
    unit = min(until - x for x, _y, until in flat)
    size = round((max(until for _x, _y, until in flat) - left) / unit)
    squares = [[False] * size for _ in range(size)]
    for x, y, until in flat:
        for at in range(round((x - left) / unit), round((until - left) / unit)):
            squares[round((y - top) / unit)][at] = True
    return squares


def text_of(squares: Squares) -> str:
    """What these squares say.

    Raises
    ------
    ValueError
        If they are no code that can be read without mending anything.
    """
    version, rest = divmod(len(squares) - 17, 4)
    if rest or version not in BLOCKS:
        raise ValueError("not the size of a QR code that is known here")
    level, mask = _format(squares)
    check, sizes = BLOCKS[version][level]
    words = _words(squares, version, mask)
    blocks: list[list[int]] = [[] for _ in sizes]
    order = [n for at in range(max(sizes)) for n, size in enumerate(sizes) if at < size]
    order += list(range(len(sizes))) * check
    for n, word in zip(order, words, strict=False):
        blocks[n].append(word)
    for block in blocks:
        _require_whole(block, check)
    bits = "".join(f"{word:08b}" for block in blocks for word in block[: len(block) - check])
    if int(bits[:4], 2) != IN_BYTES:
        raise ValueError("not text in bytes")
    length = int(bits[4:12], 2)
    return bytes(int(bits[12 + 8 * n : 20 + 8 * n], 2) for n in range(length)).decode()


def _format(squares: Squares) -> tuple[str, int]:
    places = [*((8, x) for x in (0, 1, 2, 3, 4, 5, 7, 8)), *((y, 8) for y in (7, 5, 4, 3, 2, 1, 0))]
    bits = int("".join(str(int(squares[y][x])) for y, x in places), 2) ^ 0b101010000010010
    return LEVELS[bits >> 13], bits >> 10 & 0b111


def _words(squares: Squares, version: int, mask: int) -> Iterator[int]:
    """The words in the order in which they stand: up and down in columns of two, from the right."""
    size, bits = len(squares), ""
    columns = [x for x in range(size - 1, 0, -2) if x > 6] + [5, 3, 1]
    for n, right in enumerate(columns):
        rows = range(size) if n % 2 else range(size - 1, -1, -1)
        for y in rows:
            for x in (right, right - 1):
                if not _is_pattern(y, x, size, version):
                    bits += str(int(squares[y][x] != MASKS[mask](y, x)))
    return (int(bits[at : at + 8], 2) for at in range(0, len(bits) - 7, 8))


def _is_pattern(y: int, x: int, size: int, version: int) -> bool:
    """Whether the square belongs to what a reader finds its way by, and not to the words."""
    if 6 in (y, x) or (y < 9 and (x < 9 or x >= size - 8)) or (y >= size - 8 and x < 9):
        return True
    if version >= 7 and ((y < 6 and x >= size - 11) or (x < 6 and y >= size - 11)):
        return True
    corners = {(6, 6), (6, size - 7), (size - 7, 6)}
    return any(
        abs(y - at) <= 2 and abs(x - across) <= 2 and (at, across) not in corners
        for at in ALIGNED[version]
        for across in ALIGNED[version]
    )


def _require_whole(block: list[int], check: int) -> None:
    """The check words fit: the block, as a polynomial, is 0 at as many powers of 2 as there are of them."""
    root = 1
    for _ in range(check):
        value = 0
        for word in block:
            value = _times(value, root) ^ word
        if value:
            raise ValueError("the check words do not fit")
        root = _times(root, 2)


def _times(one: int, other: int) -> int:
    """Multiply in the field of 256 elements of the standard."""
    found = 0
    while other:
        if other & 1:
            found ^= one
        one <<= 1
        if one & 0x100:
            one ^= 0x11D
        other >>= 1
    return found
