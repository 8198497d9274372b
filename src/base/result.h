#pragma once

#include <optional>
#include <stdexcept>
#include <utility>
#include <variant>

#include "base/error.h"

namespace cosell {

// Either a value or an Error. What a remote may answer is a Result; broken invariants and a failing
// local database throw. A value: copy and move it freely.
//
//   Result<RemoteReferral> read = partner_center.Get(id);
//   if (!read) return read.error();
//   Use(*read);
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // Requires ok(); otherwise throws std::logic_error.
  T& value() & { return Check(), std::get<0>(state_); }
  const T& value() const& { return Check(), std::get<0>(state_); }
  T&& value() && { return Check(), std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  // Requires !ok().
  const Error& error() const { return std::get<1>(state_); }

 private:
  void Check() const {
    if (!ok()) throw std::logic_error("Result without a value: " + Describe(error()));
  }
  std::variant<T, Error> state_;
};

// Success without a value.
struct Done {};
using Status = Result<Done>;

}  // namespace cosell
