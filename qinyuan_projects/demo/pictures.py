"""Photos of the demo's reports: drawn, not taken. One is used a second time, in another project's report."""

import io
import random
import uuid

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from portfolio.actions import photos
from qinyuan_projects.demo.generation import SEED

SIZE = (800, 600)
SKIES = ((196, 212, 226), (214, 220, 224), (178, 200, 222))
EARTH, CONCRETE, STEEL = (152, 132, 104), (188, 186, 180), (116, 122, 130)

# (project, week) → number of the picture
PICTURES = {
    ("县人民医院住院综合楼建设项目", 19): 1,
    ("县人民医院住院综合楼建设项目", 20): 2,
    ("全民健身中心建设项目", 20): 3,
    ("全民健身中心建设项目", 21): 4,
    ("景凤镇卫生院标准化建设项目", 21): 5,
    ("王和镇龙首岭小流域水土保持综合治理工程", 18): 6,
    ("灵空山镇云梯沟小流域水土保持综合治理工程", 21): 6,
    ("王陶镇至铁杉沟县乡公路改造工程", 20): 7,
    ("县高级中学扩建项目", 21): 8,
}


def attach(by, plan, week):
    """Add the photo of this report, if it has one, to the draft that has been saved."""
    number = PICTURES.get((plan.project.name, week.number))
    if number is None:
        return
    upload = SimpleUploadedFile("现场.jpg", picture(number), "image/jpeg")
    key = uuid.uuid5(uuid.NAMESPACE_URL, f"{plan.project.name} {week}")
    photos.add(by=by, plan=plan, week=week, upload=upload, upload_key=key)


def picture(number):
    """A building site as a JPEG file: the same number gives the same bytes."""
    rng = random.Random(f"{SEED} picture {number}")
    image = Image.new("RGB", SIZE, rng.choice(SKIES))
    draw = ImageDraw.Draw(image)
    width, height = SIZE
    draw.rectangle((0, height * rng.uniform(0.6, 0.75), width, height), fill=EARTH)
    for _ in range(rng.randint(4, 7)):
        left, top = rng.randint(0, width - 160), rng.randint(120, height - 220)
        draw.rectangle((left, top, left + rng.randint(80, 240), height - rng.randint(40, 140)), fill=CONCRETE)
    mast = rng.randint(100, width - 100)
    draw.line((mast, 40, mast, height - 100), fill=STEEL, width=10)
    draw.line((mast - 90, 70, min(mast + 260, width), 70), fill=STEEL, width=8)
    for _ in range(40):
        x, y = rng.randint(0, width), rng.randint(0, height)
        draw.ellipse(
            (x, y, x + rng.randint(4, 40), y + rng.randint(4, 24)), fill=tuple(rng.choices(range(60, 220), k=3))
        )
    file = io.BytesIO()
    image.save(file, "JPEG", quality=80)
    return file.getvalue()
