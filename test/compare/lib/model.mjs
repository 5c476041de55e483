// What the API's model says of a request: the models that botocore has of DynamoDB and its streams, read with Python. Neither server had a part
// in it, so that it can tell whether a SerializationException or "N validation errors detected" is right.
import { execFileSync } from 'node:child_process';

const read = `
import json
import botocore.loaders
def renamed(tree):
    if isinstance(tree, list):
        return [renamed(element) for element in tree]
    if not isinstance(tree, dict):
        return tree
    return {k: "Streams." + v if k == "shape" and isinstance(v, str) else renamed(v) for k, v in tree.items()}
loader = botocore.loaders.Loader()
model = loader.load_service_model("dynamodb", "service-2")
streams = renamed(loader.load_service_model("dynamodbstreams", "service-2"))
shapes = model["shapes"] | {"Streams." + n: shape for n, shape in streams["shapes"].items()}
operations = model["operations"] | streams["operations"]
print(json.dumps({"operations": {n: o["input"]["shape"] for n, o in operations.items() if "input" in o}, "shapes": shapes}))`;

function load() {
  const model = JSON.parse(execFileSync('python3', ['-c', read], { maxBuffer: 1 << 26, encoding: 'utf8' }));
  for (const { type, members } of Object.values(model.shapes)) {
    // Older models do not know that an ARN may stand for the name of a table.
    if (type === 'structure' && members.TableName?.shape === 'TableName') members.TableName.shape = 'TableArn';
  }
  model.shapes.TableArn ??= { type: 'string', min: 1, max: 1024 };
  // Newer models leave it to the service that a table has keys, and how many: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
  const { CreateTableInput, KeySchema } = model.shapes;
  CreateTableInput.required = ['TableName'];
  CreateTableInput.members.KeySchema.shape = 'TableKeySchema';
  model.shapes.TableKeySchema = { ...KeySchema, max: 2 };
  model.shapes.KeySchema = { ...KeySchema, max: 8 };
  return model;
}

// Read before any server is asked: connections would not outlive the wait.
const model = load();

const VIOLATIONS = 10; // as many are told
const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
const absent = (value) => value === undefined || value === null;

const isInteger = (value, limit) => typeof value === 'number' && Math.trunc(value) >= -limit && Math.trunc(value) < limit;
// As Java's decoder takes it: whole groups of four, and no bits left over in the last.
function isBase64(value) {
  if (typeof value !== 'string' || value.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) return false;
  return Buffer.from(value, 'base64').toString('base64') === value;
}

const fits = {
  string: (value) => typeof value === 'string',
  blob: isBase64,
  boolean: (value) => typeof value === 'boolean',
  integer: (value) => isInteger(value, 2 ** 31),
  long: (value) => isInteger(value, 2 ** 63),
  double: (value) => typeof value === 'number',
  timestamp: (value) => typeof value === 'number',
  structure: isObject,
  map: isObject,
  list: Array.isArray,
};

// Some strings are taken for booleans in attribute values.
const isBoolean = (name, value) => /^(Boolean|Null)AttributeValue$/.test(name) && typeof value === 'string' && /^(true|false|yes|no|1|0)$/i.test(value);

// Whether the JSON types are those of the shape, all the way down.
function typed(name, value) {
  const shape = model.shapes[name];
  if (isBoolean(name, value)) return true;
  if (!fits[shape.type](value)) return false;
  switch (shape.type) {
    case 'structure': return Object.entries(shape.members).every(([member, { shape: of }]) => absent(value[member]) || typed(of, value[member]));
    case 'map': return Object.values(value).every((element) => absent(element) || typed(shape.value.shape, element));
    case 'list': return value.every((element) => absent(element) || typed(shape.member.shape, element));
    default: return true;
  }
}

const first = (name) => name.slice(0, 1).toLowerCase() + name.slice(1);

