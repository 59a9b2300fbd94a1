"""Photos of the demonstration, drawn: nobody's street, nobody's face."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from samen_core.api import store_upload
from samen_oog_oor.seed.plans import Plan
from samen_oog_oor.seed.world import World

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

SIZE = (640, 420)
SKY, GRASS, STONE, DARK = "#bcd7ea", "#8fb573", "#b9b2a8", "#3d4650"
PICTURES = {
    "lantaarnpaal": "Tekening van een lantaarn die niet brandt, bij een fietspad",
    "bijgeplaatst-afval": "Tekening van vuilniszakken naast een container",
    "losse-tegel": "Tekening van een stoep met scheve tegels",
    "graffiti": "Tekening van een muur met kladden",
    "bankje": "Tekening van een bankje zonder leuning",
    "boom": "Tekening van een boom met een dode tak",
}
"""What is drawn for which category, in words."""
EACH = 2


def add_pictures(world: World, plans: list[Plan]) -> None:
    """Give the newest cases of these categories a photo; on every second case staff looked at it, and everybody may see it."""
    for code, alt in PICTURES.items():
        found = [plan for plan in reversed(plans) if plan.category.code == code and plan.first_signal_id is not None][:EACH]
        for nth, plan in enumerate(found):
            public = nth == 0 and plan.is_public
            stored = BytesIO(_draw(code))
            store_upload(world.uow, stored, f"{code}.png", alt=alt, owner=plan.first_signal_id, public=public, pictures=True)


def _draw(code: str) -> bytes:
    """A picture as PNG."""
    from PIL import Image
    from PIL.ImageDraw import Draw

    image = Image.new("RGB", SIZE, SKY)
    pen = Draw(image)
    pen.rectangle((0, 260, 640, 420), fill=GRASS)
    pen.polygon(((180, 420), (460, 420), (360, 260), (280, 260)), fill=STONE)
    _DRAWN[code](pen)
    content = BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


def _lamp(pen: ImageDraw) -> None:
    pen.rectangle((0, 0, 640, 259), fill="#22303f")
    pen.rectangle((470, 70, 482, 330), fill=DARK)
    pen.rectangle((420, 60, 482, 72), fill=DARK)
    pen.ellipse((404, 62, 440, 90), fill="#55606b")


def _bags(pen: ImageDraw) -> None:
    pen.rectangle((330, 150, 450, 330), fill="#4d6b57", outline=DARK, width=4)
    pen.rectangle((350, 175, 430, 205), fill=DARK)
    for left in (200, 255, 470):
        pen.ellipse((left, 260, left + 80, 345), fill="#2f3338")
        pen.polygon(((left + 30, 268), (left + 50, 268), (left + 40, 240)), fill="#2f3338")


def _tiles(pen: ImageDraw) -> None:
    for row in range(5):
        for column in range(8):
            x, y = 40 + column * 72, 170 + row * 46
            shift = 10 if (row, column) in ((2, 3), (2, 4), (3, 3)) else 0
            pen.polygon(((x, y - shift), (x + 66, y + shift), (x + 66, y + 40 + shift), (x, y + 40 - shift)), fill=STONE, outline=DARK)


def _wall(pen: ImageDraw) -> None:
    pen.rectangle((60, 80, 580, 320), fill="#a5644e")
    for y in range(100, 320, 20):
        pen.line((60, y, 580, y), fill="#8b5140", width=2)
    for x, y, colour in ((120, 140, "#2e6fb7"), (260, 180, "#e7c13c"), (400, 150, "#c2407a")):
        pen.arc((x, y, x + 110, y + 90), 20, 300, fill=colour, width=12)


def _bench(pen: ImageDraw) -> None:
    pen.rectangle((180, 270, 460, 288), fill="#7a5635")
    for left in (200, 420):
        pen.rectangle((left, 288, left + 14, 340), fill=DARK)
    pen.rectangle((204, 200, 214, 270), fill=DARK)


def _tree(pen: ImageDraw) -> None:
    pen.rectangle((300, 190, 336, 350), fill="#6b4b2f")
    pen.ellipse((200, 40, 440, 230), fill="#5f8f4e")
    pen.line((336, 240, 450, 190), fill="#8c8073", width=10)


_DRAWN: dict[str, Any] = {
    "lantaarnpaal": _lamp,
    "bijgeplaatst-afval": _bags,
    "losse-tegel": _tiles,
    "graffiti": _wall,
    "bankje": _bench,
    "boom": _tree,
}
