// Breadth first through every state that a machine can reach, to the fixed point: the shipping type itself is
// stepped, with every input of a finite set in every state, and named properties are judged on every
// transition.
//
// A domain says what is explored:
//   State      a value with ==: the machine, and ghosts that remember what its properties need
//   Input      what comes at it in one step
//   Output     what the step gave
//   State start() const;  const std::vector<Input>& inputs() const;
//   Output step(State&, const Input&) const;      steps the machine, then its ghosts
//   std::uint64_t hash(const State&) const;       of anything that == looks at
//   std::span<const Property<Domain>> properties() const;
//   std::string words(const Input&) const;        for a counter-example
#pragma once

#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace plinth::exploration {

// How much is explored: a sample for builds that are twenty times slower, what every test run affords, and
// all of it in the long proof.
enum class Size : std::uint8_t { Small, Usual, Full };
inline Size size_from_environment() {
  const char* size = std::getenv("PLINTH_EXPLORE");
#ifdef PLINTH_EXPLORE_A_SAMPLE
  if (size == nullptr) return Size::Small;
#else
  if (size == nullptr) return Size::Usual;
#endif
  if (std::string_view{size} == "small") return Size::Small;
  return std::string_view{size} == "full" ? Size::Full : Size::Usual;
}

template <typename Domain>
struct Transition {
  const typename Domain::State& before;
  const typename Domain::Input& input;
  const typename Domain::Output& output;
  const typename Domain::State& after;
};

template <typename Domain>
struct Property {
  std::string_view name;
  bool (*holds)(const Transition<Domain>&);
};

struct Result {
  std::size_t states = 0;
  std::uint64_t transitions = 0;
  std::string violation;  // the property and the way to it; empty when all held everywhere
};

inline std::uint64_t mixed(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15U;
  return hash ^ (hash >> 29U);
}

template <typename Domain>
class Explorer {
 public:
  using State = typename Domain::State;
  using Input = typename Domain::Input;

  explicit Explorer(const Domain& domain) : domain_{domain} { resize(1U << 16U); }

  Result run() {
    add(domain_.start(), 0, 0);
    // The states found so far are the queue: breadth first, so a counter-example is a shortest one.
    for (std::uint32_t at = 0; at < nodes_.size() && result_.violation.empty(); ++at) expand(at);
    result_.states = nodes_.size();
    return result_;
  }

 private:
  struct Node {
    State state;
    std::uint32_t parent;
    std::uint32_t input;  // that led here from the parent
  };

  void expand(std::uint32_t at) {
    const State before = nodes_[at].state;
    const auto& inputs = domain_.inputs();
    for (std::uint32_t i = 0; i < inputs.size(); ++i) {
      State after = before;
      const auto output = domain_.step(after, inputs[i]);
      ++result_.transitions;
      const Transition<Domain> transition{before, inputs[i], output, after};
      for (const Property<Domain>& property : domain_.properties()) {
        if (property.holds(transition)) continue;
        result_.violation = std::string{property.name} + " does not hold after:\n" + way_to(at) +
                            domain_.words(inputs[i]) + "\n";
        return;
      }
      if (!(after == before)) add(after, at, i);
    }
  }

  std::string way_to(std::uint32_t at) const {
    std::string way;
    for (; at != 0; at = nodes_[at].parent)
      way = domain_.words(domain_.inputs()[nodes_[at].input]) + "\n" + way;
    return way;
  }

  void add(const State& state, std::uint32_t parent, std::uint32_t input) {
    const std::uint64_t hash = domain_.hash(state);
    const auto tag = static_cast<std::uint32_t>(hash >> 32U);
    std::size_t place = hash & mask_;
    for (; slots_[place].node != Empty; place = (place + 1) & mask_)
      if (slots_[place].tag == tag && nodes_[slots_[place].node].state == state) return;
    slots_[place] = {static_cast<std::uint32_t>(nodes_.size()), tag};
    nodes_.push_back({state, parent, input});
    if (nodes_.size() * 2 > slots_.size()) resize(slots_.size() * 2);
  }

  void resize(std::size_t size) {
    slots_.assign(size, {});
    mask_ = size - 1;
    for (std::uint32_t node = 0; node < nodes_.size(); ++node) {
      const std::uint64_t hash = domain_.hash(nodes_[node].state);
      std::size_t place = hash & mask_;
      while (slots_[place].node != Empty) place = (place + 1) & mask_;
      slots_[place] = {node, static_cast<std::uint32_t>(hash >> 32U)};
    }
  }

  static constexpr std::uint32_t Empty = 0xFFFFFFFF;
  struct Slot {
    std::uint32_t node = Empty;
    std::uint32_t tag = 0;
  };

  const Domain& domain_;
  std::vector<Node> nodes_;
  std::vector<Slot> slots_;
  std::size_t mask_ = 0;
  Result result_;
};

template <typename Domain>
Result explore(const Domain& domain) {
  return Explorer<Domain>{domain}.run();
}

}  // namespace plinth::exploration
