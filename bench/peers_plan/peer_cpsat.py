"""OR-Tools' CP-SAT, in whole numbers throughout. See peer.py."""

from ortools.sat.python import cp_model

import peer


class Listener(cp_model.CpSolverSolutionCallback):
    def __init__(self, heard):
        super().__init__()
        self.heard = heard

    def on_solution_callback(self):
        self.heard(self.wall_time, self.objective_value)


def weighted(variables, columns, values):
    return cp_model.LinearExpr.weighted_sum([variables[c] for c in columns], values)


def constraint_model(program):
    model = cp_model.CpModel()
    variables = [model.new_int_var(0, most, "") for most in program.upper.tolist()]
    for r, (low, high) in enumerate(zip(program.low.tolist(), program.high.tolist())):
        model.add_linear_constraint(weighted(variables, *program.row(r)), low, high)
    costly = program.cost.nonzero()[0].tolist()
    model.minimize(weighted(variables, costly, program.cost[costly].tolist()))
    return model, variables


def solve(program, limit_s, heard):
    model, variables = constraint_model(program)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = peer.THREADS
    solver.parameters.max_time_in_seconds = limit_s
    solver.parameters.relative_gap_limit = peer.GAP
    status = solver.solve(model, Listener(heard))
    is_found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return peer.Answer(solver.values(variables).tolist() if is_found else None,
                       solver.best_objective_bound)


if __name__ == "__main__":
    peer.run(solve)
