"""Made-up Chinese listings in any number: the product's own benchmark texts, their sentences dealt anew.

Vocabulary grows with the number of texts as in a real collection: each text also names a few terms of its own
field, drawn by Zipf's law from a pool of invented words. The same seed gives the same texts.
"""

import re
from itertools import accumulate
from pathlib import Path
from random import Random

from matching import Document
from matching.datasets import documents as read

SOURCE = Path(__file__).resolve().parent.parent / "fixtures" / "benchmark"
SENTENCE = re.compile(r"[^。;\n]+[。;]?")
SYLLABLES = "锆钛钨铌钽锂硼氟硅碳膜阀泵芯梁轴腔槽壳筛滤熔烧淬镀焊铸轧锻磨抛喷溅射析凝胶酶菌株苗穗囊瓣胞肽酯醇酮烯"


def listings(count: int, seed: int = 1) -> list[Document]:
    """That many documents as long as the product's own."""
    source, chance = read(SOURCE, "corpus"), Random(seed)
    sentences = [found for document in source for found in SENTENCE.findall(document.text) if len(found) > 4]
    titles = [document.title for document in source]
    mean = sum(len(SENTENCE.findall(document.text)) for document in source) // len(source)
    pool = invented(40 + int(30 * count**0.6), chance)
    ranks = list(accumulate(1 / rank for rank in range(1, len(pool) + 1)))
    return [
        Document(
            f"made-{number:06d}",
            *text_of(chance, sentences, titles, mean, chance.choices(pool, cum_weights=ranks, k=8)),
        )
        for number in range(count)
    ]


def text_of(
    chance: Random, sentences: list[str], titles: list[str], mean: int, terms: list[str]
) -> tuple[str, str, tuple[str, ...]]:
    """Title, text and keywords: half of two titles, sentences from anywhere, a term of its own in every other one."""
    one, other = chance.choice(titles), chance.choice(titles)
    chosen = chance.choices(sentences, k=max(2, mean + chance.randint(-2, 2)))
    named = [f"{terms[place % 8]}{sentence}" if place % 2 else sentence for place, sentence in enumerate(chosen)]
    return one[: len(one) // 2] + terms[0] + other[len(other) // 2 :], "".join(named), tuple(terms[:3])


def invented(count: int, chance: Random) -> list[str]:
    """Words of two or three characters that look like technical terms."""
    return ["".join(chance.choices(SYLLABLES, k=chance.choice((2, 2, 3)))) for _ in range(count)]
