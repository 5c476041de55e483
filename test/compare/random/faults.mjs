// Faults of form: members missing, too many, null, of another JSON type, out of bounds.

const deep = (tree) => JSON.parse(JSON.stringify(tree));

// All places in a tree: [[container, key], ...].
function places(tree, found = []) {
  if (tree !== null && typeof tree === 'object') {
    for (const key of Object.keys(tree)) {
      found.push([tree, key]);
      places(tree[key], found);
    }
  }
  return found;
}

const others = [null, true, false, 0, 1, -1, 1.5, 1e20, '', 'x', 'ab', '1', 'true', [], {}, [1], ['a'], [null], { a: 1 }, { S: 'a' }, [{ S: 'a' }], { N: 1 }, { S: { S: 'a' } }];

function changed(dice, given) {
  if (typeof given === 'string' && dice.chance(0.5)) {
    return dice.of(['', given.toLowerCase(), given.toUpperCase(), `${given} `, `${given}é`, given.repeat(2), 'x'.repeat(256), 'x'.repeat(1025), given.slice(0, 2)]);
  }
  if (typeof given === 'number' && dice.chance(0.7)) return dice.of([0, -1, 1, 1.5, 1e6, 1000001, 2 ** 31, 2 ** 63, 1e30, -0.5]);
  if (Array.isArray(given) && dice.chance(0.5)) return dice.of([[], [...given, ...given], Array(101).fill(given[0]), [...given, null]]);
  return dice.of(others);
}

/** A copy of a request's body with one fault of form. */
export function withFault(dice, body) {
  const tree = deep(body);
  const top = dice.chance(0.5);
  const choice = places(tree).filter(([container]) => !top || container === tree);
  if (choice.length === 0) return tree;
  const [container, key] = dice.of(choice);
  const list = Array.isArray(container);
  switch (dice.below(6)) {
    case 0:
      if (list) container.splice(Number(key), 1);
      else delete container[key];
      break;
    case 1: container[key] = null; break;
    case 2:
      if (list) container.push(dice.of(others));
      else container[dice.of(['Unknown', 'tableName', 'S', 'N', 'x', ''])] = dice.of(others);
      break;
    default: container[key] = changed(dice, container[key]);
  }
  return tree;
}
