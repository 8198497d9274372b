#include "tools/sandbox/salesforce/soql_where.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "tools/sandbox/salesforce/value.h"

namespace cosell::sandbox::salesforce {
namespace {

using Kind = SoqlLiteral::Kind;

[[noreturn]] void ThrowLiteral(const Field& field) {
  throw ServiceError(400, "INVALID_FIELD",
                     "value of filter criterion for field '" + field.name + "' must be of type " +
                         std::string(TypeName(field.type)) + " and should " +
                         (IsText(field.type) ? "" : "not ") + "be enclosed in quotes");
}

[[noreturn]] void ThrowOperator(const Field& field, const std::string& op) {
  throw ServiceError(400, "INVALID_QUERY_FILTER_OPERATOR",
                     "invalid operator '" + op + "' on field '" + field.name + "'");
}

Value IdLiteral(const Field& field, const SoqlLiteral& literal) {
  if (literal.kind != Kind::string) ThrowLiteral(field);
  const auto id = FullId(literal.text);
  if (id) return *id;
  throw ServiceError(400, "INVALID_QUERY_FILTER_OPERATOR", "invalid ID field: " + literal.text);
}

Value NumberLiteral(const Field& field, const SoqlLiteral& literal) {
  if (literal.kind != Kind::number) ThrowLiteral(field);
  const std::string text = literal.text.starts_with('+') ? literal.text.substr(1) : literal.text;
  double number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end != text.data() + text.size()) ThrowLiteral(field);
  return number;
}

Value TimeLiteral(const ReadContext& context, const Field& field, const SoqlLiteral& literal) {
  if (field.type == FieldType::date) {
    if (literal.kind != Kind::date || !IsDate(literal.text)) ThrowLiteral(field);
    return literal.text;
  }
  const auto at = literal.kind == Kind::datetime
                      ? ParseDatetime(literal.text, context.database.switches().lenient_datetimes)
                      : std::nullopt;
  if (!at) ThrowLiteral(field);
  return StampText(*at);
}

// The literal as a value of the field.
Value LiteralValue(const ReadContext& context, const Field& field, const SoqlLiteral& literal) {
  if (literal.kind == Kind::null) return {};
  if (field.type == FieldType::id || field.type == FieldType::reference) {
    return IdLiteral(field, literal);
  }
  if (IsNumber(field.type)) return NumberLiteral(field, literal);
  if (field.type == FieldType::date || field.type == FieldType::datetime) {
    return TimeLiteral(context, field, literal);
  }
  if (field.type == FieldType::boolean) {
    if (literal.kind != Kind::boolean) ThrowLiteral(field);
    return literal.text == "true";
  }
  if (literal.kind != Kind::string) ThrowLiteral(field);
  return literal.text.empty() ? Value{} : Value{literal.text};
}

bool Satisfies(const std::string& op, int order) {
  if (op == "=") return order == 0;
  if (op == "!=") return order != 0;
  if (op == "<") return order < 0;
  if (op == "<=") return order <= 0;
  return op == ">" ? order > 0 : order >= 0;
}

// Reads the field of a row; what every test begins with.
std::function<Value(const Row&)> Reader(const ReadContext& context, const Table& table,
                                        const FieldPath& path) {
  return [&database = context.database, &table, path](const Row& row) {
    return ReadPath(database, table, row, path);
  };
}

RowTest SimpleTest(const ReadContext& context, const Table& table, const FieldPath& path,
                   const std::string& op, const SoqlLiteral& literal) {
  const Field& field = path.table->type().fields[path.field];
  const Value wanted = LiteralValue(context, field, literal);
  if (IsNull(wanted) && op != "=" && op != "!=") ThrowOperator(field, op);
  return [read = Reader(context, table, path), wanted, op, &field](const Row& row) {
    const Value value = read(row);
    if (IsNull(value) || IsNull(wanted)) {
      return (IsNull(value) && IsNull(wanted)) ? op == "=" : op == "!=";
    }
    return Satisfies(op, CompareValues(field, value, wanted));
  };
}

// TODAY and its like: a span of days by the server's clock.
RowTest DaysTest(const ReadContext& context, const Table& table, const FieldPath& path,
                 const std::string& op, const SoqlLiteral& literal) {
  const Field& field = path.table->type().fields[path.field];
  const bool date = field.type == FieldType::date;
  if (!date && field.type != FieldType::datetime) ThrowLiteral(field);
  const auto day = [&](int offset, const char* time) {
    const std::string text =
        FormatSeconds(context.database.Now() + std::chrono::hours{24 * offset}).substr(0, 10);
    return Value{date ? text : text + time};
  };
  return [read = Reader(context, table, path), op, &field,
          first = day(literal.first_day, "T00:00:00.000+0000"),
          last = day(literal.last_day, "T23:59:59.000+0000")](const Row& row) {
    const Value value = read(row);
    if (IsNull(value)) return op == "!=";
    const bool before = CompareValues(field, value, first) < 0;
    const bool after = CompareValues(field, value, last) > 0;
    if (op == "=" || op == "!=") return (op == "=") == (!before && !after);
    if (op == "<") return before;
    if (op == ">") return after;
    return op == "<=" ? !after : !before;
  };
}

RowTest LikeTest(const ReadContext& context, const Table& table, const FieldPath& path,
                 const SoqlLiteral& literal) {
  const Field& field = path.table->type().fields[path.field];
  if (!IsText(field.type)) ThrowOperator(field, "like");
  if (literal.kind != Kind::string) ThrowLiteral(field);
  return [read = Reader(context, table, path), pattern = FoldCase(literal.text)](const Row& row) {
    const Value value = read(row);
    const auto* text = std::get_if<std::string>(&value);
    return text != nullptr && MatchesLike(FoldCase(*text), pattern);
  };
}

RowTest ListTest(const ReadContext& context, const Table& table, const FieldPath& path,
                 const SoqlCondition& condition) {
  std::vector<RowTest> tests;
  for (const auto& literal : condition.literals) {
    tests.push_back(SimpleTest(context, table, path, "=", literal));
  }
  return [tests, negated = condition.op == "not in"](const Row& row) {
    return std::any_of(tests.begin(), tests.end(), [&](const auto& t) { return t(row); }) !=
           negated;
  };
}

// INCLUDES ('a;b', 'c'): a and b, or c.
RowTest ChoiceTest(const ReadContext& context, const Table& table, const FieldPath& path,
                   const SoqlCondition& condition) {
  const Field& field = path.table->type().fields[path.field];
  if (field.type != FieldType::multipicklist) ThrowOperator(field, condition.op);
  std::vector<std::vector<std::string>> groups;
  for (const auto& literal : condition.literals) {
    if (literal.kind != Kind::string) ThrowLiteral(field);
    groups.push_back(Split(FoldCase(literal.text), ';'));
  }
  return [read = Reader(context, table, path), groups,
          negated = condition.op == "excludes"](const Row& row) {
    const Value value = read(row);
    const auto* text = std::get_if<std::string>(&value);
    const auto chosen = text == nullptr ? std::vector<std::string>{} : Split(FoldCase(*text), ';');
    const auto has = [&](const std::string& one) {
      return std::find(chosen.begin(), chosen.end(), one) != chosen.end();
    };
    const bool any = std::any_of(groups.begin(), groups.end(), [&](const auto& group) {
      return std::all_of(group.begin(), group.end(), has);
    });
    return any != negated;
  };
}

}  // namespace

