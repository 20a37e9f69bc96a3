"""案例集: a technology manager's cases, as evidence for a professional title, in both languages."""

from typing import Any

from .paper import Paper

WORDS: dict[str, dict[str, Any]] = {
    "zh": {
        "title": "技术经理人业绩案例集", "number": "核验编号：{{ portfolio_number }}　　编制日期：{{ made_on }}",
        "footer": "案例集 {{ portfolio_number }}",
        "1": "一、登记情况", "2": "二、业绩汇总", "3": "三、登记沿革", "4": "四、案例", "5": "五、说明",
        "name": "姓名", "register": "登记编号", "level": "等级", "fields": "技术领域", "languages": "工作语言", "valid": "有效期至",
        "introductions": "双方确认的引荐", "deals": "达成一致的洽谈", "contracts": "已签订的合同",
        "history": ("日期", "事项", "等级"),
        "cases": ("序号", "签订日期", "项目", "出让方", "受让方", "领域", "合同类型", "到账金额"),
        "note": "本案例集由平台根据自身记录生成。双方未同意公开的案例，当事人以机构类型和地区代替，金额以区间表示。"
        "持核验编号和文件的 SHA-256 可在平台公开名录核验本文件确由平台为本人生成，平台不因核验向任何人展示内容。",
    },
    "en": {
        "title": "Case portfolio of a technology manager",
        "number": "Verification number: {{ portfolio_number }}   Made on: {{ made_on }}",
        "footer": "Case portfolio {{ portfolio_number }}",
        "1": "1  Registration", "2": "2  Record", "3": "3  History in the register", "4": "4  Cases", "5": "5  Remarks",
        "name": "Name", "register": "Register number", "level": "Level", "fields": "Technical fields",
        "languages": "Working languages", "valid": "Valid until",
        "introductions": "Introductions confirmed by both sides", "deals": "Deals agreed", "contracts": "Contracts signed",
        "history": ("Day", "What", "Level"),
        "cases": ("No.", "Signed on", "Project", "Supplier", "Recipient", "Field", "Contract type", "Received"),
        "note": "The platform made this file from its own records. Where the two sides did not agree to be named, the parties "
        "stand by kind and region, and sums as ranges. With the verification number and the SHA-256 of the file anybody can "
        "confirm in the public directory that the platform made it for this person; nothing of its text is shown there.",
    },
}  # fmt: skip
CASES = ("place", "day", "title", "supplier", "seeker", "field", "kind", "received")
WIDTHS = (1.0, 2.0, 2.9, 2.4, 2.4, 1.7, 1.5, 1.9)


def make(language: str) -> bytes:
    words = WORDS[language]
    paper = Paper(language, footer=words["footer"])
    paper.title(words["title"])
    paper.centre(words["number"])
    paper.heading(words["1"])
    paper.facts((
        (words["name"], "{{ manager_name }}"), (words["register"], "{{ register_number }}"),
        (words["level"], "{{ level }}"), (words["fields"], "{{ fields }}"), (words["languages"], "{{ languages }}"),
        (words["valid"], "{{ valid_until }}"),
    ))  # fmt: skip
    paper.heading(words["2"])
    paper.facts(tuple((words[each], f"{{{{ {each} }}}}") for each in ("introductions", "deals", "contracts")))
    paper.heading(words["3"])
    columns = zip(words["history"], ("day", "what", "level"), (3.0, 8.0, 4.8), strict=True)
    paper.rows("line", "history", tuple((label, f"{{{{ line.{name} }}}}", width) for label, name, width in columns))
    paper.heading(words["4"])
    columns = zip(words["cases"], CASES, WIDTHS, strict=True)
    paper.rows("case", "cases", tuple((label, f"{{{{ case.{name} }}}}", width) for label, name, width in columns))
    paper.heading(words["5"])
    paper.clauses((words["note"],))
    return paper.made()
