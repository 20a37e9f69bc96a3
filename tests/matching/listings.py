"""A few made-up listings that the matching tests share."""

from matching import Document

POWDER = Document(
    "powder",
    "高温合金粉末的制备方法",
    "采用真空感应气雾化制备粒径15-53μm的高温合金粉末,纯度≥99.9%,用于航空发动机叶片增材制造。",
    ("高温合金", "增材制造"),
)
SENSOR = Document(
    "sensor",
    "PM2.5 monitoring sensors",
    "Low-cost laser scattering sensors for the monitoring of PM2.5 in cities.",
    ("air quality",),
)
MAIZE = Document("maize", "玉米抗旱品种选育", "以分子标记选育抗旱玉米新品种,亩产提高8%。", ("玉米", "抗旱"))
MEMBRANE = Document(
    "membrane",
    "反渗透膜 Reverse osmosis membrane",
    "用于海水淡化的反渗透膜,脱盐率99.7%。\nA reverse osmosis membrane for desalination.",
)
LISTINGS = (POWDER, SENSOR, MAIZE, MEMBRANE)
NEED = Document("need", "寻找航空发动机用高温合金粉末", "需要粒径15-53μm的高温合金粉末,用于增材制造。")
