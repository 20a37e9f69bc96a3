"""What is said, handed in and to be done in the rooms of the demonstration's deals."""

import io
from datetime import timedelta
from typing import Any

from django.utils import timezone

from marketplace.brokerage import services
from marketplace.brokerage.models import Audience, Deal, Seat


def talk(deal: Deal, *, manager: Any, officer: Any, firm: Any) -> None:
    """A thread of both sides, a word of one side with the manager, two tasks, a few ticks, the notes of a meeting."""
    question = services.post_message(
        deal, f"@{manager} 样品的检测报告何时能给？我们下周开评审会。", audience=Audience.ALL, by=firm
    )
    services.post_message(deal, "检测周三结束，周四发给各位。", reply_to=question, by=officer)
    services.post_message(deal, "入门费最低可以到八万元，请先不要告诉对方。", audience=Audience.SUPPLIER, by=officer)
    today = timezone.localdate()
    for title, days in (("核对专利年费缴纳情况", 3), ("约双方开一次线上会", 6)):
        values = {"title": title, "due_on": today + timedelta(days=days)}
        services.add_task(deal, values, audience=Audience.ALL, assignee=Seat.MANAGER, by=manager)
    for code in ("SIDES", "CONFLICT", "MANDATE"):
        services.tick(deal, "before_nda", code, by=manager)
    services.tick(deal, "before_offer", "RIGHTS", by=officer)
    meeting = services.write_meeting(
        deal,
        {"title": "第一次线上会", "held_on": today},
        "一、需求方介绍了工况和指标。\n二、供给方说明了中试情况。\n三、约定寄两件样品。",
        audience=Audience.ALL,
        attendees=[Seat.MANAGER],
        by=manager,
    )
    services.acknowledge_notes(meeting, 1, by=officer)


def hand_in(deal: Deal, *, officer: Any, firm: Any) -> None:
    """The supplier's figures under the agreement, in two versions; the seeker's wishes for both at once."""
    file = services.add_file(
        deal, sheet(FIGURES[:4]), filename="中试测试数据.xlsx", title="中试测试数据", audience="nda", side="supplier",
        by=officer,
    )  # fmt: skip
    services.add_version(file, sheet(FIGURES), filename="中试测试数据（补充能耗）.xlsx", by=officer)
    services.add_file(
        deal, sheet(WISHES), filename="验收指标.xlsx", title="验收指标", audience="both", side="seeker", by=firm
    )


FIGURES = (
    ("测试项目", "单位", "第1次", "第2次", "第3次"),
    ("连续运行时间", "h", 72, 96, 120),
    ("一次合格率", "%", 97.6, 98.4, 98.9),
    ("重复性误差", "%", 1.8, 1.5, 1.4),
    ("单位能耗", "kWh/件", 0.42, 0.40, 0.39),
)
WISHES = (
    ("指标", "要求", "检验方法"),
    ("连续运行", "不少于72小时无故障", "现场考核，双方签字"),
    ("一次合格率", "不低于98%", "连续三批抽检"),
    ("资料", "操作规程和质量记录齐全", "逐项核对"),
)


def sheet(rows: tuple[tuple[Any, ...], ...]) -> bytes:
    """A small workbook."""
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def exchange(deal: Deal, *, manager: Any, officer: Any, firm: Any) -> None:
    """What is said once the agreement is signed."""
    services.post_message(deal, "保密协议双方都签了，资料可以互传。", audience=Audience.ALL, by=manager)
    services.post_message(
        deal, f"@{officer} 我们最关心批量稳定性，有没有连续生产的数据？", audience=Audience.ALL, by=firm
    )
    due = {"title": "整理连续生产数据", "due_on": timezone.localdate() + timedelta(days=5)}
    services.add_task(deal, due, audience=Audience.SUPPLIER, assignee=Seat.MANAGER, by=officer)


def thank(deal: Deal, *, manager: Any, firm: Any) -> None:
    services.post_message(deal, "条件就按这一版，内部流程走完就签。", audience=Audience.ALL, by=firm)
    services.post_message(deal, "好的，合同文本我今天发给双方核对。", audience=Audience.ALL, by=manager)


def part(deal: Deal, *, manager: Any, firm: Any) -> None:
    services.post_message(deal, "今年产线要停下来改造，腾不出人做小试，只能先放一放。", audience=Audience.ALL, by=firm)
    services.post_message(deal, "理解。产线恢复后随时可以重新启动，之前的记录都在。", audience=Audience.ALL, by=manager)
