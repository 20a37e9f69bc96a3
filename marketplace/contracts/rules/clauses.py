"""Rules of contract text: passages that may be one of the six clauses by which a contract illegally monopolises
technology and is void (Civil Code 850; interpretation on technology contracts, 法释〔2004〕20号, article 10).

A flag is a reason to ask a lawyer, no more: words are found here, not meanings. A clause that says the opposite
("may challenge", "不得限制乙方改进") is passed over where the words show it; what is put in other words is missed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

LAW = "民法典 850; 法释〔2004〕20号 10"
LONGEST = 200
ENDS = "。;!?\uff1b\uff01\uff1f\n"
SENTENCE = re.compile(rf"[^{ENDS}]+?(?:[{ENDS}]|\.(?=\s|$)|$)")


class Clause(StrEnum):
    """The six, in the order of article 10."""

    IMPROVEMENT = "IMPROVEMENT"  # ban on improving; grant-back that is free or one-sided
    COMPETING_SOURCE = "COMPETING_SOURCE"  # ban on taking similar or competing technology from others
    SALES = "SALES"  # unreasonable limits on quantity, kind, price, channel or export
    TIE_IN = "TIE_IN"  # needless technology, goods or services that must be taken too
    SOURCING = "SOURCING"  # unreasonable limits on where material and equipment come from
    NO_CHALLENGE = "NO_CHALLENGE"  # ban on contesting the validity of the right


@dataclass(frozen=True, slots=True)
class Flag:
    """One passage to look at: which clause it may be, under which law, its words, and where they begin."""

    clause: Clause
    law: str
    passage: str
    start: int


# In Chinese and English alike: who must not, and what. Each pattern is looked for inside one sentence.
NO_ZH = r"(?:不得|不能|不可|不准|禁止|无权|不应|放弃|未经.{0,12}(?:同意|许可)[,\uff0c]?.{0,6}不得)"
NO_EN = (
    r"(?:shall|may|must|will|can)\s*not|not\s+(?:be\s+)?(?:entitled|allowed|permitted)"
    r"|prohibited|waives?|refrains?\s+from"
)
SOURCE_ZH = r"(?:其他|第三方|第三人|他人|任何来源)"
PATTERNS: dict[Clause, tuple[str, ...]] = {
    Clause.IMPROVEMENT: (
        rf"{NO_ZH}.{{0,20}}(?:改进|二次开发|改良|后续研发)",
        r"(?:改进|后续|二次开发|改良)[^。]{0,30}(?:无偿|免费)[^。]{0,20}(?:归|转让|许可|提供|属于|回授|交)",
        r"(?:无偿|免费)[^。]{0,20}(?:回授|反授权)|(?:改进|后续成果)[^。]{0,20}(?:均|全部|一律)?归(?:甲方|许可方|出让方|让与人|许可人)",
        rf"(?:{NO_EN}).{{0,40}}\b(?:improv\w+|modif\w+|further\s+develop\w*)",
        r"\bimprovements?\b.{0,80}\b(?:free\s+of\s+charge|royalty[- ]free"
        r"|without\s+(?:charge|compensation|payment|consideration))",
        r"\bimprovements?\b.{0,60}\b(?:belongs?|vests?|(?:is|are)\s+owned)\b.{0,20}\b(?:licensor|seller|assignor)\b",
    ),
    Clause.COMPETING_SOURCE: (
        rf"{NO_ZH}.{{0,20}}(?:从|向|自|与|采用|使用|引进|获得|取得|接受).{{0,16}}(?:类似|竞争|同类|替代).{{0,6}}技术",
        rf"{NO_ZH}.{{0,12}}(?:从|向){SOURCE_ZH}.{{0,16}}技术",
        rf"(?:{NO_EN}).{{0,60}}\b(?:competing|similar|alternative|substitute)\s+technolog\w+",
    ),
    Clause.SALES: (
        rf"(?:{NO_ZH}|不超过|不低于|限于|只能|仅限|仅可|必须按).{{0,24}}(?:产量|生产数量|销售数量|销售价格|售价|销售渠道|出口|品种)",
        rf"(?:产量|生产数量|销售数量|销售价格|售价|销售渠道|出口(?:市场|数量)?)[^。]{{0,16}}(?:{NO_ZH}|不超过|不低于|由(?:甲方|许可方)[^。]{{0,6}}(?:确定|决定|批准|指定)|须经|应经|限于)",
        rf"{NO_ZH}[^。]{{0,10}}出口",
        rf"(?:{NO_EN}).{{0,40}}\bexport",
        r"\b(?:sales?|selling|resale)\s+prices?\b.{0,60}\b(?:fixed|set|determined|approved|not\s+(?:be\s+)?(?:less|lower|below))",
        rf"(?:{NO_EN}).{{0,40}}\b(?:sell|produce|manufacture)\b.{{0,30}}\b(?:more\s+than|below|less\s+than)\b",
        rf"(?:{NO_EN}).{{0,60}}\b(?:distribution|sales)\s+channels?\b",
    ),
    Clause.TIE_IN: (
        r"(?:必须|应当|须|应|需)(?:同时|一并|另行)?[^。]{0,10}(?:购买|采购|接受|订购|购置|搭配)[^。]{0,24}(?:非必需|不必要|无关|其他(?:技术|产品|设备|服务|专利)|配套(?:服务|产品|设备|原料))",
        r"搭售|以(?:购买|接受)[^。]{0,24}(?:为(?:许可|转让)?(?:的)?(?:条件|前提))",
        r"\b(?:shall|must)\s+(?:also\s+)?(?:purchase|buy|accept|order|take)\b.{0,60}\b(?:other|additional|further|unrelated|unnecessary)\b",
        r"\b(?:conditional|contingent)\s+(?:up)?on\b.{0,30}\b(?:purchase|purchasing|buying)\b",
    ),
    Clause.SOURCING: (
        r"(?:只能|仅能|必须|仅可|应当|须|应)(?:从|向)[^。]{0,20}(?:购买|采购|购置|订购)[^。]{0,24}(?:原材料|原料|零部件|部件|设备|产品|耗材)",
        r"(?:原材料|原料|零部件|部件|设备|耗材)[^。]{0,16}(?:只能|仅能|必须|须|应当|应|均)(?:由|从|向)[^。]{0,20}(?:购买|采购|供应|提供|购置)",
        rf"{NO_ZH}[^。]{{0,6}}(?:从|向){SOURCE_ZH}[^。]{{0,12}}(?:购买|采购|购置)",
        r"\b(?:raw\s+materials?|components?|parts|equipment|supplies)\b.{0,50}\b(?:only|exclusively|solely)\s+from\b",
        r"\b(?:purchase|buy|obtain|source)\b.{0,50}\b(?:only|exclusively|solely)\s+from\b",
    ),
    Clause.NO_CHALLENGE: (
        rf"{NO_ZH}[^。]{{0,24}}(?:有效性|无效宣告|宣告[^。]{{0,10}}无效|请求[^。]{{0,16}}无效|专利权[^。]{{0,6}}(?:异议|质疑))",
        rf"(?:{NO_EN}).{{0,40}}\b(?:challeng\w+|contest\w*|disput\w+|question\w*|attack\w*)\b.{{0,40}}\b(?:validity|patents?|rights?)\b",
        r"\bno[- ]challenge\b",
    ),
}
COMPILED = {
    clause: tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns) for clause, patterns in PATTERNS.items()
}

# A sentence that forbids the licensor to forbid says the opposite.
OPPOSITE = re.compile(
    r"(?:甲方|许可方|让与人|许可人|出让方|双方)[^。]{0,6}(?:不得|不)(?:限制|禁止|阻止|要求)"
    r"|(?:licensor|seller|assignor)\s+(?:shall|may|will)\s+not\s+(?:restrict|prohibit|limit|prevent|require)"
    r"|(?:本合同|本协议)[^。]{0,8}不(?:限制|禁止)"
    r"|nothing\s+in\s+this\s+(?:agreement|contract)",
    re.IGNORECASE,
)


def flags(text: str) -> tuple[Flag, ...]:
    """Every passage that may be void, in the order of the text; a sentence may be flagged for several clauses."""
    return tuple(flag for start, sentence in sentences(text) for flag in _of(sentence, start))


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Each sentence with where it begins; ends at 。;!? and line breaks, and at a full stop before a space."""
    for found in SENTENCE.finditer(text):
        if sentence := found[0].strip():
            yield found.start() + found[0].index(sentence), sentence


def _of(sentence: str, start: int) -> Iterator[Flag]:
    if OPPOSITE.search(sentence):
        return
    for clause, patterns in COMPILED.items():
        if any(pattern.search(sentence) for pattern in patterns):
            passage = sentence if len(sentence) <= LONGEST else f"{sentence[:LONGEST]}…"
            yield Flag(clause, LAW, passage, start)
