"""Evaluate: the metrics are the textbook's, and the command says what it cannot read."""

import gzip
import json
import math

import pytest

from matching.baselines import MODELS
from matching.datasets import judgements
from matching.evaluate import main
from matching.metrics import evaluate_run, intervals, means, query_metrics

CORPUS = [
    {"id": "a", "title": "高温合金粉末", "text": "真空气雾化制备", "keywords": ["合金"]},
    {"id": "b", "title": "抗旱玉米", "text": "选育玉米新品种"},
    {"id": "c", "text": "laser scattering sensors"},
]
QUERIES = [
    {"id": "1", "text": "合金粉末制备"},
    {"id": "2", "text": "laser sensor"},
    {"id": "3", "text": "火箭"},
]
QRELS = "qid\tdocid\trel\n1\ta\t2\n1\tb\t0\n2\tc\t1\n3\tb\t1\n"


@pytest.fixture
def folder(tmp_path):
    with gzip.open(tmp_path / "corpus.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in CORPUS)
    (tmp_path / "queries.jsonl").write_text("".join(json.dumps(row) + "\n" for row in QUERIES), "utf-8")
    (tmp_path / "qrels.tsv").write_text(QRELS, "utf-8")
    return tmp_path


def test_ndcg_has_linear_gain_over_all_judged():
    got = query_metrics(["x", "a", "b"], {"a": 3, "b": 1, "c": 2})["nDCG@10"]
    ideal = 3 + 2 / math.log2(3) + 1 / 2
    assert got == pytest.approx((3 / math.log2(3) + 1 / 2) / ideal)


def test_reciprocal_rank_recall_and_precision_by_hand():
    got = query_metrics(["x", "a", "y", "b"], {"a": 1, "b": 1, "c": 1})
    assert got["MRR@10"] == 1 / 2
    assert got["R@10"] == pytest.approx(2 / 3)
    assert got["MAP@100"] == pytest.approx((1 / 2 + 2 / 4) / 3)


def test_past_the_tenth_place_only_the_long_metrics_count():
    got = query_metrics([*"0123456789", "a"], {"a": 1})
    assert (got["nDCG@10"], got["MRR@10"], got["R@10"], got["R@100"]) == (0, 0, 0, 1)
    assert got["MAP@100"] == pytest.approx(1 / 11)


def test_a_judgement_below_0_takes_the_document_out():
    assert query_metrics(["own", "a"], {"own": -1, "a": 1})["MRR@10"] == 1


def test_a_document_counts_once():
    assert query_metrics(["a", "a"], {"a": 1, "b": 1})["R@10"] == 0.5


def test_queries_without_answer_count_0_and_without_relevant_not_at_all():
    per_query = evaluate_run({"1": ["a"]}, {"1": {"a": 1}, "2": {"b": 1}, "3": {"c": 0}})
    assert sorted(per_query) == ["1", "2"]
    assert means(per_query)["nDCG@10"] == 0.5


def test_intervals_hold_the_mean_and_repeat():
    per_query = evaluate_run({"1": ["a"], "2": ["x"]}, {"1": {"a": 1}, "2": {"b": 1}})
    assert intervals(per_query) == intervals(per_query)
    low, high = intervals(per_query)["MRR@10"]
    assert low <= 0.5 <= high


@pytest.mark.parametrize("model", ["matcher", *MODELS])
def test_every_model_is_printed_by_the_same_code(folder, capsys, model):
    assert main([str(folder), "--model", model]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["documents"], printed["queries"], printed["queries_without_results"]) == (3, 3, 1)
    assert printed["nDCG@10"] >= round(1 / 3, 4)
    assert printed["ci95"]["nDCG@10"][0] <= printed["nDCG@10"]


def test_the_matcher_finds_what_is_judged_relevant(folder, capsys):
    main([str(folder)])
    assert json.loads(capsys.readouterr().out)["MRR@10"] == pytest.approx(2 / 3, abs=1e-4)


def test_the_run_holds_query_document_rank_and_score(folder, tmp_path, capsys):
    main([str(folder), "--run", str(tmp_path / "run.tsv")])
    rows = [line.split("\t") for line in (tmp_path / "run.tsv").read_text().splitlines()]
    assert rows[0][:3] == ["1", "a", "1"]
    assert 0 < float(rows[0][3]) <= 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("queries.jsonl", "{not json}\n", "queries.jsonl:1"),
        ("queries.jsonl", '{"text": "no id"}\n', "queries.jsonl:1"),
        ("qrels.tsv", "qid docid rel\n1 a\n", "qrels.tsv:2"),
        ("qrels.tsv", "1 a 0\n", "no document relevant"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(folder, capsys, name, content, said):
    (folder / name).write_text(content)
    assert main([str(folder)]) == 2
    assert said in capsys.readouterr().err


def test_a_missing_file_is_said(folder, capsys):
    (folder / "qrels.tsv").unlink()
    assert main([str(folder)]) == 2
    assert "qrels.tsv" in capsys.readouterr().err


def test_judgements_of_four_columns_are_read(folder):
    (folder / "qrels.tsv").write_text("1 0 a 1\n")
    assert judgements(folder) == {"1": {"a": 1.0}}
