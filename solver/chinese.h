/* What sentences in Chinese have in common: how things are called and counted. */
#ifndef MU_SOLVER_CHINESE_H
#define MU_SOLVER_CHINESE_H

#include <muster/problem.h>

#include "solver/sentence.h"

/* "储罐泄漏（tank-1）": who has to act on a sentence knows names, and who looks it up needs the code.
 * The code alone where there is no name. */
void mu_say_called(mu_sentence *sentence, const char *name, const char *code);

/* The same with the brackets left open for more: "储罐泄漏（tank-1，" or "tank-1（". */
void mu_say_called_and(mu_sentence *sentence, const char *name, const char *code);

/* A kind by its name, or by its code where it has none. */
const char *mu_chinese_kind(const char *name, const char *code);

/* Behind a number of what is needed or sent. All items are counted in 件, as in the report: a problem
 * does not say whether it is bags or boxes. */
const char *mu_chinese_measure(muster_resource resource);

#endif
