"""保密协议: the non-disclosure agreement of a deal, for both sides alike. A lawyer checks the articles it names."""

from typing import Any

from .paper import Paper

WORDS: dict[str, dict[str, Any]] = {
    "zh": {
        "title": "保密协议", "number": "编号：{{ nda_number }}", "footer": "保密协议 {{ nda_number }}",
        "facts": (
            ("成果方（甲方）", "{{ supplier_name }}"), ("统一社会信用代码", "{{ supplier_code }}"),
            ("需求方（乙方）", "{{ seeker_name }}"), ("统一社会信用代码", "{{ seeker_code }}"),
            ("科技成果", "{{ achievement_title }}"), ("技术需求", "{{ demand_title }}"),
            ("技术经理人", "{{ manager_name }}"), ("拟定日期", "{{ drawn_up_on }}"), ("披露截止日", "{{ ends_on }}"),
        ),
        "clauses": (
            "甲乙双方为洽谈上述成果与需求的合作，需要相互披露未公开的信息。双方经协商订立本协议。",
            "# 第一条  保密信息",
            "1.1  保密信息是指一方（披露方）在本次洽谈中通过本平台向另一方（接收方）提供的、标明仅在保密协议下可见的内容，"
            "包括上述成果、需求中的非公开部分，以及洽谈项目中标明在保密协议下提供的文件。",
            "1.2  下列信息不在此限：披露时已为公众所知，或者其后非因接收方原因为公众所知的；接收方在披露前已合法持有的；"
            "接收方自有权披露的第三人合法取得的；接收方独立开发的。主张上述情形的一方负举证责任。",
            "# 第二条  使用与披露",
            "{%p if purpose %}",
            "2.1  接收方仅可为下列目的使用保密信息：{{ purpose }}。",
            "{%p else %}",
            "2.1  接收方仅可为评估和洽谈双方合作使用保密信息，不得用于生产经营、申请专利或者其他目的。",
            "{%p endif %}",
            "2.2  保密信息仅可由接收方在平台上指定的本单位在册人员查阅。指定人员的名单双方可见；接收方保证其指定人员遵守本协议，"
            "并对其行为负责。人员离职、调离或者不再需要的，接收方应当及时撤销指定。",
            "2.3  未经披露方书面同意，接收方不得向第三人披露保密信息。依照法律规定或者有权机关要求必须披露的，"
            "应当以必要为限，并在法律允许时事先通知披露方。",
            "2.4  双方的技术经理人为促成洽谈查阅保密信息的，负有与接收方相同的保密义务。",
            "# 第三条  查阅记录",
            "3.1  双方同意平台逐次记录何人、何时、通过何种途径查阅了保密信息的哪一版本，记录供披露方查阅，可以作为证据。",
            "3.2  下载的文件可以带有查阅人姓名与时间的标记，接收方不得去除。",
            "# 第四条  期限与结束",
            "4.1  本协议自双方签署之日起生效，披露截止日为{{ ends_on }}。截止日届满、任一方书面终止或者洽谈结束的，"
            "查阅权限即时关闭。",
            "4.2  保密义务自协议结束之日起继续{{ secrecy_years }}年。其中构成商业秘密的，至其为公众所知之日止。",
            "4.3  协议结束后，接收方应当应披露方要求返还或者销毁所持有的保密信息，并书面确认。",
            "# 第五条  权利与责任",
            "5.1  披露不构成对任何知识产权的许可或者转让，也不构成订立合同的承诺。",
            "5.2  披露方在提供尚未申请专利的技术内容前，应当自行判断申请专利的时机。依本协议作出的披露不视为公开。",
            "5.3  违反本协议给对方造成损失的，应当承担赔偿责任（《民法典》第五百零一条）。",
            "# 第六条  其他",
            "6.1  本协议适用中华人民共和国法律。争议由双方协商解决；协商不成的，由披露方所在地有管辖权的人民法院管辖。",
            "6.2  签署以双方有权人员在平台上对本文本哈希值的确认为准。",
        ),
        "sign": ("甲方：{{ supplier_name }}", "", "授权代表：", "日期："),
        "sign2": ("乙方：{{ seeker_name }}", "", "授权代表：", "日期："),
    },
    "en": {
        "title": "Non-disclosure agreement", "number": "No. {{ nda_number }}",
        "footer": "Non-disclosure agreement {{ nda_number }}",
        "facts": (
            ("Supplier", "{{ supplier_name }}"), ("Unified social credit code", "{{ supplier_code }}"),
            ("Seeker", "{{ seeker_name }}"), ("Unified social credit code", "{{ seeker_code }}"),
            ("Achievement", "{{ achievement_title }}"), ("Demand", "{{ demand_title }}"),
            ("Technology manager", "{{ manager_name }}"), ("Drawn up on", "{{ drawn_up_on }}"),
            ("Last day of disclosure", "{{ ends_on }}"),
        ),
        "clauses": (
            "To talk about this achievement and this demand the two sides need to show each other what is not public. They "
            "conclude this agreement for that purpose.",
            "# 1  Confidential information",
            "1.1  Confidential information is what one side (the discloser) shows the other (the recipient) through this "
            "platform in this deal and marks as visible under a non-disclosure agreement only: the parts of the achievement and "
            "the demand that are not public, and the files of the deal that are marked so.",
            "1.2  Excepted is what is public when shown, or becomes so without the recipient's doing; what the recipient held "
            "lawfully before; what it lawfully obtains from a third party that may disclose it; what it develops independently. "
            "Who claims this bears the burden of proof.",
            "# 2  Use and disclosure",
            "{%p if purpose %}",
            "2.1  The recipient uses confidential information for this purpose alone: {{ purpose }}.",
            "{%p else %}",
            "2.1  The recipient uses confidential information to assess and negotiate the cooperation alone; neither for its "
            "business, nor for patent applications, nor for anything else.",
            "{%p endif %}",
            "2.2  Only people of its own whom the recipient names on the platform read confidential information. Both sides see "
            "who is named. The recipient sees to it that they keep to this agreement and answers for them; it withdraws a name "
            "without delay when a person leaves, moves, or needs it no longer.",
            "2.3  Without the discloser's written consent the recipient shows it to no third party. What the law or an authority "
            "requires to be disclosed is disclosed as far as needed, and the discloser is told beforehand where the law permits.",
            "2.4  The technology manager who reads confidential information to further the deal owes the same secrecy.",
            "# 3  Record",
            "3.1  The platform records each time who was shown which version of what, when and by which way. The discloser reads "
            "this record, and it may be used as evidence.",
            "3.2  Downloaded files may carry the reader's name and the time; the recipient does not remove them.",
            "# 4  Term and end",
            "4.1  This agreement takes effect when both sides have signed it. The last day of disclosure is {{ ends_on }}. When that "
            "day is over, a side terminates in writing, or the deal ends, nothing more is shown.",
            "4.2  The duty of secrecy continues for {{ secrecy_years }} years after the end; for trade secrets, until they are "
            "public.",
            "4.3  After the end the recipient returns or destroys what it holds when the discloser asks for it, and confirms it in "
            "writing.",
            "# 5  Rights and liability",
            "5.1  Disclosure is neither a licence nor an assignment of any right, nor a promise to conclude a contract.",
            "5.2  Before it shows technical content that is not yet filed for a patent, the discloser judges by itself when to file. "
            "Disclosure under this agreement is not publication.",
            "5.3  A side in breach pays damages (Civil Code, Article 501).",
            "# 6  Miscellaneous",
            "6.1  The law of the People's Republic of China applies. The sides settle disputes by talks; failing that, the competent "
            "people's court at the seat of the discloser decides.",
            "6.2  Signing is the confirmation, on the platform, of the hash of this text by authorised people of both sides. Where a "
            "Chinese text is signed as well, it prevails.",
        ),
        "sign": ("Supplier: {{ supplier_name }}", "", "Signed by:", "Day:"),
        "sign2": ("Seeker: {{ seeker_name }}", "", "Signed by:", "Day:"),
    },
}  # fmt: skip


def make(language: str) -> bytes:
    words = WORDS[language]
    paper = Paper(language, footer=str(words["footer"]))
    paper.title(words["title"])
    paper.centre(words["number"])
    paper.facts(words["facts"])
    paper.clauses(words["clauses"])
    paper.sides(words["sign"], words["sign2"])
    return paper.made()
