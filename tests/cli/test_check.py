"""`muster check`: all agree on the samples, and the same pairs are drawn again."""

import re

import pytest

from muster_command import refuse, succeed


@pytest.mark.parametrize("network", ["village", "two_islands"])
def test_all_agree_for_every_profile(network, request):
    path = request.getfixturevalue(network)
    lines = succeed("check", path, "--pairs", 100).splitlines()
    assert lines[0].startswith(f"{path}: ") and lines[0].endswith("seed 1")
    for line, profile in zip(lines[-4:], ["light", "heavy", "emergency", "boat"]):
        assert re.fullmatch(rf"{profile} +100 pairs, \d+ without a way: all agree", line)


def test_pairs_between_islands_are_without_a_way(two_islands):
    line = succeed("check", two_islands, "--pairs", 200, "--profile", "light").splitlines()[-1]
    assert 20 < int(re.search(r"(\d+) without", line)[1]) < 180


def test_a_seed_draws_the_same_pairs(two_islands):
    arguments = ["check", two_islands, "--pairs", 500, "--profile", "light", "--seed"]
    assert succeed(*arguments, 7) == succeed(*arguments, 7)
    assert len({succeed(*arguments, seed).splitlines()[-1] for seed in range(5)}) > 1


@pytest.mark.parametrize("arguments, words", [
    ([], ["NET.gpkg"]), (["n", "m"], ['"m"', "NET.gpkg"]), (["n", "--pairs", "0"], ["--pairs"]),
    (["n", "--seed", "x"], ["--seed", '"x"']), (["n", "--profile", "tank"], ['"tank"', "light"])])
def test_a_wrong_command_line_is_told_what_was_expected(arguments, words):
    refuse(2, "check", *arguments, words=words)


def test_a_network_that_is_not_there_is_named(tmp_path):
    refuse(4, "check", tmp_path / "no.gpkg", words=[tmp_path / "no.gpkg"])
