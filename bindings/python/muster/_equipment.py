"""What is kept on the spot, and stock, against a standard (docs/readiness.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from muster._errors import check, text, word
from muster._memory import pointer_to
from muster._native import ffi, lib
from muster._standard import Rule, per_thousand_of, read, rules_of
from muster._structs import names_of, rows
from muster.problem import codes_of

if TYPE_CHECKING:
    import pandas

    from muster.problem import Scenario

_HOLDERS = {"site": "at_risk_site", "village": "village"}


def equipment(scenario: Scenario, standards: Any = None) -> pandas.DataFrame:
    """What every at-risk site and every village keeps, against what it has to. What sites keep is the table kit of the
    store (Scenario.kits); what a village keeps are stock and machines whose authority is the village itself.

    :param standards: lists `site` and `village`: a path or a dict, as in `readiness`; None: our own
    :returns: a row a place and rule: `holder` ("site" or "village"), `code` of the place, `kind`, `required`, `held`,
        `state` ("missing", "short", "enough", "surplus"; "optional": not enough, but its choice is kept by others)
    :raises InvalidError: naming list, row, value and what was expected"""
    import pandas
    codes, document, places = codes_of(scenario.problem), read(standards), scenario.places
    kinds = {code: i for i, code in enumerate(codes["kind"])}
    found = []
    for holder, level in _HOLDERS.items():
        holders = places[places.level == level]
        number = {code: i for i, code in enumerate(holders.index)}
        held = _kits(scenario, number, kinds) if holder == "site" else _stores(scenario.problem, number)
        rules = rules_of(document, kinds, holder)
        people = holders.population.fillna(0).to_numpy(np.int64)
        found.append(_checked(holder, holders.index, people, rules, held, codes["kind"]))
    return pandas.concat(found, ignore_index=True)


def _kits(scenario: Scenario, holders: dict[str, int], kinds: dict[str, int]) -> list[tuple[int, int, int]]:
    """(holder, kind, quantity)"""
    kits = scenario.kits
    return [(holders[site], kinds[kind], quantity)
            for site, kind, quantity in zip(kits.site.tolist(), kits.kind.tolist(), kits.quantity.tolist())
            if site in holders and kind in kinds]


def _stores(problem: Any, holders: dict[str, int]) -> list[tuple[int, int, int]]:
    d = problem._data
    owned = [(d.stock[i], d.stock[i].quantity) for i in range(d.stock_count)]
    owned += [(d.machine[i], d.machine[i].count) for i in range(d.machine_count)]
    found = []
    for row, quantity in owned:
        if row.unit.authority == lib.MUSTER_NONE:
            continue
        holder = holders.get(word(d.authority[row.unit.authority].code))
        if holder is not None:
            found.append((holder, row.kind, quantity))
    return found


def _checked(holder: str, index: Any, people: np.ndarray, rules: list[Rule], held: list[tuple[int, int, int]],
             kinds: np.ndarray) -> pandas.DataFrame:
    import pandas
    rule = ffi.new("muster_equipment_rule[]", max(len(rules), 1))
    for i, asked in enumerate(rules):
        rule[i] = asked._asdict()
    holding = ffi.new("muster_holding[]", [dict(zip(("holder", "kind", "quantity"), row)) for row in held])
    count = len(index) * len(rules)
    out = ffi.new("muster_equipment[]", max(count, 1))
    check(lib.muster_equipment_check(len(index), pointer_to(people, "int64_t"), len(rules), rule, len(held), holding,
                                     out))
    found = rows("muster_equipment", out, count)
    states = names_of(lib.muster_equipment_state_name, lib.MUSTER_EQUIPMENT_OPTIONAL + 1)
    return pandas.DataFrame({"holder": holder, "code": index.repeat(len(rules)),
                             "kind": [kinds[asked.kind] for asked in rules] * len(index),
                             "required": found["required"], "held": found["held"], "state": states[found["state"]]})


def stock_tiers(scenario: Scenario, standards: Any = None) -> pandas.DataFrame:
    """Stock of each item against what the people of each tier's places need.

    :param standards: `per_thousand_people`, what a thousand people need: a path or a dict, as in `readiness`; None: our
        own
    :returns: a row an item and tier: `kind`, `tier` (village, town, county, city), `places`, `needed`, `own`, what they
        keep themselves, `below`, what those under them do, `above`, what higher tiers do, `short`, how many have less
        than they need in own and below, and `weakest`, the code of the one with the least share of its need (None:
        nobody needs any)
    :raises InvalidError: naming list, row, value and what was expected"""
    import pandas
    problem, document = scenario.problem, read(standards)
    d, codes = problem._data, codes_of(problem)["kind"]
    needs = per_thousand_of(document, {code: i for i, code in enumerate(codes)}, d)
    places = scenario.places
    known = places[places.level != "at_risk_site"].population
    known = known[~known.index.duplicated()].fillna(0)
    authorities = [text(d.authority[i].code) for i in range(d.authority_count)]
    people = known.reindex(authorities).fillna(0).to_numpy(np.int64)
    tiers = ffi.new("muster_stock_tier[]", max(d.kind_count * lib.MUSTER_LEVEL_COUNT, 1))
    check(lib.muster_stock_tiers(d, pointer_to(people, "int64_t"), pointer_to(needs, "int64_t"), tiers))
    found = rows("muster_stock_tier", tiers, d.kind_count * lib.MUSTER_LEVEL_COUNT)
    kept = np.flatnonzero(found["place_count"] > 0)
    levels, found = names_of(lib.muster_level_name, lib.MUSTER_LEVEL_COUNT), found[kept]
    return pandas.DataFrame({
        "kind": codes[kept // lib.MUSTER_LEVEL_COUNT], "tier": levels[kept % lib.MUSTER_LEVEL_COUNT],
        "places": found["place_count"].astype(np.int64), "needed": found["required"],
        **{name: found[name] for name in ("own", "below", "above")}, "short": found["short_count"].astype(np.int64),
        "weakest": [None if weakest == lib.MUSTER_NONE else authorities[weakest] for weakest in found["weakest"]]})
