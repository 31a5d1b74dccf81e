// Reads what is pasted: nested lists, as Python writes them, torch prints them or NumPy does.
const WRAPPED = /^(?:\w+\.)*(?:tensor|Tensor|LongTensor|FloatTensor|array)\((.*)\)$/s;
const KEYWORDS = /,\s*[a-z_]+\s*=\s*[^[\]]*$/s; // dtype=torch.float64, grad_fn=<…>
const TOKEN = /\s*(\[|\]|,|[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:e[-+]?\d+)?|[-+]?(?:inf|nan)\b)/iy;

// Returns { shape, values }. Throws an Error whose message is for the reader.
export function readTensor(text, name) {
  const inner = text.trim().match(WRAPPED)?.[1] ?? text;
  const words = inner.replace(KEYWORDS, "").trim();
  if (!words) throw new Error(`${name} is empty: paste nested lists, such as [[4, 3, 2, 10]].`);
  if (/\.\.\.|…/.test(words))
    throw new Error(`${name} has numbers left out at “...”. In Python, ` +
      `torch.set_printoptions(profile="full") prints them all.`);
  const tokens = tokensOf(words, name), values = [];
  let at = 0;
  const shape = tensor();
  if (at < tokens.length)
    throw new Error(`${name} goes on after its last bracket: “${tokens[at]}”.`);
  return { shape, values };

  function tensor() {
    const token = tokens[at++];
    if (token !== "[") {
      if (token === "]") throw new Error(`${name} has a closing bracket too many.`);
      values.push(Number(token.replaceAll("_", "").replace(/inf/i, "Infinity")));
      return [];
    }
    const shapes = [];
    while (tokens[at] !== "]") {
      if (at >= tokens.length) throw new Error(`${name} lacks a closing bracket.`);
      shapes.push(tensor());
    }
    at++;
    if (!shapes.length) throw new Error(`${name} has an empty list: there is no class to choose.`);
    const odd = shapes.find((one) => String(one) !== String(shapes[0]));
    if (odd)
      throw new Error(`${name} is ragged: beside an entry with ${sized(shapes[0])} stands one ` +
        `with ${sized(odd)}.`);
    return [shapes.length, ...shapes[0]];
  }
}

const sized = (shape) => (shape.length ? `shape (${shape.join(", ")})` : "no list");

function tokensOf(words, name) {
  const tokens = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < words.length) {
    const from = TOKEN.lastIndex, found = TOKEN.exec(words);
    if (!found) {
      const odd = words.slice(from).trim().slice(0, 12);
      throw new Error(`${name} holds “${odd}”, which is no number.`);
    }
    if (found[1] !== ",") tokens.push(found[1]);
  }
  return tokens;
}
