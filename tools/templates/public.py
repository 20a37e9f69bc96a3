"""公示与尽职免责材料: the public notice of a negotiated price, and the dossier that shows how a decision was reached."""

from .paper import Paper

NOTICE = (
    "{{ owner_name }}拟以{{ method }}方式转化下列职务科技成果，价格由双方协议确定。依据{{ law_citation }}，现将成果名称、拟交易价格等"
    "有关信息公示如下。",
)
AFTER_NOTICE = (
    "{%p if related_party %}",
    "关联关系：{{ related_party }}",
    "{%p else %}",
    "关联关系：经核查，受让方或者被许可方不是成果完成人，与成果完成人及本单位有关人员不存在应当披露的利害关系。",
    "{%p endif %}",
    "{%p if decision %}",
    "决策情况：{{ decision }}",
    "{%p endif %}",
    "公示期：自{{ opened_on }}起至{{ closes_on }}止，共{{ days }}。{% if publish_place %}公示地点：{{ publish_place }}。{% endif %}",
    "任何单位和个人对上述内容有异议的，可以在公示期内以书面形式实名提出，写明异议内容、理由并附证明材料。"
    "{% if objection_rule %}{{ objection_rule }}{% else %}本单位收到后登记、核查，并公开处理程序和结果；异议成立的，重新协商并重新公示。{% endif %}",
    "联系人：{{ contact_name }}　　电话：{{ contact_phone }}{% if contact_email %}　　电子邮箱：{{ contact_email }}{% endif %}",
    "{%p if contact_address %}",
    "地址：{{ contact_address }}",
    "{%p endif %}",
)
DOSSIER_STATEMENT = (
    "本单位在上述转化活动中履行了民主决策程序、合理注意义务和监督管理职责，未发现有关人员牟取非法利益。",
)


def rights(paper: Paper) -> None:
    paper.rows("right", "rights", (
        ("种类", "{{ right.kind }}", 2.4), ("名称", "{{ right.title }}", 5.2), ("号码", "{{ right.number }}", 3.4),
        ("权利人", "{{ right.holder }}", 2.8), ("状态", "{{ right.state }}", 2.0),
    ))  # fmt: skip


def make_notice() -> bytes:
    paper = Paper("zh", footer="公示 {{ notice_number }}")
    paper.title("科技成果转化公示")
    paper.centre("编号：{{ notice_number }}")
    paper.clauses(NOTICE)
    paper.facts((
        ("成果名称", "{{ achievement_title }}"), ("成果简介", "{{ achievement_summary }}"), ("成果完成人", "{{ completers }}"),
        ("转化方式", "{{ method }}"), ("受让方或被许可方", "{{ counterparty_name }}"), ("拟交易价格", "{{ price_text }}"),
        ("预计总额", "{{ estimated_total }}{% if estimated_capitals %}（{{ estimated_capitals }}）{% endif %}"),
        ("定价依据", "{{ price_basis }}"),
    ))  # fmt: skip
    paper.clauses(("{%p if rights %}", "所涉知识产权："))
    rights(paper)
    paper.clauses(("{%p endif %}", *AFTER_NOTICE))
    paper.sides(("",), ("{{ owner_name }}", "（盖章）", "{{ opened_on }}"))
    return paper.made()


