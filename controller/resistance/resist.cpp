#include "controller/resistance/constant_load.hpp"

namespace plinth::resistance {
namespace {

// One function per law; the two that need no arithmetic stand here.
struct Demand {
  const sensing::Estimate& estimate;

  rehab::DriveDemand operator()(const Off&) const { return rehab::NoDemand{}; }
  rehab::DriveDemand operator()(const Lower&) const { return rehab::LoweringDemand{}; }
  rehab::DriveDemand operator()(const ConstantLoad& law) const { return constant_load(law, estimate); }
};

}  // namespace

rehab::DriveDemand resist(const Law& law, const sensing::Estimate& estimate) {
  return std::visit(Demand{estimate}, law);
}

}  // namespace plinth::resistance
