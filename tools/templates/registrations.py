"""技术合同登记表: what the seller hands in to the registration office; the office's own part stays to be written in."""

from .paper import Paper

CONTRACT = (
    ("项目名称", "{{ project_name }}"), ("合同类别", "{{ contract_type }}"), ("合同签订日期", "{{ signed_on }}"),
    ("合同有效期限", "{{ in_force }}"), ("技术领域", "{{ field }}"), ("知识产权类型", "{{ ip_type }}"),
    ("社会经济目标", "{{ objective }}"), ("服务的国民经济行业", "{{ industry }}"), ("计划类别", "{{ plan_category }}"),
)  # fmt: skip
PARTIES = (
    ("卖方", "{{ seller_name }}"), ("统一社会信用代码", "{{ seller_code }}"), ("所在地区", "{{ seller_region }}"),
    ("法人性质", "{{ seller_nature }}"), ("买方", "{{ buyer_name }}"), ("统一社会信用代码", "{{ buyer_code }}"),
    ("所在地区", "{{ buyer_region }}"), ("法人性质", "{{ buyer_nature }}"),
)  # fmt: skip
AMOUNTS = (
    ("合同成交总额", "{{ total_amount }}{% if total_capitals %}（{{ total_capitals }}）{% endif %}"),
    ("其中非技术性费用", "{{ deducted_amount }}"),
    ("技术交易额", "{{ technical_amount }}{% if technical_capitals %}（{{ technical_capitals }}）{% endif %}"),
    ("支付方式", "{{ payment_method }}"), ("提成、入门费等约定", "{{ payment_note }}"),
    ("预计新增投入", "{{ expected_investment }}"), ("预计新增产值", "{{ expected_output }}"),
)  # fmt: skip
CONTACT = (("联系人", "{{ contact }}"), ("联系电话", "{{ phone }}"), ("项目负责人", "{{ leader }}"))
RIGHTS = (
    ("种类", "{{ right.kind }}", 3.0), ("名称", "{{ right.title }}", 5.8), ("编号", "{{ right.number }}", 4.0),
    ("申请日", "{{ right.filed_on }}", 3.0),
)  # fmt: skip
COSTS = (("类别", "{{ cost.kind }}", 4.0), ("内容", "{{ cost.what }}", 7.8), ("金额", "{{ cost.amount }}", 4.0))


def make() -> bytes:
    paper = Paper("zh", footer="技术合同登记表 {{ form_number }}")
    paper.title("技术合同登记表")
    paper.centre("表单编号：{{ form_number }}　　制表日期：{{ made_on }}")
    paper.centre("合同登记编号：{% if registration_number %}{{ registration_number }}{% else %}________________{% endif %}")
    for heading, facts in (("一、合同", CONTRACT), ("二、当事人", PARTIES)):
        paper.heading(heading)
        paper.facts(facts)
    paper.heading("三、知识产权")
    paper.rows("right", "rights", RIGHTS)
    paper.heading("四、金额")
    paper.facts(AMOUNTS)
    paper.text("{%p if costs %}")
    paper.text("非技术性费用明细：")
    paper.rows("cost", "costs", COSTS)
    paper.text("{%p endif %}")
    paper.heading("五、卖方联系方式")
    paper.facts(CONTACT)
    paper.clauses((
        "卖方承诺：所填内容与所附合同一致，真实、完整；合同文本 SHA-256：{{ text_hash }}。",
        "卖方（盖章）：　　　　　　　　　　　　　　　　　　日期：　　　　年　　月　　日",
    ))  # fmt: skip
    paper.heading("六、登记机构意见")
    paper.facts((
        ("登记机构", "{{ office_name }}"), ("认定意见", "□ 予以登记　　□ 不予登记　　□ 补正"), ("登记员", ""),
        ("日期（盖章）", "　　　　年　　月　　日"),
    ))  # fmt: skip
    return paper.made()
