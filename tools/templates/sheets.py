"""条款书: the term sheet in both languages, short enough to be read at one table."""

from collections.abc import Sequence
from typing import Any

from .paper import Paper

WORDS: dict[str, dict[str, Any]] = {
    "zh": {
        "title": "技术许可条款书", "number": "编号：{{ sheet_number }}{% if round %}　第 {{ round }} 轮{% endif %}",
        "footer": "条款书 {{ sheet_number }}",
        "supplier": "许可方", "seeker": "被许可方", "manager": "技术经理人", "day": "日期", "valid": "有效期至",
        "project": "项目名称",
        "1": "一、许可标的", "2": "二、许可方式与范围", "3": "三、试用期", "4": "四、价款", "5": "五、提成",
        "6": "六、担保", "7": "七、后续改进", "8": "八、说明与效力",
        "kind": "许可方式", "territory": "许可地域", "field": "使用领域", "term": "许可期限",
        "until": "{{ licensed_from }}至{{ licensed_until }}", "sublicence": "分许可",
        "trial": "自{{ trial_from }}起至{{ trial_until }}止。范围：{{ trial_scope }}。验收：{{ trial_acceptance }}。期满：{{ trial_end_rule }}",
        "no_trial": "不设试用期。", "total": "不以产量、销售额为条件的价款合计{{ total_amount }}（{{ total_capitals }}）。",
        "royalty": "比例{{ royalty_rate }}，基数{{ royalty_base }}，每{{ royalty_period }}结算。"
        "{% if royalty_floor %}最低：{{ royalty_floor }}。{% endif %}{% if royalty_cap %}上限：{{ royalty_cap }}。{% endif %}",
        "no_royalty": "不以提成方式支付。",
        "guarantee": "{{ guarantor_name }}以{{ guarantee_kind }}担保付款，限额{{ guarantee_limit }}"
        "（{{ guarantee_limit_capitals }}），期间{{ guarantee_period }}。",
        "no_guarantee": "不设担保。", "improvements": "后续改进归完成方，对方不分享（《民法典》第八百七十五条）。",
        "binding": "本条款书是签订技术许可合同的基础。除保密、费用各自承担和本款外，在合同签订前对双方没有法律约束力。",
        "exclusive": "在{{ exclusive_until }}前，双方不就同一许可与第三方谈判；本约定有约束力。",
        "sign": ("许可方：{{ supplier_name }}", "", "授权代表：", "日期："),
        "sign2": ("被许可方：{{ seeker_name }}", "", "授权代表：", "日期："),
        "rights": ("种类", "名称", "号码", "状态"), "terms": ("款项", "付款条件", "金额", "大写", "付款期限"),
    },
    "en": {
        "title": "Term sheet of a technology licence", "number": "No. {{ sheet_number }}{% if round %}, round {{ round }}{% endif %}",
        "footer": "Term sheet {{ sheet_number }}",
        "supplier": "Licensor", "seeker": "Licensee", "manager": "Technology manager", "day": "Day", "valid": "Valid until",
        "project": "Project",
        "1": "1  Subject", "2": "2  Kind and scope", "3": "3  Trial", "4": "4  Price", "5": "5  Royalty",
        "6": "6  Guarantee", "7": "7  Improvements", "8": "8  Remarks and effect",
        "kind": "Kind of licence", "territory": "Territory", "field": "Field of use", "term": "Term",
        "until": "{{ licensed_from }} to {{ licensed_until }}", "sublicence": "Sub-licences",
        "trial": "From {{ trial_from }} to {{ trial_until }}. Scope: {{ trial_scope }}. Acceptance: {{ trial_acceptance }}. "
        "At its end: {{ trial_end_rule }}",
        "no_trial": "None.", "total": "The price that depends on neither output nor sales is {{ total_amount }} ({{ total_capitals }}).",
        "royalty": "{{ royalty_rate }} of {{ royalty_base }}, settled by {{ royalty_period }}."
        "{% if royalty_floor %} Minimum: {{ royalty_floor }}.{% endif %}{% if royalty_cap %} Cap: {{ royalty_cap }}.{% endif %}",
        "no_royalty": "None.",
        "guarantee": "{{ guarantor_name }} secures the payments by {{ guarantee_kind }} up to {{ guarantee_limit }} "
        "({{ guarantee_limit_capitals }}) for {{ guarantee_period }}.",
        "no_guarantee": "None.",
        "improvements": "Improvements belong to who made them; the other side has no share (Civil Code, Article 875).",
        "binding": "This sheet is the base of a licence contract. But for confidentiality, each side bearing its own cost, and this "
        "paragraph, it binds nobody before the contract is signed.",
        "exclusive": "Until {{ exclusive_until }} the sides negotiate this licence with nobody else; this is binding.",
        "sign": ("Licensor: {{ supplier_name }}", "", "Signed by:", "Day:"),
        "sign2": ("Licensee: {{ seeker_name }}", "", "Signed by:", "Day:"),
        "rights": ("Kind", "Title", "Number", "State"),
        "terms": ("Payment", "Trigger", "Amount", "In capitals", "Due"),
    },
}  # fmt: skip


