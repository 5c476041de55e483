// Makes a sequence of requests that shows a difference as small as it can.

const copy = (value) => JSON.parse(JSON.stringify(value));

// Leaves out steps, in ever smaller pieces, but for the last, which shows the difference.
async function fewerSteps(steps, shows) {
  let kept = steps;
  for (let size = kept.length - 1; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = kept.length - 1 - size; at > -size; at -= size) {
      const from = Math.max(at, 0);
      const fewer = [...kept.slice(0, from), ...kept.slice(Math.min(from + size, kept.length - 1))];
      if (fewer.length < kept.length && (await shows(fewer))) kept = fewer;
    }
  }
  return kept;
}

// The paths of all values in a tree, the outer ones first.
function paths(tree, path = [], found = []) {
  if (tree !== null && typeof tree === 'object') {
    for (const key of Object.keys(tree)) {
      found.push([...path, key]);
      paths(tree[key], [...path, key], found);
    }
  }
  return found;
}

function at(tree, path) {
  return path.reduce((value, key) => value?.[key], tree);
}

// The same tree with one value replaced, or left out.
function having(tree, path, value) {
  const made = copy(tree);
  const container = at(made, path.slice(0, -1));
  const key = path.at(-1);
  if (value !== undefined) container[key] = value;
  else if (Array.isArray(container)) container.splice(Number(key), 1);
  else delete container[key];
  return made;
}

// Shorter texts to try for a text.
function* shorter(text) {
  if (text.length > 40) yield text.slice(0, text.length / 2);
  const tokens = text.match(/\s*(?:[#:]?\w+|<>|<=|>=|.)/gsu) ?? [];
  if (tokens.length > 60) return;
  for (let size = Math.ceil(tokens.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let i = 0; i + size <= tokens.length; i++) yield [...tokens.slice(0, i), ...tokens.slice(i + size)].join('').trim();
  }
}

async function smallerBody(steps, which, shows) {
  const replaced = (body) => steps.with(which, { ...steps[which], body });
  let { body } = steps[which];
  for (let changed = true; changed;) {
    changed = false;
    for (const path of paths(body)) {
      if (at(body, path) === undefined) continue;
      const fewer = having(body, path);
      if (await shows(replaced(fewer))) [body, changed] = [fewer, true];
    }
    for (const path of paths(body)) {
      const text = at(body, path);
      if (typeof text !== 'string' || path.at(-1) === 'TableName') continue; // another table would stay behind
      for (const less of shorter(text)) {
        const changedBody = having(body, path, less);
        if (!(await shows(replaced(changedBody)))) continue;
        [body, changed] = [changedBody, true];
        break;
      }
    }
  }
  return replaced(body);
}

/** The steps, fewer and smaller, that `shows(steps)` still is true of; `budget` is how often it may be asked. */
export async function shrink(steps, shows, budget = 250) {
  let left = budget;
  const asked = async (tried) => left-- > 0 && shows(tried);
  let kept = await fewerSteps(steps, asked);
  for (let i = kept.length - 1; i >= 0; i--) kept = await smallerBody(kept, i, asked);
  return kept;
}
