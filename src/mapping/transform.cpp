#include "mapping/transform.h"

#include "mapping/transform_rules.h"

namespace cosell {

Value ToCrm(const Transform& transform, const Value& value) {
  if (!value) return std::nullopt;
  return std::visit([&](const auto& each) { return transforms::ToCrm(each, *value); }, transform);
}

Value FromCrm(const Transform& transform, const Value& value) {
  if (!value) return std::nullopt;
  return std::visit([&](const auto& each) { return transforms::FromCrm(each, *value); }, transform);
}

Value ToCrm(const std::vector<Transform>& transforms, Value value) {
  for (const Transform& transform : transforms) value = ToCrm(transform, value);
  return value;
}

Value FromCrm(const std::vector<Transform>& transforms, Value value) {
  for (auto it = transforms.rbegin(); it != transforms.rend(); ++it) value = FromCrm(*it, value);
  return value;
}

bool IsOneWay(const Transform& transform) { return std::holds_alternative<TakePart>(transform); }

}  // namespace cosell
