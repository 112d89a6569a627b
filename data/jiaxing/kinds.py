"""What can be needed: capabilities of people, types of vehicles and machines, items."""

# code, Chinese name, English name
PEOPLE = [
    ("flood_rescue", "防汛抢险", "flood rescue"), ("water_rescue", "水上救援", "water rescue"),
    ("medical", "医疗救护", "medical care"), ("search", "搜索救援", "search and rescue"),
    ("engineering", "工程抢险", "engineering"), ("fire", "消防灭火", "fire fighting"),
    ("hazmat", "危化品处置", "hazardous materials"), ("evacuation", "群众转移", "evacuation"),
    ("power_repair", "电力抢修", "power repair"), ("communications", "通信保障", "communications"),
    ("road_clearing", "道路清障", "road clearing"), ("geology", "地震地质救援", "earthquake and geology"),
    ("expert_advice", "专家指导", "expert advice")]

# code, names, payload kg, volume m3, seats, profile, share of the fleet; what is built for
# something else carries no goods
VEHICLES = [
    ("truck", "运输卡车", "truck", 8000, 30.0, 2, "heavy", 22),
    ("van", "厢式货车", "van", 1500, 9.0, 2, "light", 14),
    ("bus", "大客车", "bus", 1500, 6.0, 45, "heavy", 9),
    ("ambulance", "救护车", "ambulance", 0, 0.0, 5, "emergency", 12),
    ("fire_engine", "消防车", "fire engine", 0, 0.0, 6, "emergency", 10),
    ("boat_trailer", "冲锋舟拖车", "boat trailer", 1200, 8.0, 4, "light", 9),
    ("pump_truck", "排涝泵车", "pump truck", 0, 0.0, 3, "heavy", 8),
    ("crane_truck", "随车吊", "crane truck", 6000, 16.0, 2, "heavy", 4),
    ("low_loader", "平板拖车", "low loader", 30000, 40.0, 2, "heavy", 3),
    ("power_truck", "应急发电车", "power truck", 0, 0.0, 3, "heavy", 4),
    ("command", "指挥通信车", "command vehicle", 0, 0.0, 7, "emergency", 3),
    ("hazmat_truck", "危化品处置车", "hazmat truck", 0, 0.0, 5, "emergency", 1),
    ("dragon_pump", "大流量排水车", "high-capacity drainage vehicle", 0, 0.0, 3, "heavy", 1)]

# code, names, mass kg, volume m3, share of the pools' units
MACHINES = [
    ("pump", "水泵", "pump", 180, 0.5, 27), ("generator", "发电机", "generator", 220, 0.6, 14),
    ("boat", "冲锋舟", "boat", 150, 3.0, 11), ("chainsaw", "油锯", "chainsaw", 8, 0.05, 9),
    ("lighting", "移动照明灯塔", "lighting tower", 350, 2.0, 7),
    ("excavator", "挖掘机", "excavator", 21000, 45.0, 6), ("loader", "装载机", "loader", 16000, 40.0, 5),
    ("drone", "无人机", "drone", 12, 0.1, 4),
    ("satellite_phone", "卫星电话", "satellite phone", 0.4, 0.002, 3)]

OPERATORS = {"loader": ("road_clearing", 2)}  # machine -> who operates one, and how many of them

# code, names, unit, mass kg, volume m3, share of the pieces of its category
RELIEF = [
    ("food_box", "方便食品", "food box", "箱", 6.0, 0.025, 26),
    ("water_box", "饮用水", "box of drinking water", "箱", 13.0, 0.018, 26),
    ("blanket", "棉被", "blanket", "条", 3.0, 0.03, 18),
    ("coat", "棉大衣", "coat", "件", 2.5, 0.02, 12), ("cot", "折叠床", "folding bed", "张", 8.0, 0.08, 9),
    ("tent", "救灾帐篷", "tent", "顶", 55.0, 0.35, 4),
    ("first_aid_kit", "急救包", "first aid kit", "个", 1.5, 0.008, 5)]
FLOOD_FIGHTING = [
    ("sandbag", "编织袋", "sandbag", "只", 0.15, 0.001, 74),
    ("geotextile", "土工布", "geotextile", "平方米", 0.4, 0.003, 10),
    ("stake", "木桩", "stake", "根", 12.0, 0.03, 6),
    ("life_jacket", "救生衣", "life jacket", "件", 1.0, 0.012, 5),
    ("rope", "救生绳", "rope", "根", 4.0, 0.01, 2), ("shovel", "铁锹", "shovel", "把", 2.2, 0.01, 2),
    ("flood_panel", "挡水板", "flood panel", "块", 18.0, 0.06, 1)]


def kind_rows():
    rows = [(c, "people", "rescue", zh, en, "人", None, None) for c, zh, en in PEOPLE]
    rows += [(v[0], "vehicle", "transport", v[1], v[2], "辆", None, None) for v in VEHICLES]
    rows += [(c, "machine", "equipment", zh, en, "台", mass, volume)
             for c, zh, en, mass, volume, _ in MACHINES]
    for category, items in (("relief", RELIEF), ("flood_fighting", FLOOD_FIGHTING)):
        rows += [(c, "item", category, zh, en, unit, mass, volume)
                 for c, zh, en, unit, mass, volume, _ in items]
    return [(*row, *OPERATORS.get(row[0], (None, 0))) for row in rows]