int CompareValues(const Field& field, const Value& left, const Value& right) {
  if (left.index() != right.index()) return left.index() < right.index() ? -1 : 1;
  if (const auto* a = std::get_if<double>(&left)) {
    const double b = std::get<double>(right);
    return *a < b ? -1 : *a > b ? 1 : 0;
  }
  if (const auto* a = std::get_if<std::string>(&left)) {
    const auto& b = std::get<std::string>(right);
    const int order = IsText(field.type) ? FoldCase(*a).compare(FoldCase(b)) : a->compare(b);
    return order < 0 ? -1 : order > 0 ? 1 : 0;
  }
  return left < right ? -1 : right < left ? 1 : 0;
}

RowTest CompareTest(const ReadContext& context, const Table& table, const FieldPath& path,
                    const SoqlCondition& condition) {
  const Field& field = path.table->type().fields[path.field];
  const std::string& op = condition.op;
  const SoqlLiteral& literal = condition.literals.front();
  if (field.type == FieldType::multipicklist && literal.kind == Kind::null) {
    return SimpleTest(context, table, path, op, literal);
  }
  if (op == "like") return LikeTest(context, table, path, literal);
  if (op == "in" || op == "not in") return ListTest(context, table, path, condition);
  if (op == "includes" || op == "excludes") return ChoiceTest(context, table, path, condition);
  if (literal.kind == Kind::days) return DaysTest(context, table, path, op, literal);
  return SimpleTest(context, table, path, op, literal);
}

RowTest MemberTest(const ReadContext& context, const Table& table, const FieldPath& path,
                   std::set<std::string> ids, bool negated) {
  return [read = Reader(context, table, path), ids = std::move(ids), negated](const Row& row) {
    const Value value = read(row);
    const auto* id = std::get_if<std::string>(&value);
    return (id != nullptr && ids.contains(*id)) != negated;
  };
}

}  // namespace cosell::sandbox::salesforce
