"""Types of incidents and what each asks for.

A need is (kind, low, high, chance, least): a quantity between low and high for a moderate
incident, whether it is asked for, and the share below which it is useless. The first three of
a list are always asked for.
"""
from kinds import FLOOD_FIGHTING, MACHINES, PEOPLE, RELIEF, VEHICLES

SCALE = {"minor": 0.6, "moderate": 1.0, "severe": 1.35, "extreme": 1.8}
LIMITS = {}  # kind -> (fewest, most)
for _rows, _limits in ((PEOPLE, (5, 70)), (VEHICLES, (1, 6)), (MACHINES, (1, 20)),
                       (RELIEF + FLOOD_FIGHTING, (20, 2000))):
    LIMITS.update({row[0]: _limits for row in _rows})


def floor(kind):
    return LIMITS[kind][0]


def cap(kind):
    return LIMITS[kind][1]


def incident_type(name, share, needs):
    return {"name": name, "share": share, "needs": needs, "floor": floor, "cap": cap}


INCIDENT_TYPES = {
    "flooded_village": incident_type("村庄进水", 0.27, [
        ("evacuation", 14, 37, 1, 0.4), ("pump", 3, 11, 1, 0.3), ("sandbag", 300, 1300, 1, 0),
        ("flood_rescue", 11, 28, 0.6, 0.3), ("bus", 1, 3, 0.5, 0.3), ("food_box", 60, 300, 0.6, 0),
        ("water_box", 60, 300, 0.6, 0), ("blanket", 40, 250, 0.5, 0), ("boat", 1, 4, 0.5, 0),
        ("generator", 1, 3, 0.4, 0), ("life_jacket", 30, 120, 0.4, 0)]),
    "dike_breach": incident_type("堤防决口", 0.12, [
        ("flood_rescue", 28, 62, 1, 0.5), ("sandbag", 700, 1700, 1, 0.3), ("stake", 60, 300, 1, 0),
        ("engineering", 14, 31, 0.7, 0.4), ("excavator", 1, 3, 0.7, 0.3),
        ("geotextile", 200, 900, 0.7, 0),
        ("truck", 1, 4, 0.6, 0), ("lighting", 1, 3, 0.5, 0), ("pump", 3, 9, 0.6, 0),
        ("shovel", 30, 90, 0.4, 0)]),
    "trapped_people": incident_type("群众被困", 0.15, [
        ("water_rescue", 10, 20, 1, 0.5), ("boat", 1, 5, 1, 0.4), ("life_jacket", 30, 120, 1, 0),
        ("medical", 7, 14, 0.5, 0.3), ("search", 8, 20, 0.4, 0.3), ("ambulance", 1, 2, 0.5, 0),
        ("boat_trailer", 1, 2, 0.4, 0), ("rope", 20, 60, 0.4, 0), ("drone", 1, 2, 0.3, 0)]),
    "power_outage": incident_type("大面积停电", 0.11, [
        ("power_repair", 10, 23, 1, 0.4), ("generator", 2, 6, 1, 0.3), ("lighting", 1, 4, 1, 0),
        ("power_truck", 1, 2, 0.5, 0), ("crane_truck", 1, 1, 0.3, 0), ("chainsaw", 1, 5, 0.3, 0),
        ("communications", 7, 13, 0.3, 0)]),
    "building_collapse": incident_type("房屋倒塌", 0.08, [
        ("search", 20, 43, 1, 0.5), ("medical", 8, 20, 1, 0.4), ("ambulance", 1, 3, 1, 0.5),
        ("fire", 11, 26, 0.5, 0.3), ("geology", 14, 34, 0.25, 0.3), ("excavator", 1, 2, 0.5, 0),
        ("lighting", 1, 3, 0.5, 0), ("drone", 1, 2, 0.4, 0), ("tent", 20, 50, 0.5, 0)]),
    "hazmat_leak": incident_type("危化品泄漏", 0.07, [
        ("hazmat", 36, 60, 1, 0.6), ("hazmat_truck", 1, 2, 1, 0.5), ("evacuation", 20, 48, 1, 0.3),
        ("medical", 7, 14, 0.6, 0), ("fire", 11, 26, 0.6, 0), ("ambulance", 1, 2, 0.5, 0),
        ("sandbag", 100, 400, 0.4, 0), ("command", 1, 1, 0.3, 0)]),
    "road_blocked": incident_type("道路中断", 0.10, [
        ("road_clearing", 11, 26, 1, 0.4), ("chainsaw", 2, 6, 1, 0.3), ("loader", 1, 2, 1, 0),
        ("low_loader", 1, 1, 0.3, 0), ("crane_truck", 1, 1, 0.3, 0),
        ("engineering", 8, 17, 0.3, 0)]),
    "urban_waterlogging": incident_type("城区内涝", 0.06, [
        ("flood_rescue", 11, 26, 1, 0.3), ("pump", 4, 10, 1, 0.4), ("dragon_pump", 1, 3, 1, 0),
        ("pump_truck", 1, 3, 0.7, 0), ("flood_panel", 20, 120, 0.5, 0),
        ("sandbag", 200, 800, 0.6, 0),
        ("generator", 1, 3, 0.4, 0)]),
    "medical": incident_type("人员受伤", 0.04, [
        ("medical", 7, 14, 1, 0.5), ("ambulance", 1, 3, 1, 0.5), ("first_aid_kit", 20, 60, 1, 0),
        ("communications", 7, 11, 0.2, 0)]),
}
