// What mutated sources call. Every place that can be mutated carries its number; the environment names the
// one that is wrong in this run (PLINTH_MUTANT, 0: none), so that one build serves them all.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <concepts>
#include <cstdlib>
#include <initializer_list>
#include <limits>
#include <type_traits>
#include <utility>

namespace plinth::mutant {

// Whether place `number` is the one that is wrong; notes that it was reached.
bool is(int number);
// Notes that this place has no such mutant: the types forbid it, or nobody could tell.
void inapplicable(int number);

// --- a constant: half as large again, half as large; by one at least ---
template <typename T>
T constant(int number, T value) {
  const bool up = is(number);
  const bool down = is(number + 1);
  const T half = static_cast<T>(value / T{2});
  const T change = std::is_integral_v<T> && half < T{1} ? T{1} : half;
  return static_cast<T>(up ? value + change : down ? value - change : value);
}
inline bool flipped(int number, bool value) {
  return is(number) != value;
}

// --- a condition: always, never ---
inline bool condition(int number, bool value) {
  const bool always = is(number);
  const bool never = is(number + 1);
  return always || (value && !never);
}

// --- a && b && …, a || b || …: the other operator at one place, or one operand left out ---
template <bool And, typename First, typename... Rest>
bool chain(int number, First first, Rest... rest) {
  // Numbers: an operand left out for each operand, then an operator turned for each operator.
  constexpr int Count = 1 + static_cast<int>(sizeof...(rest));
  int at = 0;
  const auto operand = [&](auto& each) {
    if (is(number + at)) return And;  // the neutral element
    return static_cast<bool>(each());
  };
  bool result = operand(first);
  const auto join = [&](auto& each) {
    ++at;
    const bool is_and = is(number + Count + at - 1) != And;
    if (result != is_and) return;  // short cut
    result = operand(each);
  };
  (join(rest), ...);
  return result;
}

// --- !x, −x: left out ---
struct Not {
  int number;
};
template <typename T>
bool operator->*(Not place, const T& value) {
  return is(place.number) == static_cast<bool>(value);
}
struct Minus {
  int number;
};
template <typename T>
auto operator->*(Minus place, const T& value) -> decltype(-value) {
  if constexpr (std::same_as<std::decay_t<decltype(-value)>, std::decay_t<decltype(+value)>>)
    return is(place.number) ? +value : -value;
  else
    return is(place.number) ? value : -value;
}

// --- a < b: the boundary moved, the direction turned ---
// A boundary can be hit by what is counted; a measured real number never equals a threshold.
template <typename T>
struct IsCounted : std::bool_constant<std::is_integral_v<T> || std::is_enum_v<T>> {};
template <typename R, typename P>
struct IsCounted<std::chrono::duration<R, P>> : std::is_integral<R> {};
template <typename C, typename D>
struct IsCounted<std::chrono::time_point<C, D>> : IsCounted<D> {};

struct Less {
  int number;
};
struct LessEqual {
  int number;
};
struct Greater {
  int number;
};
struct GreaterEqual {
  int number;
};
struct Equal {
  int number;
};
struct NotEqual {
  int number;
};
struct Add {
  int number;
};
struct Subtract {
  int number;
};
struct Multiply {
  int number;
};
struct Divide {
  int number;
};
struct Remainder {
  int number;
};
template <typename A, typename Operator>
struct Left {
  const A& value;
  int number;
};

template <typename A>
bool boundary(int number) {
  if constexpr (IsCounted<A>::value) return is(number);
  inapplicable(number);
  return false;
}

#define PLINTH_BINDS(SYMBOL, OPERATOR)                          \
  template <typename A>                                         \
  Left<A, OPERATOR> operator SYMBOL(const A & a, OPERATOR op) { \
    return {a, op.number};                                      \
  }
PLINTH_BINDS(<, Less)
PLINTH_BINDS(<=, LessEqual)
PLINTH_BINDS(>, Greater)
PLINTH_BINDS(>=, GreaterEqual)
PLINTH_BINDS(==, Equal)
PLINTH_BINDS(!=, NotEqual)
PLINTH_BINDS(+, Add)
PLINTH_BINDS(-, Subtract)
PLINTH_BINDS(*, Multiply)
PLINTH_BINDS(/, Divide)
PLINTH_BINDS(%, Remainder)
#undef PLINTH_BINDS

template <typename A, typename B>
bool operator<(Left<A, Less> a, const B& b) {
  const bool edge = boundary<A>(a.number);
  return is(a.number + 1) ? !(a.value < b) : edge ? a.value <= b : a.value < b;
}
template <typename A, typename B>
bool operator<=(Left<A, LessEqual> a, const B& b) {
  const bool edge = boundary<A>(a.number);
  return is(a.number + 1) ? !(a.value <= b) : edge ? a.value < b : a.value <= b;
}
template <typename A, typename B>
bool operator>(Left<A, Greater> a, const B& b) {
  const bool edge = boundary<A>(a.number);
  return is(a.number + 1) ? !(a.value > b) : edge ? a.value >= b : a.value > b;
}
template <typename A, typename B>
bool operator>=(Left<A, GreaterEqual> a, const B& b) {
  const bool edge = boundary<A>(a.number);
  return is(a.number + 1) ? !(a.value >= b) : edge ? a.value > b : a.value >= b;
}
template <typename A, typename B>
bool operator==(Left<A, Equal> a, const B& b) {
  return is(a.number) ? !(a.value == b) : a.value == b;
}
template <typename A, typename B>
bool operator!=(Left<A, NotEqual> a, const B& b) {
  return is(a.number) ? a.value == b : a.value != b;
}

// --- a + b: the other of its pair, where the result is of the same kind ---
#define PLINTH_SWAPS(SYMBOL, OPERATOR, OTHER)                                                          \
  template <typename A, typename B>                                                                    \
  auto operator SYMBOL(Left<A, OPERATOR> a, const B& b)->decltype(std::declval<const A&>() SYMBOL b) { \
    if constexpr (requires {                                                                           \
                    { a.value OTHER b } -> std::same_as<decltype(std::declval<const A&>() SYMBOL b)>;  \
                  }) {                                                                                 \
      if (is(a.number)) return a.value OTHER b;                                                        \
    } else {                                                                                           \
      inapplicable(a.number);                                                                          \
    }                                                                                                  \
    return a.value SYMBOL b;                                                                           \
  }
PLINTH_SWAPS(+, Add, -)
PLINTH_SWAPS(-, Subtract, +)
PLINTH_SWAPS(*, Multiply, /)
PLINTH_SWAPS(/, Divide, *)
PLINTH_SWAPS(%, Remainder, *)
#undef PLINTH_SWAPS

// --- the calls that limits are made of ---
template <typename T>
T min(int number, const T& a, const T& b) {
  return is(number) ? std::max(a, b) : std::min(a, b);
}
template <typename T>
T max(int number, const T& a, const T& b) {
  return is(number) ? std::min(a, b) : std::max(a, b);
}
template <typename T>
T min(int number, std::initializer_list<T> values) {
  return is(number) ? std::max(values) : std::min(values);
}
template <typename T>
T max(int number, std::initializer_list<T> values) {
  return is(number) ? std::min(values) : std::max(values);
}
template <typename T>
T clamp(int number, const T& value, const std::type_identity_t<T>& low, const std::type_identity_t<T>& high) {
  const bool no_low = is(number);
  const bool no_high = is(number + 1);
  T result = value;
  if (!no_low && result < low) result = low;
  if (!no_high && high < result) result = high;
  return result;
}
inline double floor(int number, double value) {
  return is(number) ? std::ceil(value) : std::floor(value);
}
inline long lround(int number, double value) {
  return is(number) ? static_cast<long>(std::floor(value)) : std::lround(value);
}

}  // namespace plinth::mutant
