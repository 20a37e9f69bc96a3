"""Rivals: other ways to the best twenty of a demand, each as a function of how many demands to answer."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numba import njit

from benchmarks.matching.corpus import Case
from matching.kernels import push

K = 20
Answers = list[tuple[np.ndarray, np.ndarray]]
"""For each demand rows and scores of its best, in any order."""
Rival = Callable[[int], Answers]
BLOCK = 256


def ours(case: Case) -> Rival:
    """The compiled index."""

    def answer(count: int) -> Answers:
        found: Answers = []
        for start in range(0, count, BLOCK):
            best = case.fast.search(case.asked(start, min(count, start + BLOCK)), K)
            found.extend(zip(best.rows, best.scores, strict=True))
        return found

    return answer


def numbered(case: Case, answers: Answers) -> Answers:
    """The compiled index's answers with documents numbered as in the matrices."""
    return [(np.array([int(case.fast.document(int(row)).id) for row in rows]), scores) for rows, scores in answers]


def _matrix(case: Case, first: int, last: int) -> Any:
    from scipy.sparse import csr_matrix

    asked = case.asked(first, last)
    shape = (last - first, case.weights.shape[1])
    return csr_matrix((asked.weights.astype(np.float32), asked.terms.astype(np.int32), asked.bounds), shape)


def _partition(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    rows = np.argpartition(-scores, K)[:K]
    return rows, scores[rows]


def linear_kernel(case: Case) -> Rival:
    """scikit-learn as it is commonly used: one demand against the matrix, then argpartition."""
    from sklearn.metrics.pairwise import linear_kernel as kernel

    return lambda count: [
        _partition(kernel(_matrix(case, number, number + 1), case.weights).ravel()) for number in range(count)
    ]


def scipy_blocks(case: Case) -> Rival:
    """The sparse product with the transposed matrix kept ready, a block of demands at a time."""
    by_term = case.weights.T.tocsr()

    def answer(count: int) -> Answers:
        found: Answers = []
        for start in range(0, count, 8):
            block = (_matrix(case, start, min(count, start + 8)) @ by_term).toarray()
            found.extend(_partition(scores) for scores in block)
        return found

    return answer


def sparse_dot_topn(case: Case) -> Rival:
    """sparse_dot_topn, one thread."""
    from sparse_dot_topn import sp_matmul_topn

    by_term = case.weights.T.tocsr()

    def answer(count: int) -> Answers:
        found = sp_matmul_topn(_matrix(case, 0, count), by_term, top_n=K, n_threads=1)
        bounds = zip(found.indptr[:-1], found.indptr[1:], strict=True)
        return [(found.indices[a:b], found.data[a:b]) for a, b in bounds]

    return answer


def bm25s(case: Case) -> Rival:
    """bm25s with numba, given the same scores (idf multiplied in, as its questions have no weights)."""
    import bm25s as library

    held = case.weights.tocsc().astype(np.float32)
    held.data *= np.repeat(case.idf.astype(np.float32), np.diff(held.indptr))
    index = library.BM25(backend="numba")
    index.scores = {"data": held.data, "indices": held.indices, "indptr": held.indptr, "num_docs": held.shape[0]}
    index.nonoccurrence_array, index.unique_token_ids_set = None, set(range(held.shape[1]))
    demands = [demand.tolist() for demand in case.demands]

    def answer(count: int) -> Answers:
        found = index.retrieve(demands[:count], k=K, n_threads=1, show_progress=False)
        return list(zip(found.documents, found.scores, strict=True))

    return answer


def tantivy(case: Case) -> Rival:
    """tantivy, one segment, its own BM25 of the same constants (it rounds lengths: nearly the same lists)."""
    import tantivy as library

    words = library.SchemaBuilder().add_text_field("text", tokenizer_name="whitespace", index_option="freq")
    schema = words.add_integer_field("row", stored=True).build()
    index = library.Index(schema)
    writer = index.writer(heap_size=2_000_000_000, num_threads=1)
    counts = case.counts
    for row, (a, b) in enumerate(zip(counts.indptr[:-1], counts.indptr[1:], strict=True)):
        written = np.repeat(counts.indices[a:b], counts.data[a:b].astype(int))
        writer.add_document(library.Document(text=" ".join(f"t{word}" for word in written), row=row))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def question(demand: np.ndarray) -> Any:
        terms = [library.Query.term_query(schema, "text", f"t{word}") for word in demand]
        return library.Query.boolean_query([(library.Occur.Should, term) for term in terms])

    questions = [question(demand) for demand in case.demands]

    def answer(count: int) -> Answers:
        found: Answers = []
        for each in questions[:count]:
            hits = searcher.search(each, K, count=False).hits
            rows = [address.doc for _, address in hits]
            found.append((np.array(rows), np.array([score for score, _ in hits])))
        return found

    return answer


@njit(nogil=True, cache=True)
def _plainly(
    starts: Any, rows: Any, values: Any, bounds: Any, terms: Any, weights: Any, documents: Any, best: Any, places: Any
) -> None:
    sums = np.zeros(documents, np.float32)
    for q in range(len(bounds) - 1):
        for i in range(bounds[q], bounds[q + 1]):
            weight = np.float32(weights[i])
            for posting in range(starts[terms[i]], starts[terms[i] + 1]):
                sums[rows[posting]] += weight * values[posting]
        size = 0
        for row in range(documents):
            if sums[row] > 0 and (size < len(best[q]) or sums[row] > best[q, 0]):
                size = push(best[q], places[q], size, sums[row], row)
        sums[:] = 0


def plainly(case: Case) -> Rival:
    """Plain term-at-a-time in numba: float32 sums of every posting, then one pass with a heap."""
    by_term = case.weights.T.tocsr()

    def answer(count: int) -> Answers:
        asked = case.asked(0, count)
        best, places = np.zeros((count, K), np.float32), np.full((count, K), -1, np.int64)
        _plainly(by_term.indptr, by_term.indices, by_term.data, *asked[:3], case.weights.shape[0], best, places)
        return list(zip(places, best, strict=True))

    return answer


RIVALS: dict[str, tuple[Callable[[Case], Rival], int]] = {
    "compiled index": (ours, 512),
    "scikit-learn linear_kernel": (linear_kernel, 4),
    "scipy product in blocks": (scipy_blocks, 32),
    "sparse_dot_topn": (sparse_dot_topn, 64),
    "bm25s with numba": (bm25s, 64),
    "tantivy": (tantivy, 64),
    "term-at-a-time in numba": (plainly, 64),
}
"""Each with the number of demands that a round asks it: few of the slow ones."""


def agreement(case: Case, answers: Answers, expected: Answers) -> Iterator[float]:
    """Share of each demand's list that is the same, ties allowed: a row counts when its score reaches the
    least of the expected list."""
    for number, ((rows, _), (_, scores)) in enumerate(zip(answers, expected, strict=False)):
        demand = case.demands[number]
        held = case.weights[rows][:, demand] @ case.idf[demand]
        yield float(np.mean(held >= scores.min() - 1e-3))
