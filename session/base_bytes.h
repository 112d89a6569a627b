/* A base as bytes, part of those of its world. */
#ifndef MU_SESSION_BASE_BYTES_H
#define MU_SESSION_BASE_BYTES_H

#include "session/base.h"
#include "session/codec.h"

/* Write *base, or make a new one of what is read: one reference, the caller's; NULL where that fails. */
void mu_code_base(mu_codec *codec, mu_base **base);

#endif