RIGHT = {"kind": 2.6, "title": 6.4, "number": 4.2, "state": 2.6}  # centimetres
TERM = {"what": 2.8, "trigger": 4.6, "amount": 2.4, "capitals": 3.6, "due": 2.4}


def columns(each: str, names: Sequence[str], widths: dict[str, float]) -> list[tuple[str, str, float]]:
    """The columns of a table: heading, value, width."""
    return [(name, f"{{{{ {each}.{field} }}}}", widths[field]) for name, field in zip(names, widths, strict=True)]


def either(name: str, yes: str, no: str) -> tuple[str, ...]:
    """A paragraph if the variable holds text, else another one."""
    return (f"{{%p if {name} %}}", yes, "{%p else %}", no, "{%p endif %}")


def make(language: str) -> bytes:
    words = WORDS[language]
    paper = Paper(language, footer=str(words["footer"]))
    paper.title(words["title"])
    paper.centre(words["number"])
    agency = "{{ manager_name }}{% if agency_name %} · {{ agency_name }}{% endif %}"
    paper.facts((
        (words["project"], "{{ project_name }}"), (words["supplier"], "{{ supplier_name }}"),
        (words["seeker"], "{{ seeker_name }}"), (words["manager"], agency), (words["day"], "{{ sheet_day }}"),
        (words["valid"], "{{ valid_until }}"),
    ))  # fmt: skip
    paper.heading(words["1"])
    paper.rows("right", "rights", columns("right", words["rights"], RIGHT))
    paper.heading(words["2"])
    paper.facts((
        (words["kind"], "{{ licence_kind }}"), (words["territory"], "{{ territory }}"), (words["field"], "{{ field_of_use }}"),
        (words["term"], words["until"]), (words["sublicence"], "{{ sublicence }}"),
    ))  # fmt: skip
    paper.heading(words["3"])
    paper.clauses(either("trial_until", words["trial"], words["no_trial"]))
    paper.heading(words["4"])
    paper.rows("term", "terms", columns("term", words["terms"], TERM))
    paper.clauses(("{%p if total_amount %}", words["total"], "{%p endif %}"))
    paper.heading(words["5"])
    paper.clauses(either("royalty_rate", words["royalty"], words["no_royalty"]))
    paper.heading(words["6"])
    paper.clauses(either("guarantor_name", words["guarantee"], words["no_guarantee"]))
    paper.heading(words["7"])
    paper.clauses(either("improvements", "{{ improvements }}", words["improvements"]))
    paper.heading(words["8"])
    paper.clauses(("{%p if notes %}", "{{ notes }}", "{%p endif %}"))
    paper.clauses(("{%p if exclusive_until %}", words["exclusive"], "{%p endif %}", words["binding"]))
    paper.sides(words["sign"], words["sign2"])
    return paper.made()
