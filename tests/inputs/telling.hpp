// Refusals of the schema as tellings.
#pragma once

#include "plinth/v1/plinth.pb.h"
#include "tests/inputs/doors.hpp"

namespace plinth::inputs {

inline void add(Reply& reply, const v1::Refused& refused) {
  const auto one = [&reply](const v1::Refused& r) {
    reply.told.push_back({.code = r.code(),
                          .field = r.field(),
                          .why = r.why(),
                          .allowed = r.allowed(),
                          .next_step = r.next_step()});
  };
  if (refused.details().empty()) one(refused);
  for (const v1::Refused& detail : refused.details()) one(detail);
}

}  // namespace plinth::inputs
