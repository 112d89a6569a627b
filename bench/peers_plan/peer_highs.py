"""HiGHS by its Python package, highspy. See peer.py."""

import time

import highspy
import numpy

import milp
import peer


def linear_program(program):
    low, high = program.limits()
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.upper), len(low)
    lp.col_cost_, lp.col_lower_ = program.cost / milp.SCALE, numpy.zeros(len(program.upper))
    lp.col_upper_ = program.upper.astype(float)
    lp.row_lower_, lp.row_upper_ = low, high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = lp.num_col_, lp.num_row_
    lp.a_matrix_.start_, lp.a_matrix_.index_ = program.start, program.index
    lp.a_matrix_.value_ = program.value.astype(float)
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[is_discrete] for is_discrete in program.is_discrete.tolist()]
    return lp


def solve(program, limit_s, heard):
    solver = highspy.Highs()
    for option, value in {"output_flag": False, "threads": peer.THREADS, "time_limit": limit_s,
                          "mip_rel_gap": peer.GAP}.items():
        solver.setOptionValue(option, value)
    solver.passModel(linear_program(program))
    start = time.monotonic()

    def better(event):
        heard(time.monotonic() - start, event.data_out.objective_function_value * milp.SCALE)

    solver.cbMipImprovingSolution.subscribe(better)
    solver.run()
    info = solver.getInfo()
    is_found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    return peer.Answer(list(solver.getSolution().col_value) if is_found else None,
                       info.mip_dual_bound * milp.SCALE)


if __name__ == "__main__":
    peer.run(solve)