function bounds(shape, measure, what, place, found) {
  if (shape.min !== undefined && measure < shape.min && shape.min > 0) found.push([place, `Member must have ${what} greater than or equal to ${shape.min}`]);
  if (shape.min === 0 && measure < 0) found.push([place, `Member must have ${what} greater than or equal to 0`]);
  if (shape.max !== undefined && measure > shape.max) found.push([place, `Member must have ${what} less than or equal to ${shape.max}`]);
}

function checkMap(shape, value, place, found) {
  const [key, element] = [model.shapes[shape.key.shape], model.shapes[shape.value.shape]];
  bounds(shape, Object.keys(value).length, 'length', place, found);
  for (const name of Object.keys(value)) {
    const length = Buffer.byteLength(name);
    if (length < (key.min ?? 0) || length > (key.max ?? Infinity) || (key.pattern && !new RegExp(`^${key.pattern}$`).test(name))) found.push([place, 'Map keys must satisfy constraint']);
    if (element.type === 'list' && !absent(value[name]) && (value[name].length < (element.min ?? 0) || value[name].length > (element.max ?? Infinity))) {
      found.push([place, 'Map value must satisfy constraint']);
    }
  }
  for (const [name, inner] of Object.entries(value)) {
    if (!absent(inner)) check(shape.value.shape, inner, `${place}.${name}.member`, found, true);
  }
}

// Gathers [place, rule] of what violates the shape's constraints. The bounds of a list in a map are told of the map.
function check(name, value, place, found, inMap = false) {
  const shape = model.shapes[name];
  if (name === 'AttributeValue') return;
  switch (shape.type) {
    case 'string':
      if (shape.pattern && !new RegExp(`^(?:${shape.pattern})$`, 'u').test(value)) found.push([place, `Member must satisfy regular expression pattern: ${shape.pattern}`]);
      bounds(shape, Buffer.byteLength(value), 'length', place, found);
      if (shape.enum && !shape.enum.includes(value)) found.push([place, 'Member must satisfy enum value set']);
      break;
    case 'integer': case 'long': bounds(shape, Math.trunc(value), 'value', place, found); break;
    case 'structure':
      for (const [member, { shape: of }] of Object.entries(shape.members)) {
        const at = place ? `${place}.${first(member)}` : first(member);
        if (!absent(value[member])) check(of, value[member], at, found);
        else if (shape.required?.includes(member)) found.push([at, 'Member must not be null']);
      }
      break;
    case 'map': checkMap(shape, value, place, found); break;
    case 'list':
      if (!inMap) bounds(shape, value.length, 'length', place, found);
      value.forEach((element, i) => {
        const at = `${place}.${i + 1}.member`;
        if (!absent(element)) check(shape.member.shape, element, at, found);
        else if (model.shapes[shape.member.shape].type !== 'map' && shape.member.shape !== 'AttributeValue') found.push([at, 'Member must not be null']);
      });
      break;
    default:
  }
}

/** null if the model has nothing against the request; otherwise { type, violations }, violations: ["place: rule", ...], sorted. */
export function objection(operation, body) {
  const input = model.operations[operation];
  if (input === undefined) return null;
  if (!isObject(body) || !typed(input, body)) return { type: 'SerializationException' };
  const found = [];
  check(input, body, '', found);
  return found.length === 0 ? null : { type: 'ValidationException', violations: found.map(([place, rule]) => `${place}: ${rule}`).sort() };
}

/** Whether an answer is what the objection says. */
export function tells({ type, violations }, { status, body }) {
  if (status !== 400 || !body?.__type?.endsWith(`#${type}`)) return false;
  if (!violations) return true;
  const told = [...(body.message ?? '').matchAll(/ at '((?:[^']|'(?! failed))*)' failed to satisfy constraint: (Map \w+ must satisfy constraint|Member must satisfy enum value set|Member must [^;]*)/g)].map(([, place, rule]) => `${place}: ${rule}`);
  const count = Number(/^(\d+) validation errors? detected: /.exec(body.message ?? '')?.[1]);
  if (count !== Math.min(violations.length, VIOLATIONS) || told.length !== count) return false;
  return told.every((text) => violations.includes(text));
}
