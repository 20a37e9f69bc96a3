"""What is said and to be done in the room of the demonstration's deal."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from marketplace.brokerage import services
from marketplace.brokerage.models import Audience, Deal, Seat


def talk(deal: Deal, *, manager: Any, officer: Any, firm: Any) -> None:
    """A thread of both sides, a word of one side with the manager, two tasks, a few ticks, the notes of a meeting."""
    question = services.post_message(
        deal, f"@{manager} 小样的检测报告何时能给？我们下周开评审会。", audience=Audience.ALL, by=firm
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
