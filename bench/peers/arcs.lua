-- An OSRM profile for arcs that say themselves how long they take: every way is one arc, its
-- `ms` the duration, and turns cost nothing.
api_version = 4

function setup()
  return {
    properties = {
      weight_name = 'duration',
      u_turn_penalty = 0,
      traffic_signal_penalty = 0,
      max_speed_for_map_matching = 50,
      continue_straight_at_waypoint = false,
      use_turn_restrictions = false,
    }
  }
end

function process_node(profile, node, result, relations)
end

function process_way(profile, way, result, relations)
  result.forward_mode = mode.driving
  result.backward_mode = mode.inaccessible
  result.duration = tonumber(way:get_value_by_key('ms')) / 1000
end

function process_turn(profile, turn)
  turn.duration = 0
  turn.weight = 0
end

return {
  setup = setup,
  process_node = process_node,
  process_way = process_way,
  process_turn = process_turn
}
