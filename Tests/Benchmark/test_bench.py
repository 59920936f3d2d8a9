"""The parts of the benchmark that run no server: python3 -m unittest discover -s Tests/Benchmark"""
import os
import tempfile
import unittest
import xml.dom.minidom
from types import SimpleNamespace

import charts
import cluster
import document
import earlier
import strain
import verdict
from changing import Changer
from instructions import counts_by_thread
from report import ratio


def result(**rounds):
    return {"name": "", "kind": "peer", "rounds": rounds, "life": {}}


class Figures(unittest.TestCase):
    def test_ratio_pairs_the_runs_of_a_round(self):
        mine = result(saturated=[{"cpu": 4}, {"cpu": 20}, {"cpu": 6}])
        base = result(saturated=[{"cpu": 2}, {"cpu": 10}, {"cpu": 1}])
        self.assertEqual(ratio(mine, base, "saturated", "cpu"), 2)
        self.assertIsNone(ratio(mine, None, "saturated", "cpu"))

    def test_criterion(self):
        for value, expected in ((0.0012, True), (0.0031, False), (None, None)):
            self.assertEqual(verdict.at_most("wait", value, 3, 1, " ms", 1e3).is_met, expected)

    def test_a_missed_limit_is_seen_to_be_missed(self):
        for value, shown, is_met in (
            (0.896, "0.90 ×", True), (0.9, "0.90 ×", True), (0.904, "0.904 ×", False), (0.9004, "0.9004 ×", False),
            (0.91, "0.91 ×", False),
        ):  # fmt: skip
            criterion = verdict.at_most("cost", value, 0.9, 2, " ×")
            self.assertEqual((criterion.result, criterion.is_met), (shown, is_met))
        for value, shown, is_met in ((0.904, "0.90 ×", True), (0.896, "0.896 ×", False), (0.88, "0.88 ×", False)):
            criterion = verdict.at_least("share", value, 0.9, 2, " ×")
            self.assertEqual((criterion.result, criterion.is_met), (shown, is_met))
        self.assertIsNone(verdict.at_least("share", None, 0.9, 2, " ×").is_met)

    def test_an_overload_is_held_against_the_best_rate_around_it(self):
        best = lambda rate, loss=0.0: {"rate": rate, "loss": loss}  # noqa: E731
        flood = lambda rate, wrong=0: {"rate": rate, "offered": 1000, "heard": 50, "wrong": wrong}  # noqa: E731
        row = {
            "best": [[best(90), best(110)], [best(200), best(200)], [best(100), best(100, loss=0.5)]],
            "flood": [flood(80), flood(200, wrong=5), flood(1)],
        }
        # 80 of 100; 200 of 200, a tenth of what was heard wrong; the third has no best rate beside it.
        self.assertAlmostEqual(strain.kept(row), (0.8 + 0.9) / 2)
        self.assertAlmostEqual(strain.offered(row), (10 + 5) / 2)
        self.assertEqual(strain.good_rate({"rate": 0, "heard": 0, "wrong": 0}), 0)
        self.assertIsNone(strain.kept({"best": [], "flood": []}))

    def test_address_of_a_change(self):
        for change in (0, 1, 255, 256, 65_535, 65_536, 1_000_000):
            self.assertEqual(Changer.number_of(Changer.address(change)), change)

    def test_counts_of_a_dump(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, total in (("70.1-01", 5), ("70.1-02", 900), ("70.2-01", 7), ("70", 10_000)):
                with open(f"{folder}/{name}", "w") as file:
                    file.write(f"events: Ir\ntotals: {total}\n")
            self.assertEqual(counts_by_thread(folder), {("70", "-01"): 12, ("70", "-02"): 900})
            self.assertEqual(os.listdir(folder), [])


    def test_numbers_of_an_earlier_run(self):
        bench = SimpleNamespace(results={"gdnsd": result(saturated=[{"cpu": 4}])}, extra={})
        facts = {"parts": {"udp": 5}, "versions": ["a 1"], "rounds_done": 0, "took": 5}
        theirs = {**result(churn=[{"cpu": 30}]), "life": {"1000": {"start": 2}}, "sizes": {}, "instructions": None}
        numbers = {"servers": {"gdnsd": theirs}, "extra": {"idle": {}}}
        numbers["facts"] = {"parts": {"tcp": 7}, "versions": ["a 1", "b 2"], "rounds_done": 5}
        earlier.add(bench, facts, numbers)
        self.assertEqual(set(bench.results["gdnsd"]["rounds"]), {"saturated", "churn"})
        self.assertEqual(bench.results["gdnsd"]["life"], {1000: {"start": 2}})
        self.assertEqual((facts["took"], facts["versions"], facts["rounds_done"]), (12, ["a 1", "b 2"], 5))


class Clusters(unittest.TestCase):
    def test_a_crowded_cluster_has_five_endpoints_for_each_service(self):
        services = cluster.Cluster(2000, seed=1, is_crowded=True).services
        self.assertEqual(sum(len(service.endpoints) for service in services), 10_000)


class Pages(unittest.TestCase):
    def test_charts_are_xml(self):
        rows = {"ClusterDNS": [1.5, 2], "a < b & c": [0.2, 300]}
        lines = {"ClusterDNS": [(1000, 0.1), (10_000, 4)], "nothing": []}
        for chart in (
            charts.bars("Bars", "µs", ("user", "system"), rows),
            charts.dots("Dots", "µs", ("p50", "p99"), {**rows, "gap": [None, 3]}),
            charts.panels("Panels", [("start, s", lines), ("empty", {})]),
        ):
            self.assertEqual(xml.dom.minidom.parseString(chart).documentElement.tagName, "svg")

    def test_results_of_nothing_measured(self):
        bench = SimpleNamespace(results={}, extra={}, chosen=SimpleNamespace(rate=50_000))
        facts = {"date": "", "machine": "", "versions": [], "took": 0, "load_average": [0, 0]}
        facts |= {"services": 10_000, "rate": 50_000, "rounds_done": 0}
        self.assertIn("| UDP, CPU an answer | ≤ 1.1 × echo | – | – |", document.results(bench, facts))
        self.assertEqual(len(list(document.charts_of(bench, facts))), 4)


if __name__ == "__main__":
    unittest.main()
