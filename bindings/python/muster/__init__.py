"""muster: which rescue teams, vehicles, machines and stocks go to which emergency.

    import muster

    network = muster.Network.from_osm("city.osm.pbf")
    metric = network.metric("light")
    table = metric.matrix(stations, villages)        # GeoDataFrames in, numpy out
    flooded = metric.close(water)                    # a new metric; the old one stays
    plan = muster.solve(muster.Scenario.load("jiaxing.gpkg"), time_limit=2)
    plan.assignments                                 # a DataFrame
    result = muster.ScenarioFile.load("typhoon.toml").simulate(replications=30)
    result.summary()                                 # another
    session = muster.Session.open("night", "jiaxing.gpkg")      # live dispatch

Times are milliseconds (`_ms`) or seconds (`_s`), lengths metres (`_m`), places longitude and latitude of
WGS 84 or GeoSeries that say their coordinate system. All objects may be used from several threads."""

from muster._equipment import equipment, stock_tiers
from muster._errors import (CancelledError, FormatError, InternalError, InvalidError, MusterError, NoMemoryError,
                            SolverError, StoreError, text)
from muster._native import lib as _lib
from muster._readiness import Readiness, readiness
from muster._refusals import (Answer, ConflictError, ForbiddenError, LateError, RefusedError, UnknownEventError,
                              WrongEventError)
from muster.journal import Journal, JournalRecord, JournalSummary
from muster.metric import NOT_SNAPPED, UNREACHABLE_MS, Matrix, Metric, Places
from muster.network import ROAD_CLASSES, Network
from muster.plan import Plan, Progress, solve
from muster.problem import Problem, Scenario
from muster.profiles import Profile, Profiles
from muster.route import Route
from muster.scenario_file import ScenarioFile
from muster.simulation import SimulationResult, compare
from muster.siting import Siting, SitingProgress, move_up, site
from muster.session import News, Session, SessionState, Syncs
from muster.session_plan import Committed, SessionPlan
from muster.view import View

__version__ = text(_lib.muster_version())

__all__ = [
    "Answer", "CancelledError", "Committed", "ConflictError", "ForbiddenError", "FormatError", "InternalError",
    "InvalidError", "Journal", "JournalRecord", "JournalSummary", "LateError", "Matrix", "Metric", "MusterError",
    "NOT_SNAPPED", "Network", "News", "NoMemoryError", "Places", "Plan", "Problem", "Profile", "Profiles", "Progress",
    "ROAD_CLASSES", "Readiness", "RefusedError", "Route", "Scenario", "ScenarioFile", "Session", "SessionPlan",
    "SessionState", "SimulationResult", "Siting", "SitingProgress", "SolverError", "StoreError", "Syncs",
    "UNREACHABLE_MS", "UnknownEventError", "View", "WrongEventError", "compare", "equipment", "move_up", "readiness",
    "site", "solve", "stock_tiers",
]
