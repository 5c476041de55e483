// The parameters that expressions replaced, in the place of the expressions of a request.
import { keyValue, oddValue, value } from './values.mjs';
import { names } from './schema.mjs';

const operators = ['EQ', 'NE', 'LE', 'LT', 'GE', 'GT', 'NOT_NULL', 'NULL', 'CONTAINS', 'NOT_CONTAINS', 'BEGINS_WITH', 'IN', 'BETWEEN'];
const ordered = ['S', 'N', 'B'];
const typesOf = {
  LE: ordered, LT: ordered, GE: ordered, GT: ordered, IN: ordered, BETWEEN: ordered, BEGINS_WITH: ['S', 'B'], CONTAINS: [...ordered, 'BOOL', 'NULL'],
  NOT_CONTAINS: [...ordered, 'BOOL', 'NULL'],
};
const typeOf = (given) => Object.keys(given)[0];

export class Legacy {
  /** `odd`: how often something is a little wrong, 0 to 1. */
  constructor(dice, table, odd) {
    this.dice = dice;
    this.table = table;
    this.odd = odd;
  }

  // A value of one of these types (any, without them).
  value(types) {
    const { dice } = this;
    if (dice.chance(this.odd / 4)) return oddValue(dice);
    for (;;) {
      const made = value(dice, types ? 3 : 1);
      if (!types || types.includes(typeOf(made)) || dice.chance(this.odd / 8)) return made;
    }
  }

  list(operator) {
    const { dice } = this;
    const types = typesOf[operator];
    const count = dice.chance(this.odd / 6) ? dice.below(4) : { NULL: 0, NOT_NULL: 0, BETWEEN: 2, IN: 1 + dice.below(3) }[operator] ?? 1;
    if (count === 0) return [];
    const first = this.value(types);
    return [first, ...dice.times(count - 1, () => (dice.chance(this.odd / 6) ? this.value(types) : operator === 'BETWEEN' ? first : this.value([typeOf(first)])))];
  }

  condition() {
    const { dice } = this;
    const operator = dice.of(operators);
    const AttributeValueList = this.list(operator);
    return AttributeValueList.length === 0 && dice.chance(0.5) ? { ComparisonOperator: operator } : { ComparisonOperator: operator, AttributeValueList };
  }

  expectation() {
    const { dice } = this;
    if (dice.chance(this.odd / 8)) return { ...this.condition(), ...dice.of([{ Exists: true }, { Exists: false }, { Value: this.value() }]) };
    switch (dice.below(6)) {
      case 0: return { Exists: dice.chance(this.odd / 4) };
      case 1: return { Value: this.value() };
      case 2: return { Value: this.value(), Exists: !dice.chance(this.odd / 4) };
      default: return this.condition();
    }
  }

  attribute() { return this.dice.chance(this.odd / 6) ? this.dice.of(['', 'm.a', 'pk', 'sk', 'none']) : this.dice.of(names); }

  // { attribute: one, ... }, and how they are joined.
  several(parameter, make) {
    const { dice } = this;
    const conditions = Object.fromEntries(dice.times(1 + dice.below(3), () => [this.attribute(), make()]));
    const joined = Object.keys(conditions).length > 1 ? dice.chance(0.6) : dice.chance(this.odd / 8);
    return { [parameter]: conditions, ...(joined && { ConditionalOperator: dice.of(['AND', 'OR']) }) };
  }

  updates() {
    const { dice } = this;
    const types = { ADD: ['N', 'SS', 'NS', 'BS'], DELETE: ['SS', 'NS', 'BS'] };
    const update = () => {
      const Action = dice.of(['PUT', 'PUT', 'ADD', 'DELETE', undefined]);
      if (Action === 'DELETE' ? dice.chance(0.5) : dice.chance(this.odd / 8)) return { Action };
      return { Action, Value: this.value(types[Action]) };
    };
    return Object.fromEntries(dice.times(1 + dice.below(3), () => [this.attribute(), update()]));
  }

  keyConditions({ hash, range }) {
    const { dice, table } = this;
    const equal = (name) => ({ ComparisonOperator: 'EQ', AttributeValueList: [dice.chance(this.odd / 6) ? this.value() : keyValue(dice, table.types[name], name === 'pk' ? 2 : 3)] });
    const conditions = { [hash]: dice.chance(this.odd / 8) ? this.condition() : equal(hash) };
    if (range && dice.chance(0.55)) {
      const operator = dice.of(['EQ', 'LE', 'LT', 'GE', 'GT', 'BETWEEN']);
      const [a, b] = [keyValue(dice, table.types[range]), keyValue(dice, table.types[range])];
      conditions[range] = dice.chance(this.odd / 8) ? this.condition() : { ComparisonOperator: operator, AttributeValueList: operator === 'BETWEEN' ? [a, dice.chance(this.odd / 4) ? b : a] : [a] };
    }
    return conditions;
  }

  attributesToGet() {
    const { dice } = this;
    const wanted = new Set(dice.times(1 + dice.below(4), () => this.attribute()));
    return dice.chance(this.odd / 8) ? [...wanted, dice.of([...wanted])] : [...wanted];
  }

  /** The request with the old parameters in the place of its expressions. `keys`: what a query's condition is about. */
  instead(operation, body, keys) {
    const { ConditionExpression, FilterExpression, KeyConditionExpression, ProjectionExpression, UpdateExpression, ExpressionAttributeNames, ExpressionAttributeValues, ...rest } = body;
    const old = { ...rest };
    if (ConditionExpression !== undefined) Object.assign(old, this.several('Expected', () => this.expectation()));
    if (FilterExpression !== undefined) Object.assign(old, this.several(operation === 'Query' ? 'QueryFilter' : 'ScanFilter', () => this.condition()));
    if (KeyConditionExpression !== undefined) old.KeyConditions = this.keyConditions(keys);
    if (ProjectionExpression !== undefined) old.AttributesToGet = this.attributesToGet();
    if (UpdateExpression !== undefined) old.AttributeUpdates = this.updates();
    // What only removes makes no item, as on AWS; in DynamoDB Local it makes one, and all that follows would differ.
    if (old.AttributeUpdates && Object.values(old.AttributeUpdates).every(({ Action }) => Action === 'DELETE')) {
      old.Expected = { pk: { ComparisonOperator: 'NOT_NULL' } };
      delete old.ConditionalOperator;
    }
    return old;
  }
}