def make_dossier() -> bytes:
    paper = Paper("zh", footer="尽职免责材料 {{ dossier_number }}")
    paper.title("科技成果转化尽职免责材料")
    paper.centre("编号：{{ dossier_number }}　　编制日期：{{ compiled_on }}")
    paper.heading("一、基本情况")
    paper.facts((
        ("单位", "{{ owner_name }}"), ("成果名称", "{{ achievement_title }}"), ("成果完成人", "{{ completers }}"),
        ("转化方式", "{{ method }}"), ("相对人", "{{ counterparty_name }}"), ("合同编号", "{{ contract_number }}"),
        ("合同签订日期", "{{ contract_signed_on }}"),
    ))  # fmt: skip
    paper.heading("二、知识产权")
    rights(paper)
    paper.heading("三、定价")
    paper.facts((
        ("定价方式", "{{ pricing_route }}"), ("价格", "{{ price_text }}"), ("定价依据", "{{ price_basis }}"),
        ("评估或询价", "{{ appraisal }}"),
    ))  # fmt: skip
    paper.heading("四、集体决策")
    paper.facts((
        ("决策机构", "{{ decision_body }}"), ("决策日期", "{{ decision_on }}"), ("决策内容", "{{ decision_text }}"),
    ))  # fmt: skip
    paper.heading("五、公示与异议")
    paper.facts((
        ("公示编号", "{{ notice_number }}"), ("公示期", "{{ notice_period }}"), ("公示结果", "{{ notice_result }}"),
    ))  # fmt: skip
    paper.clauses(("{%p if objections %}",))
    paper.rows("objection", "objections", (
        ("日期", "{{ objection.day }}", 2.4), ("异议人", "{{ objection.who }}", 3.0), ("内容", "{{ objection.content }}", 5.2),
        ("处理结果", "{{ objection.answer }}", 5.2),
    ))  # fmt: skip
    paper.clauses(("{%p else %}", "公示期内没有收到异议。", "{%p endif %}"))
    paper.heading("六、利益冲突")
    paper.facts((("关联关系", "{{ related_party }}"), ("回避与披露", "{{ related_measures }}")))
    paper.heading("七、风险控制与监督")
    paper.facts((("担保", "{{ guarantee }}"), ("履约监督", "{{ supervision }}")))
    paper.heading("八、经过")
    paper.rows("step", "steps", (
        ("日期", "{{ step.day }}", 2.4), ("事项", "{{ step.what }}", 6.4), ("经办", "{{ step.who }}", 3.0),
        ("依据材料", "{{ step.proof }}", 4.0),
    ))  # fmt: skip
    paper.heading("九、依据")
    paper.clauses(("{{ law_citations }}",))
    paper.heading("十、说明")
    paper.clauses(("{%p if statement %}", "{{ statement }}", "{%p else %}", *DOSSIER_STATEMENT, "{%p endif %}"))
    paper.sides(("编制人：", "", "审核人："), ("{{ owner_name }}", "（盖章）", "日期："))
    paper.heading("附件目录")
    paper.rows("attachment", "attachments", (
        ("序号", "{{ loop.index }}", 1.3), ("名称", "{{ attachment.title }}", 5.3), ("日期", "{{ attachment.day }}", 2.4),
        ("SHA-256", "{{ attachment.sha256 }}", 6.8),
    ))  # fmt: skip
    return paper.made()


def make_minutes() -> bytes:
    paper = Paper("zh", footer="会议纪要 {{ minutes_number }}")
    paper.title("科技成果转化集体决策会议纪要")
    paper.centre("编号：{{ minutes_number }}")
    paper.facts((
        ("单位", "{{ owner_name }}"), ("时间", "{{ meeting_day }}"), ("地点", "{{ place }}"), ("主持人", "{{ chair }}"),
        ("记录人", "{{ recorder }}"), ("缺席", "{{ absent }}"), ("回避", "{{ recused }}"),
    ))  # fmt: skip
    paper.heading("一、出席")
    paper.rows("attendee", "attendees", (("姓名", "{{ attendee.name }}", 5.0), ("职务", "{{ attendee.office }}", 10.8)))
    paper.heading("二、议题")
    paper.clauses(("{{ subject }}",))
    paper.heading("三、讨论")
    paper.clauses(("{{ discussion }}",))
    paper.heading("四、决定")
    paper.clauses(("{{ decision }}", "{%p if vote %}", "表决：{{ vote }}", "{%p endif %}"))
    paper.clauses(("{%p if law_citations %}", "依据：{{ law_citations }}", "{%p endif %}"))
    paper.sides(("主持人（签字）：",), ("记录人（签字）：",))
    return paper.made()
